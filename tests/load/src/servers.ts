/** PostgreSQL, RabbitMQ and Redis of a trial alone: named to the platform by URLs, so that it is the trial that stops and starts them. */
import { join } from 'node:path';
import { silentLog } from '@souk/kernel';
import { startEmbeddedPostgres } from '@souk/local-servers/postgres';
import { type LocalRabbitMq, startLocalRabbitMq } from '@souk/local-servers/rabbitmq';
import { type LocalRedis, startLocalRedis } from '@souk/local-servers/redis';
import { databaseNames, extensionsOf } from '@souk/platform';

export interface Servers {
  rabbit: LocalRabbitMq;
  redis: LocalRedis;
  postgres: { pid(): number | undefined; restart(): Promise<void> };
  database_urls: Readonly<Record<string, string>>;
  /** AMQP_URL, REDIS_URL and the URL of each database. */
  env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const connectionsMax = '200';

export async function startServers(folder: string): Promise<Servers> {
  const postgresOptions = { home: join(folder, 'server'), log: silentLog, settings: { max_connections: connectionsMax } };
  const starting = [
    startEmbeddedPostgres(postgresOptions),
    startLocalRabbitMq({ folder: join(folder, 'rabbitmq'), log: silentLog, environment: process.env }),
    startLocalRedis({ folder: join(folder, 'redis'), log: silentLog, appendonly: true }),
  ] as const;
  const failed = (await Promise.allSettled(starting)).find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) {
    // What did start would outlive the trial.
    await Promise.allSettled([
      starting[0].then((one) => one.stop()),
      starting[1].then((one) => one.close()),
      starting[2].then((one) => one.stop()),
    ]);
    throw failed.reason;
  }
  const [firstPostgres, rabbit, redis] = await Promise.all(starting);
  let postgres = firstPostgres;
  const database_urls: Record<string, string> = {};
  for (const name of databaseNames.filter((each) => each !== 'broker'))
    database_urls[name] = await postgres.ensureDatabase(name, { extensions: extensionsOf(name) });
  const databases = Object.entries(database_urls).map(([name, url]) => [`${name.toUpperCase()}_DATABASE_URL`, url] as const);
  return {
    rabbit,
    redis,
    postgres: {
      pid: () => postgres.pid,
      async restart() {
        const { port } = postgres;
        await postgres.stop();
        postgres = await startEmbeddedPostgres({ ...postgresOptions, port });
      },
    },
    database_urls,
    env: { ...Object.fromEntries(databases), AMQP_URL: rabbit.url, REDIS_URL: redis.url },
    async close() {
      await Promise.all([rabbit.close(), redis.stop()]);
      await postgres.stop();
    },
  };
}
