import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { AppError } from '@souk/kernel';
import { readSpans, startTraceReceiver, type TraceReceiver, treesOf, treeText } from '@souk/trace-receiver';
import { type SpanToWrite, writeSpans } from '@souk/trace-receiver/testing';

const trace_id = '0af7651916cd43dd8448eb211c80319c';
const id = (number: number): string => String(number).padStart(16, '0');
const aSpan = (number: number, over: Partial<SpanToWrite> = {}): SpanToWrite => ({
  trace_id,
  span_id: id(number),
  name: `work ${number}`,
  service: 'orders',
  started_ms: 1_700_000_000_000.25 + number,
  duration_ms: 1.5,
  ...over,
});
const protobuf = { 'content-type': 'application/x-protobuf' };

describe('a message', () => {
  it('is read with everything a tree is made of', () => {
    const written = aSpan(2, {
      parent_id: id(1),
      kind: 'consumer',
      failed: true,
      attributes: { text: 'ü', whole: 3, below: -7, half: 0.5, yes: true },
      links: [{ trace_id, span_id: id(9) }],
      instance_id: 'orders-2',
    });
    assert.deepEqual(readSpans(writeSpans([written])), [written]);
    const [first] = readSpans(writeSpans([aSpan(1)]));
    assert.deepEqual(
      [first?.parent_id, first?.kind, first?.failed, first?.attributes, first?.links],
      [undefined, 'internal', false, {}, []],
    );
  });

  it('that is none is refused, however it is broken', () => {
    const whole = writeSpans([aSpan(1, { attributes: { text: 'x' } })]);
    for (let end = 1; end < whole.length; end += 1) {
      // A message that ends between two fields is a shorter message.
      try {
        readSpans(whole.subarray(0, end));
      } catch (error) {
        assert.ok(error instanceof AppError && error.code === 'otlp_invalid', `cut at ${end}: ${String(error)}`);
      }
    }
    for (const bytes of [[0x0a, 0x05, 0x01], [0x0b], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]])
      assert.throws(() => readSpans(Uint8Array.from(bytes)), AppError);
  });
});

describe('the receiver', () => {
  let receiver: TraceReceiver;
  before(async () => {
    receiver = await startTraceReceiver({ port: 0, traces_max: 3 });
  });
  after(() => receiver.close());
  const post = (body: Uint8Array<ArrayBuffer> | string, path = '/v1/traces', init: RequestInit = {}): Promise<Response> =>
    fetch(receiver.url + path, { method: 'POST', headers: protobuf, body, ...init });
  const bytes = (spans: readonly SpanToWrite[]): Uint8Array<ArrayBuffer> => Uint8Array.from(writeSpans(spans));

  it('gathers what belongs to one trace, from several messages, and forgets the oldest traces', async () => {
    assert.equal((await post(bytes([aSpan(1)]))).status, 200);
    assert.equal((await post(bytes([aSpan(2)]))).status, 200);
    assert.equal(receiver.trace(trace_id).length, 2);
    const others = [1, 2, 3].map((number) => aSpan(number, { trace_id: String(number).padStart(32, '0') }));
    await post(bytes(others));
    assert.deepEqual(receiver.trace(trace_id), []);
    assert.equal(receiver.spans().length, 3);
  });

  it('says what is wrong with a request', async () => {
    const refusals = [
      await post('nonsense'),
      await post('', '/v1/metrics'),
      await post('', '/v1/traces', { headers: { 'content-type': 'application/json' } }),
      await fetch(`${receiver.url}/v1/traces`),
    ];
    assert.deepEqual(
      refusals.map(({ status }) => status),
      [400, 404, 415, 405],
    );
    for (const refusal of refusals) assert.match(await refusal.text(), /^[A-Z].*\.$/);
  });

  it('says that its port is taken', async () => {
    const port = Number(new URL(receiver.url).port);
    await assert.rejects(startTraceReceiver({ port }), (error) => error instanceof AppError && error.code === 'port_taken');
  });
});

describe('the tree of a trace', () => {
  it('shows what happened within what, in order of time, whatever came first', () => {
    const spans = readSpans(
      writeSpans([
        aSpan(3, {
          parent_id: id(1),
          name: 'later',
          service: 'payments',
          failed: true,
          attributes: { 'souk.attempt': 2, 'error.type': 'card_empty' },
        }),
        aSpan(2, { parent_id: id(1), name: 'earlier' }),
        aSpan(4, { parent_id: id(2), name: 'below', links: [{ trace_id: 'f'.repeat(32), span_id: id(7) }] }),
        aSpan(1, { name: 'POST /api/orders', duration_ms: 20, attributes: { 'http.response.status_code': 201 } }),
      ]),
    );
    assert.deepEqual(
      treesOf(spans)[0]?.children.map(({ span }) => span.name),
      ['earlier', 'later'],
    );
    assert.equal(
      treeText(spans),
      `POST /api/orders, trace ${trace_id}: 4 spans, 2 services, 20.0 ms
    begin      took
      0.0      20.0 ms  orders    POST /api/orders  (201)
      1.0       1.5 ms  orders    ├─ earlier
      3.0       1.5 ms  orders    │  └─ below  (with others in ${'f'.repeat(32)})
      2.0       1.5 ms  payments  └─ later  (attempt 2, failed: card_empty)
`,
    );
  });

  it('shows what hangs below nothing that is here', () => {
    assert.match(treeText(readSpans(writeSpans([aSpan(5, { parent_id: id(1) })]))), /work 5 {2}\(its parent is not here\)/);
    assert.equal(treeText([]), '');
  });
});
