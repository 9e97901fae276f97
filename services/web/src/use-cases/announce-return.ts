/** Goods of an order that its customer wants to send back. */
import {
  getLinkedOrder,
  getOrder,
  listLinkedReturns,
  listReturns,
  type RequestReturn,
  refusal,
  requestLinkedReturn,
  requestReturn,
} from '@souk/contracts';
import { AppError, isUuid } from '@souk/kernel';
import type { ReturnNotice, ShownOrder, ShownReturn } from '@souk/storefront';
import type { PersonalReaders, Readers } from './load-parts.ts';
import { linkIsGood, type OrderKeys, orNotFound } from './opened-order.ts';

const returnsMax = 100;

/** Those of an order, newest first; undefined where they cannot be read. */
export function loadReturns({ optional }: Pick<Readers, 'optional'>, order_id: string): Promise<readonly ShownReturn[] | undefined> {
  return optional(async (read) => (await read(listReturns, { query: { order_id, limit: returnsMax } })).body);
}

/** Those of the order that a link opens. */
export function loadLinkedReturns({ optional }: Pick<Readers, 'optional'>): Promise<readonly ShownReturn[] | undefined> {
  return optional(async (read) => (await read(listLinkedReturns)).body);
}

export interface ReturnableOrder {
  order: ShownOrder;
  returns: readonly ShownReturn[];
  opened_by: 'session' | 'link';
}

/** Throws `not_found` for who has neither a session of its customer nor a good link. */
export async function loadReturnable({ parts: { person }, linked }: OrderKeys, order_id: string): Promise<ReturnableOrder> {
  if (!isUuid(order_id)) throw refusal('not_found');
  const own = person && (await orNotFound(() => ofSession(person, order_id)));
  if (own !== undefined) return own;
  if (linked === undefined) throw refusal('not_found');
  const [order, returns] = await linkIsGood(() => Promise.all([linked.needed(getLinkedOrder), linked.needed(listLinkedReturns)]));
  return { order: order.body, returns: returns.body, opened_by: 'link' };
}

async function ofSession({ needed }: PersonalReaders, order_id: string): Promise<ReturnableOrder> {
  const [order, returns] = await Promise.all([
    needed(getOrder, { params: { order_id } }),
    needed(listReturns, { query: { order_id, limit: returnsMax } }),
  ]);
  return { order: order.body, returns: returns.body, opened_by: 'session' };
}

export interface Announcement {
  order_id: string;
  opened_by: ReturnableOrder['opened_by'];
  key: string;
  items: RequestReturn['items'];
}

/** What became of it: once for each key, however often it is sent. */
export async function announceReturn(keys: OrderKeys, wanted: Announcement): Promise<'requested' | 'found' | ReturnNotice> {
  if (wanted.items.length === 0) return 'nothing';
  try {
    const { headers } = await ask(keys, wanted);
    return headers['idempotency-replayed'] === 'true' ? 'found' : 'requested';
  } catch (error) {
    const code = error instanceof AppError ? error.code : undefined;
    if (code === 'idempotency_key_reused') return 'found';
    if (code === 'return_too_large' || code === 'return_items_unknown') return 'too_many';
    if (code === 'service_unavailable' || code === 'overloaded') return 'away';
    throw error;
  }
}

function ask({ parts, linked }: OrderKeys, { order_id, opened_by, key, items }: Announcement) {
  const asked = { body: { items }, headers: { 'idempotency-key': key } };
  if (opened_by === 'session') return parts.write(requestReturn, { params: { order_id }, ...asked });
  if (linked === undefined) throw refusal('not_found');
  return linkIsGood(() => linked.write(requestLinkedReturn, asked));
}
