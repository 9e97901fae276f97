import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runSmoke } from './_smoke.ts';

test('a shop in one process under faults: nothing is lost, doubled or oversold', async (t) => {
  const { violations, acknowledged, injected, disturbances } = await runSmoke(t, 'embedded', ['kill', 'database', 'messages', 'provider']);
  assert.deepEqual(violations, []);
  assert.ok(acknowledged > 10, `${acknowledged} orders were acknowledged`);
  assert.ok(injected.length > 0 && Object.keys(disturbances).length > 0, JSON.stringify({ injected, disturbances }));
});

test('a shop whose refunds never reach the provider does not pass', async (t) => {
  const { violations } = await runSmoke(t, 'embedded', [], 'lost-refund');
  const rules = violations.map(({ rule }) => rule);
  assert.ok(rules.includes('money_kept'), rules.join(', ') || 'nothing was found');
});
