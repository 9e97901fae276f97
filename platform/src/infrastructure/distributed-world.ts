/** The distributed world inside one process: the same services on RabbitMQ and Redis, for tests and benchmarks. */
import type { ServiceName } from '@souk/contracts';
import { openSharedRegistry } from '@souk/gateway';
import type { Clock, IdSource, Log } from '@souk/kernel';
import { openRabbitBroker } from '@souk/messaging';
import { openSharedParts } from '@souk/service-kit';
import type { DatabaseName } from '../plan/databases.ts';
import type { World } from './embedded-world.ts';

export interface DistributedWorldOptions {
  home: string;
  database_urls: Readonly<Record<DatabaseName, string>>;
  amqp_url: string;
  redis_url: string;
  log: Log;
  clock: Clock;
  ids: IdSource;
  /** How long after an outage a queue does not count as drained. */
  settling_ms?: number;
}

/** How long a registration holds in the registry all gateways share. */
const leaseMs = 30_000;

/** Opens the connections; neither broker nor Redis needs to be there yet. */
export async function openDistributedWorld(options: DistributedWorldOptions): Promise<World> {
  const { home, database_urls, amqp_url, redis_url, log, clock, ids, settling_ms } = options;
  const broker = await openRabbitBroker({ url: amqp_url, log, clock, ids, ...(settling_ms === undefined ? {} : { settling_ms }) });
  const [services, gateway] = await Promise.all([
    openSharedParts({ redis_url }, log),
    openSharedRegistry({ redis_url, lease_ms: leaseMs }, log),
  ]);
  return {
    home,
    database_urls,
    broker,
    env: { AMQP_URL: amqp_url, REDIS_URL: redis_url },
    partsOf: (name: ServiceName) => (name === 'gateway' ? gateway.overrides : name in database_urls ? services.overrides : {}),
    async stop() {
      await broker.close();
      services.close();
      gateway.close();
    },
  };
}
