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

/**
 * Reads `amqp://user:password@host:port/vhost` addresses, separated by commas: nodes of one cluster. Refuses with `config_invalid`,
 * without repeating an address.
 */
export function rabbitAddresses(urls: string): RabbitAddress[] {
  return urls.split(',').map((url) => rabbitAddress(url.trim()));
}

/** The same in a random order, so that the processes of an installation spread over the nodes. `random` gives numbers from 0 to below 1. */
export function shuffled<T>(list: readonly T[], random: () => number): T[] {
  return list
    .map((item) => ({ item, at: random() }))
    .sort((left, right) => left.at - right.at)
    .map(({ item }) => item);
}

function rabbitAddress(url: string): RabbitAddress {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^amqps?:$/.test(parsed.protocol) || parsed.hostname === '')
    throw refusal(
      'config_invalid',
      'AMQP_URL is not an address like amqp://user:password@host:5672/vhost, or several separated by commas.',
    );
  const shown = new URL(parsed.href);
  shown.password = '';
  shown.search = '';
  if (!parsed.searchParams.has('heartbeat')) parsed.searchParams.set('heartbeat', String(heartbeatSeconds));
  return { url: parsed.href, shown: shown.href };
}
