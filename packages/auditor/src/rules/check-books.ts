/** The books of a payment: its refunds, its disputes, the double-entry ledger and the provider's own record. */
import type { PaymentRecord, ProviderRecord, Suspicion } from '../audit-records.ts';
import type { RefundRecord, TransferRecord } from '../money-records.ts';
import { checkDisputes, stepsOfDispute } from './check-disputes.ts';
import { hourMs, type OrderRecords } from './order-records.ts';

export const openStatuses: readonly PaymentRecord['status'][] = ['requested', 'charging', 'action_required', 'unknown'];
/** The longest a task waits for its next attempt is far below this. */
const dueMaxMs = hourMs;

/** What is wrong between a payment, its refunds, the ledger and what the provider says, whatever the order is. */
export function checkBooks({ order_id, payment, provider }: OrderRecords, now: number): Suspicion[] {
  const ids = [order_id];
  const found: Suspicion[] = [];
  if (provider && !payment) found.push({ rule: 'charged_differs', detail: 'the provider charged, no payment is known', ids });
  if (provider && provider.charges > 1)
    found.push({ rule: 'charged_twice', detail: `the provider charged ${provider.charges} times`, ids });
  if (!payment) return found;
  return [
    ...found,
    ...checkRefundSums(payment, ids),
    ...checkLedger(payment, ids),
    ...checkDue(payment, ids, now),
    ...checkDisputes(payment, provider, ids),
    ...checkProvider(payment, provider, ids),
  ];
}

function checkRefundSums(payment: PaymentRecord, ids: string[]): Suspicion[] {
  const found: Suspicion[] = [];
  const sumOf = (status: RefundRecord['status']): number =>
    payment.refunds.reduce((sum, refund) => sum + (refund.status === status ? refund.amount : 0), 0);
  const done = sumOf('done') + sumOf('by_hand');
  if (done !== payment.refunded || sumOf('pending') !== payment.refunds_pending) {
    const detail = `refunds over ${done} are done and over ${sumOf('pending')} pending, the payment says ${payment.refunded} and ${payment.refunds_pending} (minor units)`;
    found.push({ rule: 'refunds_differ', detail, ids });
  }
  const foreign = payment.refunds.find(({ currency }) => currency !== payment.currency);
  if (foreign)
    found.push({
      rule: 'refunds_differ',
      detail: `a refund is in ${foreign.currency}, the payment in ${payment.currency}`,
      ids: [...ids, foreign.id],
    });
  return found;
}

/** One transfer for the capture, and one for each step of a refund or dispute. */
function checkLedger(payment: PaymentRecord, ids: string[]): Suspicion[] {
  const { currency, captured, refunds, transfers, disputes = [] } = payment;
  const capture = { debit_account: 'provider', credit_account: 'sales', amount: captured, currency, refund_id: null };
  const steps = [...refunds.flatMap((refund) => stepsOfRefund(refund, currency)), ...disputes.flatMap(stepsOfDispute)];
  const expected = [...(captured > 0 ? [capture] : []), ...steps].map(transferText).sort();
  const booked = transfers.map(transferText).sort();
  if (expected.join() === booked.join()) return [];
  const detail = `booked is ${booked.join(', ') || 'nothing'}, and ought to be ${expected.join(', ') || 'nothing'} (minor units)`;
  return [{ rule: 'ledger_unbalanced', detail, ids }];
}

/** What went back is booked; that it came back too; and what staff gave back by hand. */
function stepsOfRefund({ id, amount, status, failed_from }: RefundRecord, currency: string): TransferRecord[] {
  const of = { amount, currency, refund_id: id };
  const went: TransferRecord = { ...of, debit_account: 'sales', credit_account: 'provider' };
  const came_back: TransferRecord = { ...of, debit_account: 'provider', credit_account: 'sales', kind: 'failed' };
  const by_hand: TransferRecord = { ...of, debit_account: 'sales', credit_account: 'bank', kind: 'by_hand' };
  return [
    ...(status === 'done' || failed_from === 'done' ? [went] : []),
    ...(failed_from === 'done' ? [came_back] : []),
    ...(status === 'by_hand' ? [by_hand] : []),
  ];
}

function transferText({ debit_account, credit_account, amount, currency, refund_id, kind = 'booked', dispute_id }: TransferRecord): string {
  const of = refund_id === null ? (dispute_id == null ? '' : ` for dispute ${dispute_id}`) : ` for refund ${refund_id}`;
  return `${amount} ${currency} from ${credit_account} to ${debit_account}${of}${kind === 'booked' ? '' : ` (${kind})`}`;
}

/** What has not ended is tried again soon. */
function checkDue(payment: PaymentRecord, ids: string[], now: number): Suspicion[] {
  const open = [
    ...(openStatuses.includes(payment.status) ? [payment.due_at_ms] : []),
    ...payment.refunds.filter(({ status }) => status === 'pending').map(({ due_at_ms }) => due_at_ms),
  ];
  if (!open.some((due) => due === null || due > now + dueMaxMs)) return [];
  return [{ rule: 'retry_unreachable', detail: 'a charge or refund has not ended, and is not tried again within the hour', ids }];
}

function checkProvider(payment: PaymentRecord, provider: ProviderRecord | undefined, ids: string[]): Suspicion[] {
  const found: Suspicion[] = [];
  if (provider && (provider.currency !== payment.currency || provider.currencies > 1))
    found.push({ rule: 'charged_differs', detail: `the provider charged ${provider.currency}, recorded is ${payment.currency}`, ids });
  if (provider && provider.charges === 1 && provider.idempotency_keys[0] !== payment.payment_id)
    found.push({
      rule: 'charged_differs',
      detail: `the provider charged under key ${provider.idempotency_keys[0]}, not under that of the payment`,
      ids,
    });
  if (openStatuses.includes(payment.status)) return found;
  if (
    (provider?.charged ?? 0) !== payment.captured ||
    (payment.captured === 0 && payment.status === 'captured') !== (provider?.charged === 0)
  ) {
    const detail = `the provider charged ${provider?.charged ?? 'nothing'}, recorded is ${payment.captured} (minor units)`;
    found.push({ rule: 'charged_differs', detail, ids });
  }
  if (!refundsAgree(payment, provider)) {
    const detail = `the provider refunded ${provider?.refunded ?? 0}, recorded is ${payment.refunded} (minor units)`;
    found.push({ rule: 'refunded_differs', detail, ids });
  }
  return found;
}

/** Refund by refund: what is done here is done there, and what is done there is done here or still pending; one that failed is not there. */
function refundsAgree({ refunds }: PaymentRecord, provider: ProviderRecord | undefined): boolean {
  const there = new Map(provider?.refunds.map(({ idempotency_key, amount }) => [idempotency_key, amount]));
  const here = new Map(refunds.filter(({ failed_from }) => failed_from === undefined).map(({ id, amount }) => [id, amount]));
  const sum = [...there.values()].reduce((total, amount) => total + amount, 0);
  return (
    sum === (provider?.refunded ?? 0) &&
    refunds.every(({ id, amount, status }) => status !== 'done' || there.get(id) === amount) &&
    [...there].every(([id, amount]) => here.get(id) === amount)
  );
}
