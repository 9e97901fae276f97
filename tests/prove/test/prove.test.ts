import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runSmoke } from './_smoke.ts';

const plansMax = 3;

test('a shop in one process under faults: nothing is lost, doubled or oversold', async (t) => {
  for (let plans = 1; ; plans += 1) {
    const { violations, acknowledged, injected, disturbances } = await runSmoke(t, 'embedded', [
      'kill',
      'database',
      'messages',
      'provider',
    ]);
    assert.deepEqual(violations, []);
    assert.ok(acknowledged > 10, `${acknowledged} orders were acknowledged`);
    assert.ok(injected.length > 0);
    if (Object.keys(disturbances).length > 0) return;
    // A shop that is killed, on a machine that is busy, may be away in all the moments of one plan in which it disturbs itself.
    assert.ok(plans < plansMax, `nothing was disturbed in ${plans} plans`);
  }
});

test('a shop whose refunds never reach the provider does not pass', async (t) => {
  const { violations } = await runSmoke(t, 'embedded', [], 'lost-refund');
  const rules = violations.map(({ rule }) => rule);
  assert.ok(rules.includes('money_kept'), rules.join(', ') || 'nothing was found');
});
