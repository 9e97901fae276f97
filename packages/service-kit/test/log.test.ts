import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createLog } from '@souk/telemetry';
import { startEdge } from './edge-support.ts';

function recorder(): { lines: Record<string, unknown>[]; destination: { write(line: string): void } } {
  const lines: Record<string, unknown>[] = [];
  return { lines, destination: { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) } };
}

it('each request leaves one line that names the route and the caller, and nothing personal', async () => {
  const { lines, destination } = recorder();
  const shop = await startEdge({ log: createLog({ level: 'info', format: 'json', destination }), log_requests: true });
  const token = await shop.keys.tokenFor({ user_id: '01a20518-d385-705d-a094-bafc97027b7d' });
  const headers = {
    authorization: `Bearer ${token}`,
    'x-correlation-id': 'story-0001',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  };
  await fetch(`${shop.url}/api/things/5?limit=1`, { headers });
  await fetch(`${shop.url}/api/fail/bug`);
  await shop.edge.close(1_000);
  const { time, ms, ...line } = lines.find(({ msg }) => msg === 'request') ?? {};
  assert.ok(typeof time === 'string' && typeof ms === 'number');
  assert.deepEqual(line, {
    level: 'info',
    method: 'GET',
    route: '/api/things/{thing_id}',
    status: 200,
    correlation_id: 'story-0001',
    trace_id: '0af7651916cd43dd8448eb211c80319c',
    caller: '01a20518-d385-705d-a094-bafc97027b7d',
    msg: 'request',
  });
  const failure = lines.find(({ msg }) => msg === 'a request failed because of a fault');
  assert.match(JSON.stringify(failure?.['err']), /internal secret of bug.*stack/);
  assert.ok(!JSON.stringify(lines).includes(token));
});
