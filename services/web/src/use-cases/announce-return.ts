/** Goods of an order that its customer wants to send back. */
import { getOrder, listReturns, type Order, type RequestReturn, refusal, requestReturn } from '@souk/contracts';
import { AppError, isUuid } from '@souk/kernel';
import type { ReturnNotice, ShownReturn } from '@souk/storefront';
import type { Parts } from './load-parts.ts';

const returnsMax = 100;

/** Those of an order, newest first; undefined where they cannot be read. */
export function loadReturns({ optional }: Pick<Parts, 'optional'>, order_id: string): Promise<readonly ShownReturn[] | undefined> {
  return optional(async (read) => (await read(listReturns, { query: { order_id, limit: returnsMax } })).body);
}

export interface ReturnableOrder {
  order: Order;
  returns: readonly ShownReturn[];
}

/** Throws `not_found` for who is not its customer. */
export async function loadReturnable({ person }: Parts, order_id: string): Promise<ReturnableOrder> {
  if (!isUuid(order_id) || person === undefined) throw refusal('not_found');
  const [order, returns] = await Promise.all([
    person.needed(getOrder, { params: { order_id } }),
    person.needed(listReturns, { query: { order_id, limit: returnsMax } }),
  ]);
  return { order: order.body, returns: returns.body };
}

/** What became of it: once for each key, however often it is sent. */
export async function announceReturn(
  { write }: Parts,
  { order_id, key, items }: { order_id: string; key: string; items: RequestReturn['items'] },
): Promise<'requested' | 'found' | ReturnNotice> {
  if (items.length === 0) return 'nothing';
  try {
    const { headers } = await write(requestReturn, { params: { order_id }, body: { items }, headers: { 'idempotency-key': key } });
    return headers['idempotency-replayed'] === 'true' ? 'found' : 'requested';
  } catch (error) {
    const code = error instanceof AppError ? error.code : undefined;
    if (code === 'idempotency_key_reused') return 'found';
    if (code === 'return_too_large' || code === 'return_items_unknown') return 'too_many';
    if (code === 'service_unavailable' || code === 'overloaded') return 'away';
    throw error;
  }
}
