import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLimiter } from './limiter.ts';

/** Work that goes on until it is told to end. */
function aWork() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { run: () => promise, end: resolve };
}

describe('a limiter', () => {
  it('lets few in at once, in the order they came, and turns away whom it has no room for', async () => {
    const limiter = createLimiter({ running_max: 2, waiting_max: 1, wait_ms_max: 60_000 });
    const works = [aWork(), aWork(), aWork()];
    const runs = works.map(({ run }) => limiter.run(run));
    assert.deepEqual(limiter.load(), { running: 2, waiting: 1 });
    await assert.rejects(limiter.run(aWork().run), { code: 'overloaded' });
    works[1]?.end();
    await runs[1];
    assert.deepEqual(limiter.load(), { running: 2, waiting: 0 });
    for (const { end } of works) end();
    await Promise.all(runs);
    assert.deepEqual(limiter.load(), { running: 0, waiting: 0 });
  });

  it('turns away who waited too long, and gives the place of a failure to the next', async () => {
    const limiter = createLimiter({ running_max: 1, waiting_max: 5, wait_ms_max: 1 });
    const work = aWork();
    const first = limiter.run(work.run);
    await assert.rejects(limiter.run(aWork().run), { code: 'overloaded' });
    const failing = limiter.run(async () => {
      throw new Error('it cannot be hashed');
    });
    work.end();
    await first;
    await assert.rejects(failing);
    assert.deepEqual(limiter.load(), { running: 0, waiting: 0 });
  });

  it('gives a place to who takes it at once, and takes it back once', () => {
    const limiter = createLimiter({ running_max: 1, overloaded: () => new RangeError('full') });
    const release = limiter.take();
    assert.throws(() => limiter.take(), RangeError);
    release();
    release();
    assert.deepEqual(limiter.load(), { running: 0, waiting: 0 });
    limiter.take();
    assert.throws(() => limiter.take(), RangeError);
  });
});
