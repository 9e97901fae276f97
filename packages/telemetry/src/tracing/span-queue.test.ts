import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Log, type Metrics, manualClock, pause, silentLog, silentMetrics } from '@souk/kernel';
import { createSpanQueue } from './span-queue.ts';

interface Bench {
  counts: Record<string, number>;
  lines: string[];
  put(spans: number): void;
  close(limit_ms: number): Promise<void>;
}

function aQueue(
  deliver: (spans: readonly number[], signal: AbortSignal) => Promise<void>,
  timeout_ms = 60_000,
): Bench & { clock: { advance(ms: number): void } } {
  const counts: Record<string, number> = {};
  const lines: string[] = [];
  const metrics: Metrics = {
    ...silentMetrics,
    count: (_name, labels = {}, by = 1) => {
      const outcome = String(labels['outcome']);
      counts[outcome] = (counts[outcome] ?? 0) + by;
    },
  };
  const note = (_fields: object, message: string): void => void lines.push(message);
  const log: Log = { ...silentLog, info: note, warn: note };
  const clock = manualClock();
  const queue = createSpanQueue<number>({
    deliver,
    timeout_ms,
    address: 'collector',

    clock,
    log,
    metrics,
    gather_ms: 1,
  });
  return {
    counts,
    lines,
    clock,
    put: (spans) => {
      for (let span = 0; span < spans; span += 1) queue.put(span);
    },
    close: (limit_ms) => queue.close(limit_ms),
  };
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries += 1) {
    assert.ok(tries < 2_000, 'it never came to hold');
    await pause(2);
  }
}

test('spans leave in batches, one delivery at a time, and each is counted', async () => {
  let at_once = 0;
  const sizes: number[] = [];
  const queue = aQueue(async (spans) => {
    at_once += 1;
    assert.equal(at_once, 1);
    await pause(1);
    sizes.push(spans.length);
    at_once -= 1;
  });
  queue.put(1_300);
  await until(() => queue.counts['exported'] === 1_300);
  assert.deepEqual(sizes, [512, 512, 276]);
  await queue.close(1_000);
  assert.deepEqual(queue.counts, { exported: 1_300 });
});

test('a collector that hangs holds a queue and one batch, and what comes beyond is dropped and counted', async () => {
  let calls = 0;
  const queue = aQueue((_spans, signal) => {
    calls += 1;
    return hang(signal);
  });
  queue.put(512);
  await until(() => calls === 1);
  queue.put(10_000);
  assert.equal(queue.counts['dropped'], 10_000 - 2_048);
  await queue.close(50);
  assert.deepEqual(queue.counts, { dropped: 10_000, failed: 512 });
  assert.equal(calls, 1);
});

test('a delivery that takes too long has failed', async () => {
  const queue = aQueue((_spans, signal) => hang(signal), 20);
  queue.put(1);
  await until(() => queue.counts['failed'] === 1);
  await queue.close(50);
});

test('a collector that failed is left alone for a while, however much there is to tell', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let calls = 0;
  const queue = aQueue(async () => {
    calls += 1;
    throw new Error('refused');
  });
  const pass = async (ms: number): Promise<void> => {
    queue.clock.advance(ms);
    t.mock.timers.tick(ms);
    await new Promise(setImmediate);
  };
  queue.put(1);
  await pass(1);
  assert.equal(calls, 1);
  queue.put(600);
  await pass(400);
  assert.equal(calls, 1);
  await pass(601);
  assert.equal(calls, 2);
});

test('one line says that the collector is away, one that it is back', async () => {
  let away = true;
  const queue = aQueue(async () => {
    if (away) throw new Error('refused');
  });
  for (let failures = 1; failures <= 3; failures += 1) {
    queue.put(1);
    await until(() => queue.counts['failed'] === failures);
    queue.clock.advance(60_000);
  }
  away = false;
  queue.put(1);
  await until(() => queue.counts['exported'] === 1);
  assert.deepEqual(queue.lines, ['traces cannot be delivered; they are dropped until the collector answers', 'traces are delivered again']);
  await queue.close(100);
});

test('the end delivers what is left, and takes nothing more', async () => {
  const got: number[] = [];
  const queue = aQueue(async (spans) => void got.push(spans.length));
  queue.put(3);
  await queue.close(1_000);
  queue.put(2);
  assert.deepEqual(got, [3]);
  assert.deepEqual(queue.counts, { exported: 3, dropped: 2 });
});

function hang(signal: AbortSignal): Promise<void> {
  return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('given up')), { once: true }));
}
