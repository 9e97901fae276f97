import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createHashingLane } from './hashing-lane.ts';

/** Work that goes on until it is told to end. */
function aWork() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { run: () => promise, end: resolve };
}

describe('the lane of password hashes', () => {
  it('lets few in at once, in the order they came, and turns away whom it has no room for', async () => {
    const lane = createHashingLane({ running_max: 2, waiting_max: 1, wait_ms_max: 60_000 });
    const works = [aWork(), aWork(), aWork()];
    const runs = works.map(({ run }) => lane.run(run));
    assert.deepEqual(lane.load(), { running: 2, waiting: 1 });
    await assert.rejects(lane.run(aWork().run), { code: 'overloaded' });
    works[1]?.end();
    await runs[1];
    assert.deepEqual(lane.load(), { running: 2, waiting: 0 });
    for (const { end } of works) end();
    await Promise.all(runs);
    assert.deepEqual(lane.load(), { running: 0, waiting: 0 });
  });

  it('turns away who waited too long, and gives the place of a failure to the next', async () => {
    const lane = createHashingLane({ running_max: 1, waiting_max: 5, wait_ms_max: 1 });
    const work = aWork();
    const first = lane.run(work.run);
    await assert.rejects(lane.run(aWork().run), { code: 'overloaded' });
    const failing = lane.run(async () => {
      throw new Error('it cannot be hashed');
    });
    work.end();
    await first;
    await assert.rejects(failing);
    assert.deepEqual(lane.load(), { running: 0, waiting: 0 });
  });
});
