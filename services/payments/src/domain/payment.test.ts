import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AppError } from '@souk/kernel';
import fc from 'fast-check';
import {
  type CancellationStep,
  cancellationRefundIdOf,
  checkRefund,
  decideCancellation,
  differs,
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

test('another amount or another currency is another payment', () => {
  const payment = { amount: 100, currency: 'EUR' };
  assert.equal(differs(payment, { amount: 100, currency: 'EUR' }), false);
  assert.equal(differs(payment, { amount: 101, currency: 'EUR' }), true);
  assert.equal(differs(payment, { amount: 100, currency: 'USD' }), true);
});
