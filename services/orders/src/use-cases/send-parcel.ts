/** Sends orders in parcels and notes their arrival, under the lock of the order's row: no piece is ever in two parcels. */
import { type Parcel, refusal, type SendParcel } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { Cause } from '@souk/messaging';
import type { Tx } from '@souk/postgres';
import { checkIfMatch } from '@souk/service-kit';
import type { OrdersContext } from '../context.ts';
import { decideParcel, type ParcelContent, type ParcelRecord, shownParcel, wholeParcel } from '../domain/parcel.ts';
import { changeOrder, insertParcel, type LockedOrder, lockOrder, parcelsOf, setDelivered } from '../store/parcels.ts';
import { advanceCheckouts } from './advance-checkout.ts';
import { parcelSentDraft } from './parcel-events.ts';

export interface ParcelCommand {
  order_id: string;
  /** If-Match of the request: the command is for this version of the order only. */
  if_match: string | undefined;
  cause: Cause;
}

/** The first parcel ships the order. Throws `not_found`, `order_not_shippable`, `precondition_failed`, `parcel_items_unknown`, `parcel_too_large`. */
export async function sendParcel(
  ctx: OrdersContext,
  tx: Tx,
  { order_id, if_match, cause }: ParcelCommand,
  wanted: SendParcel,
): Promise<Parcel> {
  const order = await lockedOrder(tx, order_id);
  const { status } = order;
  if (status !== 'confirmed' && status !== 'shipped') throw refusal('order_not_shippable', `The order is ${status}.`, { status });
  checkIfMatch({ if_match }, order.version);
  const { parcels: sent } = await sentParcels(tx, order);
  const { carrier, tracking_number, tracking_url = null } = wanted;
  const content = decideParcel(
    order.items,
    sent.flatMap(({ items }) => items),
    wanted.items,
  );
  const at = timestamp(ctx.clock.now());
  const named = { id: ctx.ids.uuid(), number: sent.length + 1, carrier, tracking_number, tracking_url };
  const parcel: ParcelRecord = { ...named, items: content.items, sent_at: at, delivered_at: null };
  await insertParcel(tx, order_id, parcel);
  if (status === 'confirmed') await shipWith(ctx, tx, order, parcel, content, cause);
  else await addParcel(ctx, tx, order, parcel, content, cause);
  // What is sent of an erased customer's order needs its address no longer.
  tx.onCommit(() => ctx.wakeJob('finish-erasures'));
  return shownParcel(parcel);
}

async function shipWith(
  ctx: OrdersContext,
  tx: Tx,
  { id: order_id }: LockedOrder,
  parcel: ParcelRecord,
  content: ParcelContent,
  cause: Cause,
): Promise<void> {
  const { id: parcel_id, carrier, tracking_number, tracking_url } = parcel;
  const input = { name: 'ship_requested', at: ctx.clock.now(), parcel_id, carrier, tracking_number, tracking_url, ...content } as const;
  const { failures } = await advanceCheckouts(ctx, tx, [{ saga_id: order_id, input_id: cause.correlation_id, input, cause }]);
  const [failure] = failures;
  if (failure) throw failure.error;
}

/** The order is shipped already: a version of its own, in which the status stays. */
async function addParcel(
  ctx: OrdersContext,
  tx: Tx,
  order: LockedOrder,
  parcel: ParcelRecord,
  { items, unsent_pieces }: ParcelContent,
  cause: Cause,
): Promise<void> {
  const { number, carrier, tracking_number } = parcel;
  const words = items.map(({ quantity, name }) => `${quantity} × ${name}`).join(', ');
  await changeOrder(tx, {
    order_id: order.id,
    unsent_pieces,
    ...lineOf(ctx, 'parcel_sent', cause),
    note: `parcel ${number} (${carrier}, ${tracking_number}): ${words}`,
    note_key: `parcel:${parcel.id}`,
  });
  const changed = { ...order, version: order.version + 1 };
  await ctx.outbox.append(tx, [parcelSentDraft(changed, parcel, unsent_pieces, cause)]);
}

/** Notes that a parcel was delivered; the first time counts. Throws `not_found`. */
export function markDelivered(ctx: OrdersContext, delivery: Delivery): Promise<Parcel> {
  return ctx.db.transaction((tx) => deliver(ctx, tx, delivery));
}

interface Delivery {
  order_id: string;
  parcel_id: string;
  cause: Cause;
}

async function deliver(ctx: OrdersContext, tx: Tx, { order_id, parcel_id, cause }: Delivery): Promise<Parcel> {
  const order = await lockedOrder(tx, order_id);
  const { parcels, stored } = await sentParcels(tx, order);
  const parcel = parcels.find(({ id }) => id === parcel_id);
  if (parcel === undefined) throw refusal('not_found', 'The order has no such parcel.');
  if (parcel.delivered_at !== null) return shownParcel(parcel);
  const line = lineOf(ctx, 'parcel_delivered', cause);
  const delivered = { ...parcel, delivered_at: line.at };
  if (stored) await setDelivered(tx, parcel_id, line.at);
  else await insertParcel(tx, order_id, delivered);
  await changeOrder(tx, {
    order_id,
    unsent_pieces: order.unsent_pieces,
    ...line,
    note: `parcel ${parcel.number} was delivered`,
    note_key: `delivered:${parcel_id}`,
  });
  return shownParcel(delivered);
}

function lineOf({ clock }: OrdersContext, cause: string, { correlation_id, actor = 'system' }: Cause) {
  return { at: timestamp(clock.now()), cause, cause_id: correlation_id, actor };
}

async function lockedOrder(tx: Tx, order_id: string): Promise<LockedOrder> {
  const order = await lockOrder(tx, order_id);
  if (order === undefined) throw refusal('not_found', 'There is no such order.');
  return order;
}

/** An order that was shipped before parcels were kept had one, which is not stored. */
export async function sentParcels(tx: Tx, order: LockedOrder): Promise<{ parcels: ParcelRecord[]; stored: boolean }> {
  const parcels = await parcelsOf(tx, order.id);
  const as_whole = parcels.length === 0 && (order.status === 'shipped' || order.status === 'completed');
  return as_whole ? { parcels: [wholeParcel(order)], stored: false } : { parcels, stored: true };
}
