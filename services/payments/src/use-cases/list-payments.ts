import type { Payment } from '@souk/contracts';
import type { Caller, Page } from '@souk/service-kit';
import type { PaymentsContext } from '../context.ts';
import { disputesOf } from '../store/disputes.ts';
import { guestsOf } from '../store/linked-guests.ts';
import { listPayments as readPayments } from '../store/payments.ts';
import { type RefundRow, refundsOf } from '../store/refunds.ts';
import { presentPayment } from './present-payment.ts';

/** Payments of the caller and of its guests, of all customers for staff, of certain orders where they are named; newest order first. `next` is the order to go on after. */
export async function listPayments(
  { db }: PaymentsContext,
  caller: Caller,
  { limit, skip, after }: Page<string>,
  order_ids: readonly string[] | undefined,
): Promise<{ payments: Payment[]; next: string | null }> {
  const user_ids = caller.isStaff ? undefined : [caller.user_id, ...(await guestsOf(db, caller.user_id))];
  const rows = await readPayments(db, { user_ids, order_ids, after, limit: limit + 1, skip });
  const page = rows.slice(0, limit);
  const refunds = new Map<string, RefundRow[]>(page.map((row) => [row.id, []]));
  for (const refund of page.length === 0 ? [] : await refundsOf(db, [...refunds.keys()])) refunds.get(refund.payment_id)?.push(refund);
  const captured = caller.isStaff ? page.filter((row) => row.status === 'captured').map((row) => row.id) : [];
  const disputes = captured.length === 0 ? [] : await disputesOf(db, captured);
  const next = rows.length > limit ? (page.at(-1)?.order_id ?? null) : null;
  return {
    payments: page.map((row) =>
      presentPayment(
        row,
        refunds.get(row.id) ?? [],
        disputes.filter(({ payment_id }) => payment_id === row.id),
      ),
    ),
    next,
  };
}
