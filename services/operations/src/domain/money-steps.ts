/** What payments and the payment provider did for an order, as steps of its explanation. */
import type { Cause, StepDraft } from './causal-order.ts';
import { by, disputeKey, eventIdOf, paymentEndKey, paymentKey, refundDoneKey, refundFailedKey } from './checkout-steps.ts';
import { type Dispute, type JoinedRecords, money, moveTo, type Payment, type Refund } from './joined-records.ts';

const voidCode = 'order_cancelled';
const chargeKey = (idempotency_key: string): string => `charge:${idempotency_key}`;
const refundKey = (refund_id: string): string => `refund:${refund_id}`;
const providerRefundKey = (idempotency_key: string): string => `provider_refund:${idempotency_key}`;
const called = (key: string): Cause => ({ key, event_type: null, event_id: null });

/** The payment, the provider's charges, and what was given back. */
export function moneySteps(records: JoinedRecords): StepDraft[] {
  const { payment } = records;
  return [
    ...barredStep(records),
    ...(payment ? [requestStep(records, payment)] : []),
    ...chargeSteps(records),
    ...(payment ? endStep(records, payment) : []),
    ...records.refunds.flatMap((refund) => [...refundSteps(records, refund), ...failureSteps(refund)]),
    ...records.disputes.map(disputeStep),
  ];
}

function barredStep(records: JoinedRecords): StepDraft[] {
  const { cancelled_unpaid, order } = records;
  if (!cancelled_unpaid) return [];
  const because_of = by(moveTo(records, 'cancelled'), 'order.cancelled', eventIdOf(records, 'order.cancelled'));
  const text = 'noted that no payment of this order may begin';
  return [payments('payment_barred', 'payment_barred', cancelled_unpaid.at, text, { id: order.id, because_of })];
}

function requestStep(records: JoinedRecords, payment: Payment): StepDraft {
  const { id, amount, currency, created_at, event_id, attempts } = payment;
  const because_of = by(moveTo(records, 'awaiting_payment'), 'payment.requested', event_id);
  const text = `took up the payment of ${money(amount, currency)}`;
  return payments(paymentKey, 'payment_requested', created_at, text, { id, because_of, attempts: Math.max(1, attempts) });
}

function chargeSteps({ provider, payment }: JoinedRecords): StepDraft[] {
  return provider.charges.map((charge) => {
    const { idempotency_key, status, amount, currency, decline_code, calls } = charge;
    const outcome = status === 'succeeded' ? `charged ${money(amount, currency)}` : `${status}: ${decline_code ?? 'no charge was made'}`;
    const isForeign = payment !== undefined && idempotency_key !== payment.id;
    const text = `${outcome}${calls > 1 ? ` (asked ${calls} times, charged once)` : ''}${isForeign ? ', under a key that is not the payment’s' : ''}`;
    return {
      key: chargeKey(idempotency_key),
      at_ms: Date.parse(charge.at),
      service: 'provider',
      kind: `charge_${status}`,
      text,
      id: idempotency_key,
      attempts: calls,
      is_problem: isForeign,
      because_of: [called(paymentKey)],
    };
  });
}

function endStep(records: JoinedRecords, payment: Payment): StepDraft[] {
  const { id, status, decline_code, amount, currency, updated_at, attempts } = payment;
  if (status === 'captured') {
    const booked = records.transfers.find(({ refund_id }) => refund_id === null);
    const text = `captured ${money(amount, currency)}`;
    const because_of = [answerOf(records, id)];
    return [
      payments(paymentEndKey, 'payment_captured', booked?.at ?? updated_at, text, { id, because_of, attempts: Math.max(1, attempts) }),
    ];
  }
  if (status !== 'declined') return [];
  if (decline_code === voidCode) {
    const because_of = by(moveTo(records, 'cancelled'), 'order.cancelled', eventIdOf(records, 'order.cancelled'));
    return [
      payments(paymentEndKey, 'payment_void', updated_at, 'ended before it was charged: the order was cancelled', { id, because_of }),
    ];
  }
  const because_of = [answerOf(records, id)];
  return [payments(paymentEndKey, 'payment_declined', updated_at, `declined: ${decline_code}`, { id, because_of })];
}

/** The provider's answer, where its record still has it. */
function answerOf({ provider }: JoinedRecords, payment_id: string): Cause {
  const isRecorded = provider.charges.some(({ idempotency_key }) => idempotency_key === payment_id);
  return called(isRecorded ? chargeKey(payment_id) : paymentKey);
}

function refundSteps(records: JoinedRecords, refund: Refund): StepDraft[] {
  const { id, amount, currency, reason, attempts } = refund;
  const sum = money(amount, currency);
  const promised = payments(refundKey(id), 'refund_promised', refund.created_at, `promised to give back ${sum}: ${reason}`, {
    id,
    because_of: refund.kind === 'cancellation' ? cancellationCauses(records) : [],
  });
  const given = records.provider.refunds
    .filter(({ idempotency_key }) => idempotency_key === id)
    .map(({ at, amount: given_amount }) => ({
      ...payments(providerRefundKey(id), 'refund_given', at, `gave back ${money(given_amount, currency)}`, {
        id,
        because_of: [called(refundKey(id))],
      }),
      service: 'provider',
    }));
  const booked = records.transfers.find(({ refund_id }) => refund_id === id);
  const went = refund.status === 'done' || (refund.status !== 'pending' && booked !== undefined);
  if (!went) return [promised, ...given];
  const because_of = [called(given.length > 0 ? providerRefundKey(id) : refundKey(id))];
  const done = payments(refundDoneKey(id), 'refund_done', booked?.at ?? refund.updated_at, `booked that ${sum} went back`, {
    id,
    because_of,
    attempts: Math.max(1, attempts),
    is_problem: given.length === 0 && refund.status === 'done',
  });
  return [promised, ...given, done];
}

/** That it failed, and what was done about it. */
function failureSteps({ id, amount, currency, status, failure_code, retried_as, updated_at }: Refund): StepDraft[] {
  if (failure_code === null) return [];
  const sum = money(amount, currency);
  const because_of = [called(refundKey(id)), called(refundDoneKey(id))];
  const is_owed = status === 'failed' && retried_as === null;
  const next = is_owed ? '; it is to be tried again, or settled by hand' : retried_as === null ? '' : `; tried again as ${retried_as}`;
  const failed = payments(refundFailedKey(id), 'refund_failed', updated_at, `a refund of ${sum} failed (${failure_code})${next}`, {
    id,
    because_of,
    is_problem: is_owed,
  });
  if (status !== 'by_hand') return [failed];
  const text = `staff gave ${sum} back by other means`;
  return [failed, payments(`refund_by_hand:${id}`, 'refund_by_hand', updated_at, text, { id, because_of: [called(refundFailedKey(id))] })];
}

const disputeWords = {
  inquiry: 'asks about',
  closed: 'has asked about, and takes nothing of,',
  open: 'holds back',
  won: 'gave back to the shop',
  lost: 'took for good',
} as const;

function disputeStep({ id, reference, state, amount, currency, reason, evidence_due_at, opened_at, updated_at }: Dispute): StepDraft {
  const until = evidence_due_at === null ? '' : `; evidence is taken at the provider until ${evidence_due_at}`;
  const text = `the customer's bank ${disputeWords[state]} ${money(amount, currency)} (dispute ${reference}, ${reason}, opened ${opened_at})${until}`;
  const is_problem = state === 'open' || state === 'inquiry';
  return payments(disputeKey(id, state), `dispute_${state}`, updated_at, text, { id, because_of: [called(paymentEndKey)], is_problem });
}

/** Both must have happened: the cancellation, and the capture of the money. */
function cancellationCauses(records: JoinedRecords): Cause[] {
  return [...by(moveTo(records, 'cancelled'), 'order.cancelled', eventIdOf(records, 'order.cancelled')), called(paymentEndKey)];
}

type More = Partial<Pick<StepDraft, 'id' | 'because_of' | 'attempts' | 'is_problem'>>;

function payments(key: string, kind: string, at: string, text: string, more: More): StepDraft {
  return {
    key,
    kind,
    at_ms: Date.parse(at),
    text,
    service: 'payments',
    id: null,
    attempts: null,
    is_problem: false,
    because_of: [],
    ...more,
  };
}
