import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSampled } from './sampled.ts';

/** A value whose answers are given by hand, on a clock that is moved by hand. */
function aValue() {
  let now_ms = 0;
  const questions: { answer(value: number): void; fail(): void }[] = [];
  const sampled = createSampled<number>({
    ask: () => {
      const { promise, resolve, reject } = Promise.withResolvers<number>();
      questions.push({ answer: resolve, fail: () => reject(new Error('away')) });
      return promise;
    },
    every_ms: 5_000,
    wait_ms: 20,
    now: () => now_ms,
  });
  return { sampled, questions, pass: (ms: number) => (now_ms += ms) };
}

test('ten who ask at once make one question, and all get its answer', async () => {
  const { sampled, questions } = aValue();
  const reads = Array.from({ length: 10 }, () => sampled.read());
  assert.equal(questions.length, 1);
  questions[0]?.answer(7);
  assert.deepEqual(
    await Promise.all(reads),
    Array.from({ length: 10 }, () => 7),
  );
  assert.equal(await sampled.read(), 7);
  assert.equal(questions.length, 1, 'it is fresh for five seconds');
});

test('it is asked again when it is wanted and old, and not before', async () => {
  const { sampled, questions, pass } = aValue();
  assert.equal(questions.length, 0, 'nobody wants to know');
  const first = sampled.read();
  questions[0]?.answer(1);
  await first;
  pass(4_999);
  assert.equal(await sampled.read(), 1);
  assert.equal(questions.length, 1);
  pass(1);
  const second = sampled.read();
  questions[1]?.answer(2);
  assert.equal(await second, 2);
});

test('a question that takes long is asked seldom: at most a twentieth of the time', async () => {
  const { sampled, questions, pass } = aValue();
  const first = sampled.read();
  pass(1_000);
  questions[0]?.answer(1);
  await first;
  pass(19_999);
  assert.equal(await sampled.read(), 1);
  assert.equal(questions.length, 1);
  pass(1);
  void sampled.read();
  assert.equal(questions.length, 2);
});

test('nobody waits for an answer that does not come, and the last one is told only while it can be true', async () => {
  const { sampled, questions, pass } = aValue();
  const first = sampled.read();
  questions[0]?.answer(1);
  await first;
  pass(5_000);
  assert.equal(await sampled.read(), 1, 'the question hangs; the last answer is five seconds old');
  pass(11_000);
  assert.equal(await sampled.read(), undefined, 'too old');
  assert.equal(questions.length, 2, 'one question hangs, no second one is put beside it');
  assert.equal(sampled.age_s(), 16);
  questions[1]?.fail();
  await new Promise((resolve) => setImmediate(resolve));
  pass(2_000_000);
  const again = sampled.read();
  questions[2]?.answer(3);
  assert.equal(await again, 3);
  assert.equal(sampled.age_s(), 0);
});

test('a failure is not told as an answer, and does not reject', async () => {
  const { sampled, questions, pass } = aValue();
  const first = sampled.read();
  questions[0]?.fail();
  assert.equal(await first, undefined);
  pass(5_000);
  assert.equal(sampled.age_s(), 5);
});
