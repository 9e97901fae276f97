import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromStripeAmount, toStripeAmount } from './stripe-amount.ts';

test('amounts are in the units of Stripe, and back again', () => {
  for (const [minor, currency, theirs] of [
    [12_995, 'EUR', 12_995],
    [500, 'JPY', 500],
    [1_000, 'ISK', 100_000],
    [1_000, 'UGX', 100_000],
    [100_000, 'MGA', 1_000],
    [12_340, 'KWD', 12_340],
  ] as const) {
    assert.equal(toStripeAmount(minor, currency), theirs, currency);
    assert.equal(fromStripeAmount(theirs, currency), minor, currency);
  }
});

test('what Stripe cannot charge is refused before it is asked', () => {
  assert.equal(toStripeAmount(49, 'EUR'), 'amount_too_small');
  assert.equal(toStripeAmount(50, 'EUR'), 50);
  assert.equal(toStripeAmount(29, 'GBP'), 'amount_too_small');
  assert.equal(toStripeAmount(49, 'JPY'), 'amount_too_small');
  assert.equal(toStripeAmount(12_345, 'KWD'), 'amount_not_chargeable', 'the last of three decimals is 0');
  assert.equal(toStripeAmount(100_050, 'MGA'), 'amount_not_chargeable', 'no parts of an ariary');
  assert.equal(toStripeAmount(Number.MAX_SAFE_INTEGER, 'ISK'), 'amount_not_chargeable');
});
