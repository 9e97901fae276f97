/** Returns, under the lock of their order's row: no piece comes back twice, and none that was not sent. */
import { type ReceiveReturn, type RefundReturn, type RequestReturn, type Return, refusal } from '@souk/contracts';
import { required, timestamp, toMinor } from '@souk/kernel';
import type { Cause, EventDraft } from '@souk/messaging';
import type { Tx } from '@souk/postgres';
import { type Caller, checkIfMatch } from '@souk/service-kit';
import type { OrdersContext } from '../context.ts';
import {
  announcedWith,
  checkStep,
  decideReceipt,
  decideRefund,
  decideReturn,
  type ReturnRecord,
  type ReturnStep,
  shownRefund,
  shownReturn,
} from '../domain/return.ts';
import { findOrder } from '../store/orders.ts';
import { type LockedOrder, lockOrder } from '../store/parcels.ts';
import { findReturn, insertReturn, returnsOf, saveReturn } from '../store/returns.ts';
import { noteAction } from './note-action.ts';
import { mayAct } from './own-orders.ts';
import { receivedDrafts, refundDrafts, updatedDraft } from './return-events.ts';
import { sentParcels } from './send-parcel.ts';

/** Throws `not_found`, also for the order of another customer. An order never changes hands, so that this needs no lock. */
export async function checkOwner(ctx: OrdersContext, caller: Caller, order_id: string): Promise<void> {
  const order = await findOrder(ctx.db, order_id);
  if (!order || !(await mayAct(ctx, caller, order.user_id))) throw refusal('not_found', 'There is no such order.');
}

/** Throws `not_found`, `return_items_unknown`, `return_too_large`. */
export async function requestReturn(ctx: OrdersContext, tx: Tx, order_id: string, { items }: RequestReturn, cause: Cause): Promise<Return> {
  const order = await lockOrder(tx, order_id);
  if (order === undefined) throw refusal('not_found', 'There is no such order.');
  const { parcels } = await sentParcels(tx, order);
  const sent = parcels.flatMap((parcel) => parcel.items);
  const at = timestamp(ctx.clock.now());
  const record: Omit<ReturnRecord, 'number'> = {
    id: ctx.ids.uuid(),
    order_id,
    user_id: order.user_id,
    state: 'requested',
    items: decideReturn(order.items, sent, await returnsOf(tx, order_id), items),
    currency: order.currency,
    refund: null,
    announced: announcedWith([], 'requested'),
    version: 1,
    created_at: at,
    updated_at: at,
  };
  const made = { ...record, number: await insertReturn(tx, record) };
  await ctx.outbox.append(tx, [updatedDraft(order, made, made.state, cause)]);
  return shownReturn(made);
}

export interface ReturnCommand {
  return_id: string;
  /** If-Match of the request: the command is for this version of the return only. */
  if_match: string | undefined;
  cause: Cause;
}

const stateAfter = { approve: 'approved', reject: 'rejected', close: 'closed' } as const;

/** Throws `not_found`, `return_not_open`, `precondition_failed`. */
export function moveReturn(ctx: OrdersContext, command: ReturnCommand, step: keyof typeof stateAfter): Promise<Return> {
  return change(ctx, command, step, () => ({ state: stateAfter[step] }));
}

/** What is sold again goes back into stock. Throws the same, `return_items_unknown` and `return_too_large`. */
export function receiveReturn(ctx: OrdersContext, command: ReturnCommand, { items: arrived }: ReceiveReturn): Promise<Return> {
  return change(ctx, command, 'receive', ({ record }) => {
    const items = decideReceipt(record.items, arrived);
    return { state: 'received', items, drafts: receivedDrafts({ ...record, items }, command.cause) };
  });
}

/** Asks `payments` for the money. Throws as `moveReturn` does, `amount_invalid` and `deduction_too_large`. */
export function refundReturn(
  ctx: OrdersContext,
  command: ReturnCommand,
  { shipping, deduction = 0, reason }: RefundReturn,
): Promise<Return> {
  return change(ctx, command, 'refund', ({ order, record, others }) => {
    const { currency } = record;
    const terms = { shipping, deduction: toMinor(deduction, currency, '/deduction') };
    const { items, refund: decided } = decideRefund(order.items, record, others, terms);
    const given = reason !== undefined && { reason };
    if (decided.amount === 0) return { state: 'refunded', items, refund: { refund_id: null, ...decided, ...given } };
    const refund = { refund_id: ctx.ids.uuid(), ...decided, ...given };
    return { state: 'refunding', items, refund, drafts: refundDrafts({ ...record, refund }, command.cause) };
  });
}

/** What a refund would come to. Throws `not_found`, `return_not_open`. */
export async function previewRefund(
  ctx: OrdersContext,
  return_id: string,
  shipping: RefundReturn['shipping'],
): Promise<NonNullable<Return['refund']>> {
  return ctx.db.transaction(async (tx) => {
    const { order, record, others } = await lockReturn(tx, return_id);
    checkStep(record, 'refund');
    const { refund } = decideRefund(order.items, record, others, { shipping, deduction: 0 });
    return shownRefund({ refund_id: null, ...refund }, record.currency);
  });
}

interface LockedReturn {
  order: LockedOrder;
  record: ReturnRecord;
  others: ReturnRecord[];
}

const done = { approve: 'approved', reject: 'rejected', close: 'closed', receive: 'received', refund: 'refunded' } as const;

type Change = Partial<Pick<ReturnRecord, 'items' | 'refund'>> & Pick<ReturnRecord, 'state'> & { drafts?: EventDraft[] };

async function change(
  ctx: OrdersContext,
  { return_id, if_match, cause }: ReturnCommand,
  step: ReturnStep,
  decide: (locked: LockedReturn) => Change,
): Promise<Return> {
  return ctx.db.transaction(async (tx) => {
    const locked = await lockReturn(tx, return_id);
    const { order, record } = locked;
    checkIfMatch({ if_match }, record.version);
    checkStep(record, step);
    const { drafts = [], ...changed } = decide(locked);
    const announced = announcedWith(record.announced, changed.state);
    const after = { ...record, ...changed, announced, version: record.version + 1, updated_at: timestamp(ctx.clock.now()) };
    const news = announced.length > record.announced.length ? [updatedDraft(order, after, after.state, cause)] : [];
    await Promise.all([saveReturn(tx, after), ctx.outbox.append(tx, [...drafts, ...news])]);
    await noteAction(ctx, tx, { subject: 'return', action: done[step], subject_id: record.id, label: record.number }, cause);
    return shownReturn(after);
  });
}

/** The order is locked before its returns are read: a statement sees what was committed before it began. */
async function lockReturn(tx: Tx, return_id: string): Promise<LockedReturn> {
  const found = await findReturn(tx, return_id);
  if (found === undefined) throw refusal('not_found', 'There is no such return.');
  const order = required(await lockOrder(tx, found.order_id), 'the order of the return');
  const all = await returnsOf(tx, order.id);
  const record = required(
    all.find(({ id }) => id === return_id),
    'the return',
  );
  return { order, record, others: all.filter(({ id }) => id !== return_id) };
}
