import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createQueuePosition } from './queue-position.ts';

test('a queue is read from the lower of the last two looks, and from the start before there were two', () => {
  const position = createQueuePosition();
  const after = [50, 70, 90, 60, 80].map((oldest_id) => {
    position.seen(oldest_id);
    return position.from();
  });
  assert.deepEqual(after, [0, 50, 70, 60, 60]);
});
