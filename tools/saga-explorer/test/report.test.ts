/** What a run prints of a configuration that holds, and of one that does not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explorationText, summaryText } from '../src/report.ts';
import { exploreWith, type Replaced, small } from './_support.ts';

function explored(replaced: Replaced) {
  return { name: 'a name', bounds: small, ...exploreWith(replaced), took_ms: 1_234 };
}

const configuration = { name: 'a name', about: 'what it is about', bounds: small, smoke: true };

test('bounds, states and transitions of what holds', () => {
  const one = explored({});
  const text = explorationText(configuration, one);
  assert.match(text, /^a name: what it is about\n {2}bounds +orders 1, of 1 piece and 2 minor units; in stock 1\n/);
  assert.ok(text.includes(`${one.states.toLocaleString('en-US')} states, ${one.transitions.toLocaleString('en-US')} transitions`), text);
  assert.match(text, /violations +0; 1\.2 s\n$/);
  assert.match(summaryText([one, one]), /^checkout explored: 2 configurations, [\d,]+ states, [\d,]+ transitions, 0 violations, 2\.5 s\n$/);
});

test('a violation with the steps to it, numbered', () => {
  const one = explored({ inventory: { decideRelease: () => 'nothing' } });
  const text = explorationText(configuration, one);
  const [, steps = ''] = text.split('VIOLATION    the order is cancelled, and its reservation is held\n');
  assert.deepEqual(steps.split('\n'), [
    '     1. inventory receives order.created and reserves a piece',
    '     2. the customer cancels; the order is cancelled (customer_request)',
    '     3. orders receives inventory.reserved; the order stays cancelled (ignore)',
    '     4. inventory receives order.cancelled; the order is held',
    '     5. payments receives order.cancelled (remember)',
    '',
  ]);
  assert.match(summaryText([one]), /, 1 violations, /);
});
