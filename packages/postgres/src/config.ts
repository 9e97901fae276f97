import { tmpdir } from 'node:os';

/** What tests are configured with from outside: `SOUK_TEST_POSTGRES_URL`, a superuser's URL of a server to use, makes them start none of their own. */
export function testConfig(): { server_url: string | undefined; temp_folder: string } {
  return { server_url: process.env.SOUK_TEST_POSTGRES_URL || undefined, temp_folder: tmpdir() };
}
