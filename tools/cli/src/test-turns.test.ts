import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { filesMax, mayBegin, startTestTurns } from './test-turns.ts';

test('two run in any case, more only while cores are idle, and never more than the most', () => {
  assert.deepEqual(
    [mayBegin(0, 0), mayBegin(1, 0), mayBegin(2, 0), mayBegin(2, 0.39), mayBegin(2, 0.4), mayBegin(filesMax - 1, 1), mayBegin(filesMax, 1)],
    [true, true, false, false, true, true, false],
  );
});

test('turns are given in the order of asking; one that ends makes place for the next', async (t) => {
  let idle_share = 0;
  const turns = await startTestTurns(() => idle_share);
  t.after(() => turns.close());
  const asked: Socket[] = [];
  const order: number[] = [];
  const noted: Promise<void>[] = [];
  for (const number of [0, 1, 2, 3]) {
    const socket = connect(turns.address);
    asked.push(socket);
    noted.push(once(socket, 'data').then(() => void order.push(number)));
    await once(socket, 'connect');
  }
  await Promise.all(noted.slice(0, 2));
  assert.deepEqual(order, [0, 1], 'the machine is busy');
  asked[0]?.destroy();
  await noted[2];
  idle_share = 1;
  await noted[3];
  assert.deepEqual(order, [0, 1, 2, 3]);
});
