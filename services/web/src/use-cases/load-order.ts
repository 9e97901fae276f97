/** An order as its customer sees it, by a session or by a mailed link. */
import {
  cancelLinkedOrder,
  cancelOrder,
  getLinkedOrder,
  getOrder,
  getOrderHistory,
  getReceipt,
  listOrders,
  listPayments,
  type Order,
  type Receipt,
  refusal,
} from '@souk/contracts';
import { AppError, isUuid } from '@souk/kernel';
import type { OrderView, ShownOrder } from '@souk/storefront';
import { loadLinkedReturns, loadReturns } from './announce-return.ts';
import type { Parts } from './load-parts.ts';
import { linkIsGood, type OrderKeys, orNotFound } from './opened-order.ts';

export type LoadedOrder = Pick<OrderView, 'history' | 'action' | 'money' | 'returns' | 'opened_by'> & {
  order: ShownOrder & { readonly updated_at: string };
};

/** Throws `not_found` for who has neither a session of its customer nor a good link. */
export async function loadOrder(keys: OrderKeys, order_id: string): Promise<LoadedOrder> {
  if (!isUuid(order_id)) throw refusal('not_found');
  return (await ofSession(keys, order_id)) ?? ofLink(keys);
}

async function ofSession({ parts: { person } }: OrderKeys, order_id: string): Promise<LoadedOrder | undefined> {
  if (person === undefined) return undefined;
  const params = { order_id };
  const [order, history, payments, returns] = await Promise.all([
    orNotFound(async () => (await person.needed(getOrder, { params })).body),
    person.optional(async (read) => (await read(getOrderHistory, { params })).body),
    person.optional(async (read) => (await read(listPayments, { query: { order_id } })).body),
    loadReturns(person, order_id),
  ]);
  if (order === undefined) return undefined;
  const [payment] = payments ?? [];
  const action = order.status === 'awaiting_payment' ? payment?.action : undefined;
  const money = payment && { captured: payment.captured_amount, refunded: payment.refunded_amount };
  return { order, history, action, money, returns, opened_by: 'session' };
}

async function ofLink({ linked }: OrderKeys): Promise<LoadedOrder> {
  if (linked === undefined) throw refusal('not_found');
  const [order, returns] = await Promise.all([linkIsGood(() => linked.needed(getLinkedOrder)), loadLinkedReturns(linked)]);
  return { order: order.body, history: undefined, action: undefined, money: undefined, returns, opened_by: 'link' };
}

/** What became of it: `unchanged` where it is not known. */
export async function cancelShown({ parts, linked }: OrderKeys, order_id: string): Promise<'cancelled' | 'not_cancellable' | 'unchanged'> {
  if (!isUuid(order_id)) throw refusal('not_found');
  try {
    if (parts.person !== undefined) {
      const answered = await parts.write(cancelOrder, { params: { order_id }, body: {} }).catch(unlessNotFound);
      if (answered !== undefined) return 'cancelled';
    }
    if (linked === undefined) throw refusal('not_found');
    await linkIsGood(() => linked.write(cancelLinkedOrder));
    return 'cancelled';
  } catch (error) {
    const code = error instanceof AppError ? error.code : undefined;
    if (code === 'order_not_cancellable') return 'not_cancellable';
    if (code === 'service_unavailable') return 'unchanged';
    throw error;
  }
}

function unlessNotFound(error: unknown): undefined {
  if (error instanceof AppError && error.code === 'not_found') return undefined;
  throw error;
}

/** Throws `not_found` for who is not its customer. */
export async function loadReceipt({ person, write }: Parts, order_id: string): Promise<Receipt> {
  if (!isUuid(order_id) || person === undefined) throw refusal('not_found');
  // It takes longer than a part of a page: all services are asked for what they know of the order.
  return (await write(getReceipt, { params: { order_id } })).body.receipt;
}

/** The address of the last order, so that it is not typed twice; undefined for a stranger. */
export async function loadLastAddress({ person }: Parts): Promise<Order['shipping_address'] | undefined> {
  return person?.optional(async (read) => (await read(listOrders, { query: { limit: 1 } })).body[0]?.shipping_address ?? null);
}
