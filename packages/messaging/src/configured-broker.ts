import { refusal } from '@souk/contracts';
import { type Log, systemClock, systemIds } from '@souk/kernel';
import { migrate } from '@souk/postgres';
import type { Broker } from './broker.ts';
import { embeddedBrokerMigrations, openEmbeddedBroker } from './embedded/embedded-broker.ts';

/** The broker a process is configured for: the embedded one at `broker_url`. Refuses with `config_invalid` when none is named. */
export async function openConfiguredBroker(config: { broker_url?: string }, log: Log): Promise<Broker> {
  if (config.broker_url === undefined) throw refusal('config_invalid', 'BROKER_URL is missing: the database of the embedded broker.');
  await migrate({ url: config.broker_url, folders: [embeddedBrokerMigrations], log });
  return openEmbeddedBroker({ url: config.broker_url, log, clock: systemClock, ids: systemIds });
}
