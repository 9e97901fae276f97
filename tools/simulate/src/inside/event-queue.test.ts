import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '@souk/prove/random';
import { EventQueue } from './event-queue.ts';

test('what is due first comes first, and of the same moment what was planned first', () => {
  const random = createRandom('queue');
  const queue = new EventQueue();
  const planned = Array.from({ length: 500 }, (_, number) => {
    const incident = { due_ms: random.between(0, 50), number, cancelled: false, run: () => undefined };
    queue.push(incident);
    return incident;
  });
  const wanted = planned.toSorted((one, other) => one.due_ms - other.due_ms || one.number - other.number);
  const came = planned.map(() => queue.pop());
  assert.deepEqual(came, wanted);
  assert.equal(queue.pop(), undefined);
});
