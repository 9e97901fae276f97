/** Whose orders are a person's own: those of the account, and those of the guests it has linked. */
import type { Caller } from '@souk/service-kit';
import type { OrdersContext } from '../context.ts';
import { guestsOf, isGuestOf } from '../store/linked-guests.ts';

/** Whether the caller may act on the orders of `owner_id`. Guests are looked up only for the order of another account. */
export async function mayAct({ db }: Pick<OrdersContext, 'db'>, caller: Caller, owner_id: string): Promise<boolean> {
  return caller.isStaff || owner_id === caller.user_id || isGuestOf(db, owner_id, caller.user_id);
}

/** The accounts whose orders the caller sees; undefined for staff, who see all. */
export async function ownersFor({ db }: Pick<OrdersContext, 'db'>, caller: Caller): Promise<string[] | undefined> {
  return caller.isStaff ? undefined : [caller.user_id, ...(await guestsOf(db, caller.user_id))];
}
