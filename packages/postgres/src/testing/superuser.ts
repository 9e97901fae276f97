import { createKeyedMutex } from '@souk/kernel';
import pg from 'pg';

const timeoutMs = 10_000;
const waitingMax = 1_000;
const inTurn = createKeyedMutex({ waiting_max: waitingMax });
/** What the types of the package lack. */
type KeptClient = pg.Client & { ref(): void; unref(): void };
/** One for each server while it lives; it keeps no process alive. */
const kept = new Map<string, KeptClient>();

/**
 * Work on the connection of the superuser that this process keeps, one after the other: a new connection costs the server as much as a copy
 * of a small database. The work leaves the session as it was.
 */
export function withKeptSuperuser<T>(superuser_url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  return inTurn(superuser_url, async () => {
    const client = kept.get(superuser_url) ?? (await keep(superuser_url));
    client.ref();
    try {
      return await work(client);
    } finally {
      client.unref();
    }
  });
}

async function keep(superuser_url: string): Promise<KeptClient> {
  const client = (await connect(superuser_url)) as KeptClient;
  const forget = (): void => {
    if (kept.get(superuser_url) === client) kept.delete(superuser_url);
  };
  client.on('error', forget).on('end', forget);
  kept.set(superuser_url, client);
  return client;
}

/** Work on a short connection of the superuser: inside a database that is to be renamed or dropped, or with settings of its own. */
export async function withSuperuser<T>(superuser_url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connect(superuser_url);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function connect(superuser_url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: superuser_url, application_name: 'souk testing', connectionTimeoutMillis: timeoutMs });
  await client.connect();
  return client;
}
