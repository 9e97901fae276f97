/** Each guard, memory and compensation of money: without it, the exploration finds a violation and the steps to it. */
import { realDecisions } from '../src/decisions.ts';
import { holes, unmarked, whole, withoutKey, withStep } from './_holes.ts';

const { payments } = realDecisions;

holes('payments that are cancelled', [
  {
    without: 'no memory of a cancellation that comes before its request',
    replaced: { payments: { remembersCancelled: false } },
    says: /the order is cancelled, and 2 of its money is kept/,
  },
  {
    without: 'no look at that memory',
    replaced: {
      payments: { insertedPayment: (existing, wanted) => payments.insertedPayment(existing, { ...wanted, cancelled_reason: undefined }) },
    },
    says: /the order is cancelled, and 2 of its money is kept/,
  },
  {
    without: 'no void of a payment that has not started',
    replaced: { payments: { decideCancellation: withStep('void', 'nothing') } },
    says: /the order is cancelled, and 2 of its money is kept/,
  },
  {
    without: 'no mark on a payment that is under way',
    replaced: { payments: { decideCancellation: withStep('settle_first', 'nothing') } },
    says: /the order is cancelled, and 2 of its money is kept/,
  },
  {
    without: 'no settling first: a payment under way is void',
    replaced: { payments: { decideCancellation: withStep('settle_first', 'void') } },
    says: /payments has 0 captured and 0 refunded, the provider 2 and 0/,
  },
  {
    without: 'no settling first: a payment under way is refunded at once',
    replaced: {
      payments: {
        cancellationChange: (payment, step) =>
          step === 'settle_first' ? { void: false, refund_amount: 2 } : payments.cancellationChange(payment, step),
      },
    },
    says: /0 and 2 go back of 0 captured/,
  },
  {
    without: 'no refund of what was captured before the cancellation',
    replaced: { payments: { decideCancellation: withStep('refund', 'nothing') } },
    says: /the order is cancelled, and 2 of its money is kept/,
  },
  {
    without: 'no refund of what was captured after the cancellation',
    replaced: { payments: { lateRefund: () => 0 } },
    says: /the order is cancelled, and 2 of its money is kept/,
  },
  {
    without: 'no promise of it in the statement that captures it',
    replaced: {
      payments: {
        settledCharge: (payment, result) => {
          const settled = payments.settledCharge(payment, result);
          return settled && { ...settled, refunding: 0 };
        },
      },
    },
    says: /payments knows of 0|go back of/,
  },
  {
    without: 'no look at what staff refunds already',
    replaced: { payments: { cancellationChange: whole } },
    bounds: { staff_refunds_max: 1 },
    says: /go back of 2 captured/,
  },
  {
    without: 'no mark on a cancelled payment, nor a look at what goes back already: the unique key refuses the second refund',
    replaced: { payments: { decideCancellation: unmarked, cancellationChange: whole } },
    says: /a second cancellation refund is refused/,
  },
  {
    without: 'none of these three',
    replaced: { payments: { decideCancellation: unmarked, cancellationChange: whole, insertedRefunds: withoutKey } },
    says: /go back of 2 captured/,
  },
]);

holes('charges', [
  {
    without: 'no unique payment of an order',
    replaced: { payments: { insertedPayment: (_existing, wanted) => payments.insertedPayment(undefined, wanted) } },
    says: /published a second time|is captured|the provider|payment is/,
  },
  {
    without: 'no key that stays the same',
    replaced: { payments: { chargeKeyOf: ({ id, asked }) => `${id} ${asked ? 'again' : 'first'}` } },
    says: /the provider has charged the customer 2 times/,
  },
  {
    without: 'no key that stays the same, nor a question before another charge',
    replaced: {
      payments: {
        chargeKeyOf: ({ id, asked }) => `${id} ${asked ? 'again' : 'first'}`,
        firstCall: () => 'charge',
      },
    },
    says: /the provider has charged the customer 2 times/,
  },
  {
    without: 'no question after a lost answer: it is taken for a refusal',
    replaced: {
      payments: {
        afterCall: (call, result) =>
          result.kind === 'failed' ? { status: 'declined', decline_code: 'no_answer' } : payments.afterCall(call, result),
      },
    },
    says: /payments has 0 captured and 0 refunded, the provider 2 and 0/,
  },
  {
    without: 'no unknown outcome: a provider that knows nothing yet is taken for a refusal',
    replaced: {
      payments: {
        afterCall: (call, result) =>
          call === 'ask_again' && result.kind === 'answered' && result.charge === undefined
            ? { status: 'declined', decline_code: 'not_found' }
            : payments.afterCall(call, result),
      },
    },
    bounds: { late_calls: true },
    says: /payments has 0 captured and 0 refunded, the provider 2 and 0/,
  },
  {
    without: 'no end of a lease: what a killed process held is claimed by no other',
    replaced: {
      payments: {
        claimedCharge: (payment, is_over) => (payment.status === 'requested' ? payments.claimedCharge(payment, is_over) : undefined),
      },
    },
    says: /nothing goes on by itself, and this is under way: money/,
  },
  {
    without: 'no look at whether a claimed payment has ended',
    replaced: { payments: { claimedCharge: (payment, is_over) => payments.claimedCharge({ ...payment, due: true }, is_over) } },
    says: /published a second time|go on for ever|its payment is|is captured/,
  },
  {
    without: 'no look at whether a settled payment has ended',
    replaced: { payments: { settledCharge: (payment, result) => payments.settledCharge({ ...payment, status: 'charging' }, result) } },
    bounds: { charge_tasks_max: 2 },
    says: /published a second time|its payment is|second cancellation refund/,
  },
]);

holes('refunds', [
  {
    without: 'no look at whether the payment is captured',
    replaced: { payments: { checkRefund: () => undefined } },
    bounds: { staff_refunds_max: 1 },
    says: /0 and 1 go back of 0 captured/,
  },
  {
    without: 'no look at what is left of the payment',
    replaced: { payments: { checkRefund: (payment) => payments.checkRefund(payment, 0) } },
    bounds: { staff_refunds_max: 1 },
    says: /go back of 2 captured/,
  },
  {
    without: 'no key that stays the same',
    replaced: { payments: { refundKeyOf: ({ id, attempt }) => `${id} ${attempt}` } },
    says: /the provider refuses a refund/,
  },
  {
    without: 'no end of a lease: a refund is claimed by nobody',
    replaced: { payments: { isClaimable: () => false } },
    says: /nothing goes on by itself, and this is under way: .*money/,
  },
  {
    without: 'no look at whether a refund is done',
    replaced: { payments: { settledRefund: (payment, refund) => payments.settledRefund(payment, { ...refund, status: 'pending' }) } },
    bounds: { refund_tasks_max: 2 },
    says: /go back of 2 captured|published a second time/,
  },
]);

holes('pages', [
  {
    without: 'no abandonment of a page whose time is over',
    replaced: { payments: { claimedCharge: (payment, _is_over) => payments.claimedCharge(payment, false) } },
    bounds: { pages: true },
    says: /nothing goes on by itself, and this is under way: money/,
  },
  {
    without: 'no answer to an abandonment, and the payment is declined nevertheless',
    replaced: {
      payments: {
        afterCall: (call, result) =>
          call === 'abandon' && result.kind === 'failed'
            ? { status: 'declined', decline_code: 'abandoned' }
            : payments.afterCall(call, result),
      },
    },
    bounds: { pages: true },
    says: /payments has 0 captured and 0 refunded, the provider 2 and 0/,
  },
  {
    without: 'no call of the provider: a page whose time is over is declined here alone',
    replaced: {
      payments: {
        settledCharge: (payment, result) =>
          payments.settledCharge(
            payment,
            payment.action && result.status === 'captured' ? { status: 'declined', decline_code: 'late' } : result,
          ),
      },
    },
    bounds: { pages: true },
    says: /is captured|the provider 2 and 0|its payment is/,
  },
  {
    without: 'no look at whether the order knows of the page',
    replaced: { payments: { asksCustomer: (_payment, result) => result.status === 'action_required' } },
    bounds: { pages: true },
    says: /payment.action_required is published a second time/,
  },
]);
