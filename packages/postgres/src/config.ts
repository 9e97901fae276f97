import { freemem, tmpdir } from 'node:os';

const memoryFolder = '/dev/shm';

/** What tests are configured with from outside: `SOUK_TEST_POSTGRES_URL`, a superuser's URL of a server to use, makes them start none of their own. */
export function testConfig(): {
  server_url: string | undefined;
  temp_folder: string;
  /** Where Linux keeps files in memory. */
  memory_folder: string;
  free_memory_bytes: number;
} {
  const server_url = process.env.SOUK_TEST_POSTGRES_URL || undefined;
  return { server_url, temp_folder: tmpdir(), memory_folder: memoryFolder, free_memory_bytes: freemem() };
}
