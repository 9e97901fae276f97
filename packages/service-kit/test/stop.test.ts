import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { it } from 'node:test';
import { AppError } from '@souk/kernel';
import { startEdge } from './edge-support.ts';

it('a stop lets the request under way finish and refuses new ones on kept connections', async () => {
  const shop = await startEdge();
  const slow = fetch(`${shop.url}/api/fail/slow`);
  const socket = connect(shop.port, '127.0.0.1');
  const parts = socket[Symbol.asyncIterator]();
  socket.write(
    'GET /api/things HTTP/1.1\r\nHost: a\r\n\r\nPOST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{',
  );
  await parts.next();
  while (shop.edge.inFlight() < 2) await new Promise((resolve) => setImmediate(resolve));
  const closed = shop.edge.close(5_000);
  const again = shop.edge.close(5_000);
  socket.write('}GET /api/things HTTP/1.1\r\nHost: a\r\n\r\n');
  let rest = '';
  for await (const part of { [Symbol.asyncIterator]: () => parts }) rest += String(part);
  assert.match(rest, /^HTTP\/1.1 200 [\s\S]*HTTP\/1.1 503 [\s\S]*connection: close[\s\S]*shutting_down/i);
  await assert.rejects(fetch(`${shop.url}/api/things`));
  shop.finishSlow();
  const answer = await slow;
  assert.deepEqual([answer.status, await answer.json()], [200, { slow: true }]);
  await Promise.all([closed, again]);
  assert.equal(shop.edge.inFlight(), 0);
});

it('a stop cuts what does not end within the deadline', async () => {
  const shop = await startEdge();
  const slow = fetch(`${shop.url}/api/fail/slow`);
  slow.catch(() => undefined);
  while (shop.edge.inFlight() < 1) await new Promise((resolve) => setImmediate(resolve));
  await shop.edge.close(50);
  await assert.rejects(slow);
  shop.finishSlow();
});

it('a port that is taken is told as such', async () => {
  const first = await startEdge();
  const { createHttpEdge } = await import('../src/index.ts');
  const { silentSecurityLog } = await import('@souk/telemetry');
  const { silentTracer } = await import('@souk/telemetry/tracing');
  const { systemIds, silentLog } = await import('@souk/kernel');
  const second = createHttpEdge({
    context: {},
    routes: [],
    host: '127.0.0.1',
    port: first.port,
    internal_token: 'x'.repeat(40),
    gateway_token: 'y'.repeat(40),
    verifier: first.verifier,
    ids: systemIds,
    log: silentLog,
    security: silentSecurityLog,
    metrics: first.metrics,
    tracer: silentTracer,
    log_requests: false,
  });
  await assert.rejects(second.listen(), (error) => error instanceof AppError && error.code === 'port_taken');
  await first.edge.close(100);
});
