/** The address of a RabbitMQ: what the client connects with, and what may be shown of it. */
import { refusal } from '@souk/contracts';

export interface RabbitAddress {
  /** For the client, with password. */
  url: string;
  /** For people and logs, without password. */
  shown: string;
}

/** A broker that hangs is noticed after two of these at most. */
const heartbeatSeconds = 10;

/** Reads an `amqp://user:password@host:port/vhost` address. Refuses with `config_invalid`, without repeating the address. */
export function rabbitAddress(url: string): RabbitAddress {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^amqps?:$/.test(parsed.protocol) || parsed.hostname === '')
    throw refusal('config_invalid', 'AMQP_URL is not an address like amqp://user:password@host:5672/vhost.');
  const shown = new URL(parsed.href);
  shown.password = '';
  shown.search = '';
  if (!parsed.searchParams.has('heartbeat')) parsed.searchParams.set('heartbeat', String(heartbeatSeconds));
  return { url: parsed.href, shown: shown.href };
}
