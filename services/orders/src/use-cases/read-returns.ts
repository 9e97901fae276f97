import { type Return, refusal } from '@souk/contracts';
import type { Caller } from '@souk/service-kit';
import type { OrdersContext } from '../context.ts';
import { shownReturn } from '../domain/return.ts';
import { findReturn, listReturns, type ReturnFilter } from '../store/returns.ts';
import { mayAct, ownersFor } from './own-orders.ts';

/** Throws `not_found`, also for the return of another customer. */
export async function getReturn(ctx: OrdersContext, caller: Caller, return_id: string): Promise<Return> {
  const record = await findReturn(ctx.db, return_id);
  if (!record || !(await mayAct(ctx, caller, record.user_id))) throw refusal('not_found', 'There is no such return.');
  return shownReturn(record);
}

/** One more than the limit is read to know whether there are more. */
export async function findReturns(
  ctx: OrdersContext,
  caller: Caller,
  filter: Omit<ReturnFilter, 'user_ids'>,
): Promise<{ returns: Return[]; last: string | null }> {
  const user_ids = await ownersFor(ctx, caller);
  const records = await listReturns(ctx.db, { ...filter, user_ids, limit: filter.limit + 1 });
  const returns = records.slice(0, filter.limit).map(shownReturn);
  return { returns, last: records.length > filter.limit ? (returns.at(-1)?.id ?? null) : null };
}
