import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { until } from '@souk/platform/testing';
import { readSpans } from '@souk/trace-receiver';
import { type SpanToWrite, writeSpans } from '@souk/trace-receiver/testing';
import { createTraceWatch } from '../src/trace/trace-watch.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const traceOf = (number: number): string => String(number).padStart(32, '0');
const aSpan = (trace: number, span: number, name: string, parent?: number): SpanToWrite => ({
  trace_id: traceOf(trace),
  span_id: String(span).padStart(16, '0'),
  ...(parent === undefined ? {} : { parent_id: String(parent).padStart(16, '0') }),
  name,
  service: 'orders',
});

test('souk trace prints a trace as a tree once it has ended, and stops when it is told to', async () => {
  const child = spawn(process.execPath, [main, 'trace', '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const exited = once(child, 'exit');
  try {
    await until(() => (output.includes('npm start') ? undefined : 'it says nothing'), 20_000);
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0];
    const body = Uint8Array.from(writeSpans([aSpan(1, 1, 'POST /api/orders'), aSpan(1, 2, 'place orders', 1)]));
    const answer = await fetch(`${url}/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/x-protobuf' }, body });
    assert.equal(answer.status, 200);
    await until(() => (output.includes('└─ place orders') ? undefined : output), 20_000);
  } finally {
    child.kill('SIGINT');
  }
  assert.deepEqual(await exited, [0, null]);
});

test('souk trace refuses what is no port', async () => {
  const child = spawn(process.execPath, [main, 'trace', '--port', 'many'], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  assert.deepEqual(await once(child, 'close'), [64, null]);
  assert.match(said, /--port <port>' argument 'many' is invalid/);
});

test('a trace is printed when it has been quiet, again when it goes on, and only if it is asked for', () => {
  const spans = readSpans(
    writeSpans([
      aSpan(1, 1, 'POST /api/orders'),
      aSpan(1, 2, 'place orders', 1),
      aSpan(2, 1, 'GET /api/products'),
      aSpan(2, 2, 'x', 1),
      aSpan(3, 1, 'batch'),
    ]),
  );
  const receiver = { trace: (trace_id: string) => spans.filter((span) => span.trace_id === trace_id) };
  const orders = createTraceWatch({ only: 'POST /api/orders', all: false });
  orders.received(spans, 0);
  assert.deepEqual(orders.ended(2_000, receiver), []);
  assert.equal(orders.ended(3_000, receiver).length, 1);
  assert.deepEqual(orders.ended(9_000, receiver), []);
  orders.received(spans.slice(1, 2), 10_000);
  assert.equal(orders.ended(13_000, receiver).length, 1);
  const counted = (all: boolean): number => {
    const watch = createTraceWatch({ only: '', all });
    watch.received(spans, 0);
    return watch.ended(3_000, receiver).length;
  };
  assert.deepEqual([counted(false), counted(true)], [2, 3]);
});
