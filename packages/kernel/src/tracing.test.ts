import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  carriedSpan,
  failureOf,
  isSampled,
  isTraceparent,
  joined,
  type Span,
  type SpanStart,
  silentTracer,
  spanIdOf,
  startJoined,
  type Tracer,
  traced,
  traceIdOf,
  unsampledTraceparent,
} from './index.ts';

const trace_id = '0af7651916cd43dd8448eb211c80319c';
const at = (span: number, flags = '01'): string => `00-${trace_id}-${String(span).padStart(16, '0')}-${flags}`;

test('a trace context is what W3C says, and nothing else', () => {
  for (const good of [at(1), at(1, '00'), at(1, 'ff'), unsampledTraceparent()]) assert.equal(isTraceparent(good), true, good);
  for (const bad of [
    '',
    '00',
    at(0),
    at(1).toUpperCase(),
    `01${at(1).slice(2)}`,
    `${at(1)}-x`,
    `00-${'0'.repeat(32)}-${'1'.repeat(16)}-01`,
  ])
    assert.equal(isTraceparent(bad), false, bad);
  assert.equal(traceIdOf(at(7)), trace_id);
  assert.equal(spanIdOf(at(7)), '0000000000000007');
});

test('sampled is the lowest bit of the flags, and only of a valid context', () => {
  for (let flags = 0; flags < 256; flags += 1) {
    const text = flags.toString(16).padStart(2, '0');
    assert.equal(isSampled(at(1, text)), flags % 2 === 1, text);
  }
  for (const bad of [undefined, '', `${'x'.repeat(54)}1`, at(0), at(1).toUpperCase().replace('00-0AF', '00-0AG')])
    assert.equal(isSampled(bad), false, String(bad));
  assert.equal(isSampled(unsampledTraceparent()), false);
});

test('what is not recorded hands on the context it was given, or one that is new each time', () => {
  assert.equal(silentTracer.start('work', { parent: at(3) }).traceparent, at(3));
  const made = [carriedSpan(undefined), carriedSpan(undefined)].map((span) => span.traceparent);
  assert.ok(made.every(isTraceparent));
  assert.notEqual(made[0], made[1]);
});

interface Told {
  name: string;
  start: SpanStart;
  failed?: string;
  ended: number;
}

/** A tracer that writes down what it is told. */
function recorder(): { tracer: Tracer; told: Told[] } {
  const told: Told[] = [];
  return {
    told,
    tracer: {
      active: true,
      start(name, start = {}): Span {
        const span: Told = { name, start, ended: 0 };
        told.push(span);
        return {
          traceparent: at(100 + told.length),
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
  const { tracer, told } = recorder();
  for (const parent of [undefined, at(1, '00'), 'nonsense'])
    assert.equal(await traced(tracer, 'work', { parent }, async (span) => span), undefined);
  assert.equal(startJoined(tracer, { name: 'work', parents: [undefined, at(1, '00')] }).of(1), undefined);
  assert.deepEqual(told, []);
});

test('work that throws fails its span with a code, never with its message', async () => {
  const { tracer, told } = recorder();
  const error = Object.assign(new Error('the card 4242 is empty'), { code: 'card_empty' });
  await assert.rejects(
    traced(tracer, 'charge', { parent: at(1) }, () => Promise.reject(error)),
    error,
  );
  assert.deepEqual(told, [{ name: 'charge', start: { parent: at(1) }, failed: 'card_empty', ended: 1 }]);
  assert.equal(failureOf(new TypeError('x')), 'TypeError');
  assert.equal(failureOf('x'), 'unknown');
});

test('joined work is a span in each recorded trace and one that links them', async () => {
  const { tracer, told } = recorder();
  await joined(tracer, { name: 'settle', parents: [at(1), at(2, '00'), at(3)] }, async (spans) => {
    assert.deepEqual([spans.of(0)?.traceparent, spans.of(1), spans.of(2)?.traceparent], [at(102), undefined, at(103)]);
  });
  const [whole, first, last] = told;
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
  assert.ok(told.every((span) => span.ended === 1 && span.failed === undefined));
});

test('work joined by one alone is one span', () => {
  const { tracer, told } = recorder();
  startJoined(tracer, { name: 'settle', parents: [at(1)] }).end();
  assert.equal(told.length, 1);
});

test('joined work that throws fails every span of it', async () => {
  const { tracer, told } = recorder();
  const work = { name: 'settle', parents: [at(1), at(2)] };
  await assert.rejects(
    joined(tracer, work, () => Promise.reject(new RangeError('no'))),
    RangeError,
  );
  assert.deepEqual(
    told.map(({ failed, ended }) => [failed, ended]),
    [
      ['RangeError', 1],
      ['RangeError', 1],
      ['RangeError', 1],
    ],
  );
});
