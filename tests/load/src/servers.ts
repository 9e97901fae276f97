/** PostgreSQL, RabbitMQ and Redis of a trial alone: named to the platform by URLs, so that it is the trial that stops and starts them. */
import { join } from 'node:path';
import { databaseNames, extensionsOf } from '@souk/constellation';
import { silentLog } from '@souk/kernel';
import { type PrivateRabbit, startPrivateRabbit } from '@souk/messaging';
import { startEmbeddedPostgres } from '@souk/postgres/embedded';
import { type PrivateRedis, startPrivateRedis } from '@souk/redis/private';

export interface Servers {
  rabbit: PrivateRabbit;
  redis: PrivateRedis;
  database_urls: Readonly<Record<string, string>>;
  /** AMQP_URL, REDIS_URL and the URL of each database. */
  env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const connectionsMax = '200';

export async function startServers(folder: string): Promise<Servers> {
  const [postgres, rabbit, redis] = await Promise.all([
    startEmbeddedPostgres({ home: join(folder, 'server'), log: silentLog, settings: { max_connections: connectionsMax } }),
    startPrivateRabbit({ folder: join(folder, 'rabbitmq'), log: silentLog, environment: process.env }),
    startPrivateRedis({ folder: join(folder, 'redis'), log: silentLog, appendonly: true }),
  ]);
  const database_urls: Record<string, string> = {};
  for (const name of databaseNames.filter((each) => each !== 'broker'))
    database_urls[name] = await postgres.ensureDatabase(name, { extensions: extensionsOf(name) });
  const databases = Object.entries(database_urls).map(([name, url]) => [`${name.toUpperCase()}_DATABASE_URL`, url] as const);
  return {
    rabbit,
    redis,
    database_urls,
    env: { ...Object.fromEntries(databases), AMQP_URL: rabbit.url, REDIS_URL: redis.url },
    async close() {
      await Promise.all([rabbit.close(), redis.stop()]);
      await postgres.stop();
    },
  };
}
