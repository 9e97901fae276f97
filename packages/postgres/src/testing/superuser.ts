import pg from 'pg';

/** Work on a short connection of the superuser. */
export async function withSuperuser<T>(superuser_url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: superuser_url, application_name: 'souk testing', connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
