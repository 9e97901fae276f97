import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startTraceReceiver, type TraceReceiver, type TraceSpan } from '@souk/trace-receiver';
import { aGateway, anUpstream, sendJson, type TestGateway, type Upstream, until } from './_support.ts';

const named = (spans: readonly TraceSpan[], kind: string): TraceSpan[] =>
  spans.filter((span) => span.kind === kind).sort((one, other) => one.started_ms - other.started_ms);

describe('a trace through the gateway', () => {
  let receiver: TraceReceiver;
  let shop: TestGateway;
  let living: Upstream;
  let trace = 0;
  before(async () => {
    receiver = await startTraceReceiver({ port: 0 });
    const wide = { health_interval_ms: 60_000, recheck_interval_ms: 60_000 };
    shop = await aGateway({ ...wide, otel_exporter_otlp_endpoint: receiver.url, otel_bsp_schedule_delay: 100, instance_id: 'gateway-1' });
    living = await anUpstream((request, response) => sendJson(response, request.url?.includes('broken') ? 500 : 200, { ok: true }));
  });
  after(async () => {
    await shop.stop();
    await living.close();
    await receiver.close();
  });

  /** The spans of one request, once `count` have come. */
  const spansOf = async (path: string, count: number, init: RequestInit = {}): Promise<TraceSpan[]> => {
    trace += 1;
    const trace_id = String(trace).padStart(32, '0');
    const headers = {
      traceparent: `00-${trace_id}-00f067aa0ba902b7-01`,
      'x-correlation-id': 'story-0001',
      authorization: 'Bearer secret',
      ...init.headers,
    };
    await (await fetch(shop.url + path, { ...init, headers })).arrayBuffer();
    await until(() => receiver.trace(trace_id).length >= count, `${count} spans of ${path}`);
    return [...receiver.trace(trace_id)];
  };

  it('has a server span for the request and a client span for each attempt, and the service is below the last', async () => {
    const dead = await anUpstream();
    await shop.register('products', dead, 'products-dead');
    await dead.close();
    await shop.register('products', living, 'products-living');
    // Whichever is asked first, the dead one has its turn within two requests.
    for (let turn = 0; turn < 2; turn += 1) {
      const token = await shop.keys.tokenFor();
      const spans = await spansOf('/api/products?q=secret', 2, { headers: { authorization: `Bearer ${token}` } });
      const [server, ...others] = named(spans, 'server');
      assert.deepEqual(others, []);
      assert.equal(server?.name, 'GET /api/products');
      assert.deepEqual(server?.attributes, {
        'http.request.method': 'GET',
        'http.route': '/api/products',
        'souk.correlation_id': 'story-0001',
        'http.response.status_code': 200,
      });
      const attempts = named(spans, 'client');
      assert.ok(attempts.every((span) => span.parent_id === server?.span_id));
      assert.deepEqual(
        attempts.map((span) => span.attributes['http.request.resend_count']),
        attempts.map((_, index) => index),
      );
      assert.equal(attempts.at(-1)?.attributes['souk.upstream_instance'], 'products-living');
      assert.equal(living.seen.at(-1)?.headers['traceparent'], `00-${server?.trace_id}-${attempts.at(-1)?.span_id}-01`);
      assert.ok(!JSON.stringify(spans).includes('secret') && !JSON.stringify(spans).includes(token));
      if (attempts.length === 1) continue;
      assert.deepEqual([attempts[0]?.failed, attempts[0]?.attributes['error.type']], [true, 'ECONNREFUSED']);
      return;
    }
    assert.fail('no request met the dead instance');
  });

  it('says what failed: a refusal of the gateway is no fault, an answer of 500 is one, of both', async () => {
    const [refused] = await spansOf('/api/orders', 1);
    assert.deepEqual([refused?.attributes['http.response.status_code'], refused?.failed], [401, false]);
    const authorization = `Bearer ${await shop.keys.tokenFor()}`;
    const broken = await spansOf('/api/products/broken', 2, { headers: { authorization } });
    assert.deepEqual(broken.map((span) => [span.kind, span.failed, span.attributes['http.response.status_code']]).sort(), [
      ['client', true, 500],
      ['server', true, 500],
    ]);
  });

  it('names an address that nobody serves in one way, whatever it is', async () => {
    const [span] = await spansOf('/wp-login.php?x=1', 1);
    assert.deepEqual([span?.name, span?.attributes['http.route']], ['GET not found', 'not found']);
  });
});
