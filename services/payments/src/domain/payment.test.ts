import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AppError } from '@souk/kernel';
import fc from 'fast-check';
import {
  type CancellationStep,
  cancellationChange,
  cancellationRefundIdOf,
  checkRefund,
  decideCancellation,
  differs,
  lateRefund,
  type PaymentState,
  paymentIdOf,
  refundable,
} from './payment.ts';

const aPayment = (state: Partial<PaymentState> = {}): PaymentState => ({
  status: 'captured',
  captured: 5_000,
  refunded: 0,
  refunding: 0,
  cancel_reason: null,
  ...state,
});

const steps: readonly [string, PaymentState | undefined, CancellationStep][] = [
  ['no payment yet', undefined, 'remember'],
  ['not started', aPayment({ status: 'requested', captured: 0 }), 'void'],
  ['being charged', aPayment({ status: 'charging', captured: 0 }), 'settle_first'],
  ['not known', aPayment({ status: 'unknown', captured: 0 }), 'settle_first'],
  ['captured', aPayment(), 'refund'],
  ['declined', aPayment({ status: 'declined', captured: 0 }), 'nothing'],
  ['captured and cancelled before', aPayment({ cancel_reason: 'customer_request' }), 'nothing'],
  ['being charged and cancelled before', aPayment({ status: 'charging', captured: 0, cancel_reason: 'staff_request' }), 'nothing'],
];

for (const [state, payment, step] of steps) {
  test(`a cancelled order whose payment is ${state} means: ${step}`, () => assert.equal(decideCancellation(payment), step));
}

test('a cancellation ends a void payment, promises the rest of a captured one back, and only marks one under way', () => {
  const payment = aPayment({ refunded: 1_000, refunding: 500 });
  assert.deepEqual(cancellationChange(payment, 'void'), { void: true, refund_amount: 0 });
  assert.deepEqual(cancellationChange(payment, 'refund'), { void: false, refund_amount: 3_500 });
  assert.deepEqual(cancellationChange(payment, 'settle_first'), { void: false, refund_amount: 0 });
});

test('a charge that succeeded after the cancellation goes back whole, any other not', () => {
  assert.equal(lateRefund({ amount: 5_000, cancel_reason: 'customer_request' }), 5_000);
  assert.equal(lateRefund({ amount: 5_000, cancel_reason: null }), 0);
});

test('a refusal says how much may be given back', () => {
  assert.throws(
    () => checkRefund(aPayment({ refunded: 3_000 }), 2_001),
    (error: AppError) => error.details['refundable_minor'] === 2_000,
  );
});

test('a refund is refused before anything was captured, and beyond what is left', () => {
  const refusedWith = (code: string) => (error: unknown) => (error as AppError).code === code;
  assert.throws(() => checkRefund(aPayment({ status: 'unknown', captured: 0 }), 1), refusedWith('payment_not_captured'));
  assert.throws(() => checkRefund(aPayment({ refunded: 3_000, refunding: 1_000 }), 1_001), refusedWith('refund_exceeds_captured'));
  checkRefund(aPayment({ refunded: 3_000, refunding: 1_000 }), 1_000);
});

test('refunds that are allowed one after the other never exceed what was captured', () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.array(fc.integer({ min: 1, max: 6_000 }), { maxLength: 20 }), (captured, amounts) => {
      const payment = aPayment({ captured });
      for (const amount of amounts) {
        try {
          checkRefund(payment, amount);
          payment.refunding += amount;
        } catch (error) {
          assert.equal((error as AppError).code, 'refund_exceeds_captured');
        }
      }
      assert.ok(refundable(payment) >= 0 && payment.refunding <= captured);
    }),
  );
});

test('an order has one payment and one cancellation refund, whoever asks', () => {
  const order_id = '019df000-0000-7000-8000-000000000001';
  assert.equal(paymentIdOf(order_id), paymentIdOf(order_id));
  assert.notEqual(paymentIdOf(order_id), paymentIdOf('019df000-0000-7000-8000-000000000002'));
  assert.equal(cancellationRefundIdOf(paymentIdOf(order_id)), cancellationRefundIdOf(paymentIdOf(order_id)));
});

// These ids are written down, here and by the provider: with others, an order would have a second payment after an upgrade.
test('the ids of a payment and of its cancellation refund are the same in every version of Souk', () => {
  const payment_id = paymentIdOf('019df000-0000-7000-8000-000000000001');
  assert.deepEqual(
    [payment_id, cancellationRefundIdOf(payment_id)],
    ['019df000-0000-8c4d-8e2a-d8cbaea3faab', 'd5fb584d-a864-8310-aed5-5dbc071ff9c2'],
  );
});

test('another amount or another currency is another payment', () => {
  const payment = { amount: 100, currency: 'EUR' };
  assert.equal(differs(payment, { amount: 100, currency: 'EUR' }), false);
  assert.equal(differs(payment, { amount: 101, currency: 'EUR' }), true);
  assert.equal(differs(payment, { amount: 100, currency: 'USD' }), true);
});
