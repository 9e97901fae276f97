/** The process as its operator starts it. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

test('a process without a broker says which variable is missing, in one line', async () => {
  const env = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', INTERNAL_TOKEN: 'x7'.repeat(32), GATEWAY_URL: '' };
  const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>((resolve) => {
    execFile(process.execPath, [main], { env }, (error, _stdout, text) => resolve({ code: error?.code, stderr: text }));
  });
  assert.equal(code, 1);
  assert.equal(stderr, 'config_invalid: AMQP_URL and BROKER_URL are missing: RabbitMQ, or the database of the embedded broker.\n');
});
