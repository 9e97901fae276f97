import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createLinkedList, type ListNode, required } from './index.ts';

test('values leave a list from anywhere, in any order, and once', () => {
  const list = createLinkedList<number>();
  assert.equal(list.first(), undefined);
  const links = [1, 2, 3, 4].map((value) => list.add(value));
  const [one, two, three, four] = links as [ListNode<number>, ListNode<number>, ListNode<number>, ListNode<number>];
  assert.deepEqual(list.values(), [1, 2, 3, 4]);
  assert.equal(list.remove(two), true);
  assert.equal(list.remove(two), false, 'it is not there any more');
  assert.deepEqual([list.values(), list.size, list.first()], [[1, 3, 4], 3, 1]);
  assert.equal(list.remove(one), true);
  assert.equal(list.remove(four), true);
  assert.deepEqual([list.values(), list.size, list.first()], [[3], 1, 3]);
  list.add(5);
  assert.equal(list.remove(three), true);
  assert.deepEqual([list.values(), list.size, list.first()], [[5], 1, 5]);
  assert.deepEqual([list.shift(), list.shift(), list.size], [5, undefined, 0]);
});

test('what was removed is kept by nothing, also behind values that have grown old', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options: { type: 'major' | 'minor' }) => void;
  const list = createLinkedList<number[]>();
  const waiting: ListNode<number[]>[] = [];
  const pass = (count: number): void => {
    for (let passed = 0; passed < count; passed += 1) {
      waiting.push(list.add(new Array<number>(1_000).fill(passed)));
      if (waiting.length > 8) list.remove(required(waiting.shift(), 'a node'));
    }
  };
  pass(100);
  // What is in the list now is left to the next full collection.
  collect({ type: 'major' });
  const before = process.memoryUsage().heapUsed;
  for (let round = 0; round < 20; round += 1) {
    pass(100);
    collect({ type: 'minor' });
  }
  const kept_mb = (process.memoryUsage().heapUsed - before) / 1_048_576;
  // All that passed is 15 MB.
  assert.ok(kept_mb < 3, `${kept_mb.toFixed(1)} MB are kept`);
});
