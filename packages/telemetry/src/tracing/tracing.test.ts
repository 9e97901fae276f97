import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTraceparent } from '@souk/kernel';
import { carriedSpan, failureOf, joined, type Span, type SpanStart, silentTracer, startJoined, type Tracer, traced } from './index.ts';

const trace_id = '0af7651916cd43dd8448eb211c80319c';
const at = (span: number, flags = '01'): string => `00-${trace_id}-${String(span).padStart(16, '0')}-${flags}`;

test('what is not recorded hands on the context it was given, or one that is new each time', () => {
  assert.equal(silentTracer.start('work', { parent: at(3) }).traceparent, at(3));
  const made = [carriedSpan(undefined), carriedSpan(undefined)].map((span) => span.traceparent);
  assert.ok(made.every(isTraceparent));
  assert.notEqual(made[0], made[1]);
});

interface Reported {
  name: string;
  start: SpanStart;
  failed?: string;
  ended: number;
}

/** A tracer that writes down what it is told. */
function recorder(): { tracer: Tracer; reported: Reported[] } {
  const reported: Reported[] = [];
  return {
    reported,
    tracer: {
      active: true,
      start(name, start = {}): Span {
        const span: Reported = { name, start, ended: 0 };
        reported.push(span);
        return {
          traceparent: at(100 + reported.length),
          sampled: true,
          set: () => undefined,
          fail(reason) {
            span.failed = reason;
          },
          end() {
            span.ended += 1;
          },
        };
      },
    },
  };
}

test('work below a parent that is not sampled makes no span', async () => {
  const { tracer, reported } = recorder();
  for (const parent of [undefined, at(1, '00'), 'nonsense'])
    assert.equal(await traced(tracer, 'work', { parent }, async (span) => span), undefined);
  assert.equal(startJoined(tracer, { name: 'work', parents: [undefined, at(1, '00')] }).of(1), undefined);
  assert.deepEqual(reported, []);
});

test('work that throws fails its span with a code, never with its message', async () => {
  const { tracer, reported } = recorder();
  const error = Object.assign(new Error('the card 4242 is empty'), { code: 'card_empty' });
  await assert.rejects(
    traced(tracer, 'charge', { parent: at(1) }, () => Promise.reject(error)),
    error,
  );
  assert.deepEqual(reported, [{ name: 'charge', start: { parent: at(1) }, failed: 'card_empty', ended: 1 }]);
  assert.equal(failureOf(new TypeError('x')), 'TypeError');
  assert.equal(failureOf('x'), 'unknown');
});

test('joined work is a span in each recorded trace and one that links them', async () => {
  const { tracer, reported } = recorder();
  await joined(tracer, { name: 'settle', parents: [at(1), at(2, '00'), at(3)] }, async (spans) => {
    assert.deepEqual([spans.of(0)?.traceparent, spans.of(1), spans.of(2)?.traceparent], [at(102), undefined, at(103)]);
  });
  const [whole, first, last] = reported;
  assert.deepEqual(whole?.start.links, [at(1), at(3)]);
  assert.equal(whole?.start.parent, undefined);
  assert.equal(whole?.start.attributes?.['souk.batch_size'], 3);
  for (const [member, parent] of [
    [first, at(1)],
    [last, at(3)],
  ] as const) {
    assert.equal(member?.start.parent, parent);
    assert.deepEqual(member?.start.links, [at(101)]);
  }
  assert.ok(reported.every((span) => span.ended === 1 && span.failed === undefined));
});

test('work joined by one alone is one span', () => {
  const { tracer, reported } = recorder();
  startJoined(tracer, { name: 'settle', parents: [at(1)] }).end();
  assert.equal(reported.length, 1);
});

test('joined work that throws fails every span of it', async () => {
  const { tracer, reported } = recorder();
  const work = { name: 'settle', parents: [at(1), at(2)] };
  await assert.rejects(
    joined(tracer, work, () => Promise.reject(new RangeError('no'))),
    RangeError,
  );
  assert.deepEqual(
    reported.map(({ failed, ended }) => [failed, ended]),
    [
      ['RangeError', 1],
      ['RangeError', 1],
      ['RangeError', 1],
    ],
  );
});
