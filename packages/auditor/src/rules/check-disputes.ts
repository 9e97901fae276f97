/** Disputes: what banks took back by the books and by the provider's own record, and what waits for a person. */
import type { Finding, PaymentRecord, ProviderRecord, Suspicion } from '../audit-records.ts';
import type { DisputeRecord, TransferRecord } from '../money-records.ts';
import { money } from './order-records.ts';
import { isOwed } from './refund-fates.ts';

const held: readonly DisputeRecord['state'][] = ['open', 'lost'];
const took: readonly DisputeRecord['state'][] = ['open', 'won', 'lost'];

/** How a dispute stands in the ledger: held back, and then given back or lost. */
export function stepsOfDispute({ id, state, amount, currency }: DisputeRecord): TransferRecord[] {
  const of = { amount, currency, refund_id: null, dispute_id: id };
  const taken: TransferRecord = { ...of, debit_account: 'disputed', credit_account: 'provider', kind: 'disputed' };
  const won: TransferRecord = { ...of, debit_account: 'provider', credit_account: 'disputed', kind: 'won' };
  const lost: TransferRecord = { ...of, debit_account: 'losses', credit_account: 'disputed', kind: 'lost' };
  return [...(took.includes(state) ? [taken] : []), ...(state === 'won' ? [won] : []), ...(state === 'lost' ? [lost] : [])];
}

/** What disputes hold back is what they come to, and they stand here as they stand at the provider. */
export function checkDisputes(
  { disputes = [], disputed = 0, currency }: PaymentRecord,
  provider: ProviderRecord | undefined,
  ids: string[],
): Suspicion[] {
  const sum = disputes.reduce((total, { state, amount }) => total + (held.includes(state) ? amount : 0), 0);
  const here = disputes.map(disputeText);
  const there = (provider?.disputes ?? []).map(disputeText);
  const found = (detail: string): Suspicion => ({ rule: 'dispute_differs', detail, ids });
  return [
    ...(sum === disputed ? [] : [found(`disputes hold ${money(sum, currency)}, the payment says ${money(disputed, currency)}`)]),
    ...(here.sort().join() === there.sort().join()
      ? []
      : [found(`disputes are ${here.join(', ') || 'none'}, at the provider ${there.join(', ') || 'none'} (minor units)`)]),
  ];
}

function disputeText({ reference, state, amount }: Pick<DisputeRecord, 'reference' | 'state' | 'amount'>): string {
  return `${reference} ${state} over ${amount}`;
}

/** What waits for a person; the books balance all the same. */
export function incidentsOf({ order_id, payment_id, refunds, disputes = [] }: PaymentRecord): Finding[] {
  const failed = refunds.filter(isOwed).map(({ id, amount, currency, failure_code }) => ({
    rule: 'refund_failed',
    detail: `refund ${id} of ${money(amount, currency)} failed (${failure_code}): try it again or settle it by hand; payment ${payment_id} of order ${order_id}`,
    ids: [order_id, payment_id, id],
  }));
  const due = disputes
    .filter(({ state, evidence_due_at_ms }) => (state === 'open' || state === 'inquiry') && evidence_due_at_ms !== null)
    .map(({ id, reference, amount, currency, evidence_due_at_ms }) => ({
      rule: 'dispute_due',
      detail: `dispute ${reference} over ${money(amount, currency)} wants evidence until ${new Date(evidence_due_at_ms ?? 0).toISOString()}; payment ${payment_id} of order ${order_id}`,
      ids: [order_id, payment_id, id],
    }));
  return [...failed, ...due];
}
