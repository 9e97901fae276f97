import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSingleFlight } from './single-flight.ts';

test('who asks while a run is under way gets that run, and who asks later a new one', async () => {
  let runs = 0;
  const gate = Promise.withResolvers<void>();
  const flight = createSingleFlight(async () => {
    runs += 1;
    await gate.promise;
    return runs;
  });
  const both = [flight.run(), flight.run()];
  gate.resolve();
  assert.deepEqual(await Promise.all(both), [1, 1]);
  assert.equal(flight.current(), undefined);
  assert.equal(await flight.run(), 2);
});

test('work that ends at once, or throws at once, leaves no settled run behind', async () => {
  let runs = 0;
  const ending = createSingleFlight(() => ++runs);
  assert.equal(await ending.run(), 1);
  assert.equal(await ending.run(), 2);

  let throws = 0;
  const throwing = createSingleFlight<number>(() => {
    throws += 1;
    if (throws === 1) throw new Error('at once');
    return throws;
  });
  await assert.rejects(throwing.run(), /at once/);
  assert.equal(throwing.current(), undefined);
  assert.equal(await throwing.run(), 2);
});

test('a run asked for again while one ends begins after it, once for all who ask', async () => {
  const waiting = [1];
  const drained: number[][] = [];
  const flight = createSingleFlight(async () => {
    drained.push(waiting.splice(0));
    await Promise.resolve();
    if (drained.length === 1) {
      waiting.push(2, 3);
      void flight.again();
      void flight.again();
    }
  });
  await flight.run();
  await flight.current();
  assert.deepEqual(drained, [[1], [2, 3]]);
  assert.equal(flight.current(), undefined);
});

test('a run asked for again in the finally of one that fails still takes place', async () => {
  let runs = 0;
  let last: Promise<void> | undefined;
  const flight = createSingleFlight(async () => {
    runs += 1;
    try {
      if (runs === 1) throw new Error('the first fails');
    } finally {
      if (runs === 1) last = flight.again();
    }
  });
  await assert.rejects(flight.run(), /the first fails/);
  await last;
  assert.equal(runs, 2);
});
