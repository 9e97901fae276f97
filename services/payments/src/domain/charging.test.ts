import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterCall, chargeKeyOf, firstCall, type ProviderCall } from './charging.ts';
import type { Charge, Page } from './required-interfaces.ts';

const taken: Charge = { status: 'succeeded', charge: 'ch_1' };
const declined: Charge = { status: 'declined', decline_code: 'card_declined' };
const page: Page = { status: 'action_required', url: '/page', until_ms: 1 };
const outcomes: readonly (Charge | Page)[] = [taken, declined, page];
const calls: readonly ProviderCall[] = ['ask', 'charge', 'ask_again', 'abandon'];

test('a payment has one key at the provider, its id', () => {
  assert.equal(chargeKeyOf({ id: 'payment-1' }), 'payment-1');
});

test('a charge that may have been begun is asked for first, any other is made', () => {
  assert.equal(firstCall({ asked: true, abandons: false }), 'ask');
  assert.equal(firstCall({ asked: false, abandons: false }), 'charge');
});

test('an outcome that the provider stands by is the outcome, whichever call it answers', () => {
  for (const call of calls)
    for (const outcome of outcomes) assert.deepEqual(afterCall(call, { kind: 'answered', charge: outcome }), outcome);
});

test('what the provider has never seen is charged; at the last call it stays unknown', () => {
  const neverSeen = { kind: 'answered', charge: undefined } as const;
  assert.equal(afterCall('ask', neverSeen), 'charge');
  assert.equal(afterCall('charge', neverSeen), 'charge');
  assert.deepEqual(afterCall('ask_again', neverSeen), { status: 'unknown' });
});

test('a call that failed is followed by a question, never by a charge; at the last call the outcome stays unknown', () => {
  const failed = { kind: 'failed' } as const;
  assert.equal(afterCall('ask', failed), 'ask_again');
  assert.equal(afterCall('charge', failed), 'ask_again');
  assert.deepEqual(afterCall('ask_again', failed), { status: 'unknown' });
});

test('one whose page is not waited for any more is abandoned, whatever was begun; where that fails its outcome is unknown', () => {
  for (const asked of [true, false]) assert.equal(firstCall({ asked, abandons: true }), 'abandon');
  assert.deepEqual(afterCall('abandon', { kind: 'failed' }), { status: 'unknown' });
});

test('what the provider does not know yet either is unknown', () => {
  for (const call of calls)
    assert.deepEqual(afterCall(call, { kind: 'answered', charge: { status: 'processing' } }), { status: 'unknown' });
});
