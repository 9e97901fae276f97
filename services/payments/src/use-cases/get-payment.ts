import { type Payment, refusal } from '@souk/contracts';
import type { Caller } from '@souk/service-kit';
import type { PaymentsContext } from '../context.ts';
import { disputesOf } from '../store/disputes.ts';
import { isGuestOf } from '../store/linked-guests.ts';
import { findPayment } from '../store/payments.ts';
import { refundsOf } from '../store/refunds.ts';
import { presentPayment } from './present-payment.ts';

/** One payment of the caller; staff may see all. Throws `not_found`, also for another customer's. */
export async function getPayment({ db }: PaymentsContext, caller: Caller, id: string): Promise<Payment> {
  const [row, refunds, disputes] = await Promise.all([findPayment(db, id), refundsOf(db, [id]), disputesOf(db, [id])]);
  const isOwn =
    row !== undefined && (caller.isStaff || row.user_id === caller.user_id || (await isGuestOf(db, row.user_id, caller.user_id)));
  if (!isOwn) throw refusal('not_found', 'There is no such payment.');
  return presentPayment(row, refunds, caller.isStaff ? disputes : []);
}
