import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSampled, isTraceparent, spanIdOf, traceIdOf, unsampledTraceparent } from './trace-context.ts';

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
