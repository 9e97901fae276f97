import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { AppError, silentLog } from '@souk/kernel';
import { openDatabase } from './index.ts';
import { startPatience } from './start-patience.ts';

/** Seconds after the start at which the error is worth another attempt. */
function worthIt(error: unknown): number[] {
  let now_ms = 0;
  const isPassing = startPatience(() => now_ms);
  return [0, 29, 31, 119, 121].filter((seconds) => {
    now_ms = seconds * 1_000;
    return isPassing(error);
  });
}

/** What a service sees at such an address. */
async function errorAt(t: TestContext, port: number): Promise<unknown> {
  const url = `postgres://shop:secret@127.0.0.1:${port}/shop`;
  const db = openDatabase({ url, application_name: 'test', pool_max: 1, connect_timeout_ms: 100, log: silentLog });
  t.after(() => db.close());
  return db.ping().then(
    () => undefined,
    (error: unknown) => error,
  );
}

test('a server that takes connections and is too slow is waited for longer than one that is away', async (t) => {
  const open = new Set<Socket>();
  const slow = createServer((socket) => void open.add(socket));
  await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
  const { port } = slow.address() as AddressInfo;
  const busy = await errorAt(t, port);
  assert.deepEqual(worthIt(busy), [0, 29, 31, 119], String((busy as Error).cause));
  for (const socket of open) socket.destroy();
  await new Promise((resolve) => slow.close(resolve));
  assert.deepEqual(worthIt(await errorAt(t, port)), [0, 29], 'nothing listens there');
});

test('what no waiting helps is not waited for', () => {
  assert.deepEqual(worthIt(new AppError('pooler_unsupported', 'A pooler stands before the database.')), []);
  assert.deepEqual(worthIt(new TypeError('undefined is not a function')), []);
});
