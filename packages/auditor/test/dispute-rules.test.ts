/** Disputes and refunds that failed: what is in balance, each rule broken once, and what waits for a person. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { audit } from '@souk/auditor';
import { manualClock } from '@souk/kernel';
import { type Broken, cancelled, eachIsFound, type Parts, rulesOf } from './_states.ts';
import {
  aCharge,
  aHistory,
  aNote,
  anOrder,
  aPayment,
  aReservation,
  aShop,
  now_ms,
  orderMessages,
  productId,
  readerOf,
  refundId,
} from './_support.ts';

type Payment = ReturnType<typeof aPayment>;
type State = 'inquiry' | 'closed' | 'open' | 'won' | 'lost';
const dispute_id = productId(7);
const amount = 25_990;
const dispute = (state: State) => ({
  id: dispute_id,
  reference: 'dp_1',
  state,
  amount,
  currency: 'EUR',
  evidence_due_at_ms: state === 'open' ? now_ms + 1 : null,
});
const of_dispute = { amount, currency: 'EUR', refund_id: null, dispute_id };
const steps = {
  disputed: { ...of_dispute, debit_account: 'disputed', credit_account: 'provider', kind: 'disputed' as const },
  won: { ...of_dispute, debit_account: 'provider', credit_account: 'disputed', kind: 'won' as const },
  lost: { ...of_dispute, debit_account: 'losses', credit_account: 'disputed', kind: 'lost' as const },
};
const stepsOf: Readonly<Record<State, (keyof typeof steps)[]>> = {
  ...{ inquiry: [], closed: [], open: ['disputed'], won: ['disputed', 'won'], lost: ['disputed', 'lost'] },
};
const bought = ['pending', 'awaiting_payment', 'confirmed'] as const;

/** A confirmed order whose payment is disputed. */
function disputed(state: State, payment: Partial<Payment> = {}, there: State = state): Parts {
  const transfers = [...aPayment().transfers, ...stepsOf[state].map((step) => steps[step])];
  return {
    orders: [anOrder({ history: [...aHistory(bought), aNote(3, 'confirmed', `dispute:${dispute_id}:${state}`)] })],
    payments: [
      aPayment({ disputed: state === 'open' || state === 'lost' ? amount : 0, disputes: [dispute(state)], transfers, ...payment }),
    ],
    provider: [aCharge({ disputes: [{ reference: 'dp_1', state: there, amount }] })],
  };
}

const refund = (values: Partial<Payment['refunds'][number]> = {}): Payment['refunds'][number] => ({
  ...{ id: refundId(), kind: 'cancellation', amount, currency: 'EUR', created_at_ms: now_ms - 3_600_000, due_at_ms: null },
  ...{ status: 'failed', failed_from: 'done', failure_code: 'expired_card', retried_as: null },
  ...values,
});
const went = { debit_account: 'sales', credit_account: 'provider', amount, currency: 'EUR', refund_id: refundId() };
const came_back = { ...went, debit_account: 'provider', credit_account: 'sales', kind: 'failed' as const };
const by_hand = { ...went, credit_account: 'bank', kind: 'by_hand' as const };
const failedHistory = [
  ...aHistory(['pending', 'awaiting_payment', 'confirmed', 'cancelled'], [refundId()]),
  aNote(4, 'cancelled', `refund_failed:${refundId()}`),
];

/** A cancelled order whose refund came back. */
const failed = (payment: Partial<Payment> = {}, parts: Parts = {}): Parts => ({
  ...cancelled,
  orders: [anOrder({ status: 'cancelled', history: failedHistory })],
  payments: [
    aPayment({
      cancel_reason: 'customer_request',
      refunds: [refund()],
      transfers: [...aPayment().transfers, went, came_back],
      ...payment,
    }),
  ],
  provider: [aCharge()],
  ...parts,
});

const settledByHand = failed({
  refunded: amount,
  refunds: [refund({ status: 'by_hand' })],
  transfers: [...aPayment().transfers, went, came_back, by_hand],
});

const warningsOf = async (parts: Parts): Promise<string[]> => {
  const { warnings } = await audit({ records: readerOf(aShop(parts)), clock: manualClock(now_ms), grace_ms: 60_000 });
  return warnings.map(({ rule }) => rule);
};

describe('in balance', () => {
  for (const state of ['inquiry', 'closed', 'open', 'won', 'lost'] as const)
    test(`is a dispute that is ${state}`, async () => assert.deepEqual(await rulesOf(aShop(disputed(state))), []));

  test('is a refund that came back, one that was settled by hand, and one that was made again', async () => {
    assert.deepEqual(await rulesOf(aShop(failed())), []);
    assert.deepEqual(await rulesOf(aShop(settledByHand)), []);
    const again = productId(8);
    const retried = refund({ id: again, kind: 'retry', status: 'done' });
    const { failed_from: _from, failure_code: _code, retried_as: _as, ...done } = retried;
    const made = failed(
      {
        refunded: amount,
        refunds: [refund({ retried_as: again }), done],
        transfers: [...aPayment().transfers, went, came_back, { ...went, refund_id: again }],
      },
      {
        orders: [anOrder({ status: 'cancelled', history: [...failedHistory, aNote(4, 'cancelled', `refund:${again}`)] })],
        provider: [aCharge({ refunded: amount, refunds: [{ idempotency_key: again, amount }] })],
        order_messages: [orderMessages({ 'order.confirmed': 1, 'order.cancelled': 1, 'payment.refunded': 2 })],
      },
    );
    assert.deepEqual(await rulesOf(aShop(made)), []);
  });

  test('is an order that was cancelled while, and after, a bank had its money', async () => {
    for (const state of ['open', 'lost'] as const) {
      const [payment] = disputed(state).payments ?? [];
      const parts: Parts = {
        ...disputed(state),
        orders: [
          anOrder({
            status: 'cancelled',
            history: [...aHistory([...bought, 'cancelled']), aNote(4, 'cancelled', `dispute:${dispute_id}:${state}`)],
          }),
        ],
        reservations: [aReservation({ status: 'released' })],
        payments: [{ ...(payment ?? aPayment()), cancel_reason: 'customer_request' }],
        order_messages: [orderMessages({ 'order.confirmed': 1, 'order.cancelled': 1 })],
      };
      assert.deepEqual(await rulesOf(aShop(parts)), [], state);
    }
  });
});

test('what waits for a person is a warning: evidence that is due, and a refund that is owed', async () => {
  assert.deepEqual(await warningsOf(disputed('open')), ['dispute_due']);
  assert.deepEqual(await warningsOf(disputed('lost')), []);
  assert.deepEqual(await warningsOf(failed()), ['refund_failed']);
  assert.deepEqual(await warningsOf(settledByHand), []);
});

const broken: readonly Broken[] = [
  ['the provider has lost a dispute that is open here', ['dispute_differs'], disputed('open', {}, 'lost')],
  ['the provider took money back of which nothing is known', ['dispute_differs'], { provider: disputed('open').provider ?? [] }],
  ['a dispute is known that the provider does not know', ['dispute_differs'], { ...disputed('won'), provider: [aCharge()] }],
  ['a payment holds back less than its disputes', ['dispute_differs'], disputed('open', { disputed: amount - 1 })],
  ['a dispute is open and not booked', ['ledger_unbalanced'], disputed('open', { transfers: aPayment().transfers })],
  [
    'a lost dispute is booked as won',
    ['ledger_unbalanced'],
    disputed('lost', { transfers: [...aPayment().transfers, steps.disputed, steps.won] }),
  ],
  ['a dispute is not in the history', ['dispute_not_noted'], { ...disputed('open'), orders: [anOrder()] }],
  ['a refund came back, and the ledger does not say so', ['ledger_unbalanced'], failed({ transfers: [...aPayment().transfers, went] })],
  ['a refund failed here and not at the provider', ['refunded_differs'], failed({}, { provider: [aCharge({ refunded: amount })] })],
  ['a refund came back at the provider, and is done here', ['refunded_differs'], { ...cancelled, provider: [aCharge()] }],
  [
    'a failed refund is not in the history',
    ['refunds_not_noted'],
    failed(
      {},
      {
        orders: [
          anOrder({ status: 'cancelled', history: aHistory(['pending', 'awaiting_payment', 'confirmed', 'cancelled'], [refundId()]) }),
        ],
      },
    ),
  ],
  [
    'a cancelled order keeps more than the refund that failed',
    ['cancelled_keeps_money'],
    failed({
      refunds: [refund({ amount: amount - 1 })],
      transfers: [...aPayment().transfers, { ...went, amount: amount - 1 }, { ...came_back, amount: amount - 1 }],
    }),
  ],
  [
    'a refund by hand is counted and not booked',
    ['ledger_unbalanced'],
    failed({ refunded: amount, refunds: [refund({ status: 'by_hand' })] }),
  ],
];

eachIsFound(broken);
