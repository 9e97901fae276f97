import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runSmoke } from './_smoke.ts';

test('the distributed world under faults: nothing is lost, doubled or oversold', async (t) => {
  const kinds = ['kill', 'stop', 'redis', 'network', 'messages', 'provider'] as const;
  const { violations, acknowledged, injected, disturbances } = await runSmoke(t, 'distributed', kinds);
  assert.deepEqual(violations, []);
  assert.ok(acknowledged > 10, `${acknowledged} orders were acknowledged`);
  assert.ok(injected.length > 0 && Object.keys(disturbances).length > 0, JSON.stringify({ injected, disturbances }));
});
