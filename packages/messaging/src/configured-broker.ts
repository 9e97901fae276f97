import { refusal } from '@souk/contracts';
import { type Log, systemClock, systemIds } from '@souk/kernel';
import { migrate } from '@souk/postgres';
import type { Broker } from './broker.ts';
import { embeddedBrokerMigrations, openEmbeddedBroker } from './embedded/embedded-broker.ts';
import { openRabbitBroker } from './rabbitmq/rabbit-broker.ts';

/**
 * The broker a process is configured for: RabbitMQ at `amqp_url`, which may be away for now, else the embedded one at
 * `broker_url`. Refuses with `config_invalid` when neither is named.
 */
export async function openConfiguredBroker(
  config: { amqp_url?: string; broker_url?: string; installation?: string },
  log: Log,
): Promise<Broker> {
  const { amqp_url, broker_url, installation } = config;
  if (amqp_url !== undefined)
    return openRabbitBroker({
      url: amqp_url,
      ...(installation !== undefined && { installation }),
      log,
      clock: systemClock,
      ids: systemIds,
    });
  if (broker_url === undefined)
    throw refusal('config_invalid', 'AMQP_URL and BROKER_URL are missing: RabbitMQ, or the database of the embedded broker.');
  await migrate({ url: broker_url, folders: [embeddedBrokerMigrations], log });
  return openEmbeddedBroker({ url: broker_url, log, clock: systemClock, ids: systemIds });
}
