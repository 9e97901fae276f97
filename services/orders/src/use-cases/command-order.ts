/** What people ask of one order: cancel, ship, complete. The same saga decides; its row serialises it with everything else. */
import { type ErrorCode, type Order, refusal } from '@souk/contracts';
import type { Cause } from '@souk/messaging';
import { type Caller, checkIfMatch } from '@souk/service-kit';
import type { OrdersContext } from '../context.ts';
import type { CheckoutInput } from '../domain/checkout-saga.ts';
import { type OrderRecord, toResource } from '../domain/order.ts';
import { deliveryAfter } from '../domain/parcel.ts';
import { findOrder } from '../store/orders.ts';
import { lockOrder } from '../store/parcels.ts';
import { advanceCheckouts } from './advance-checkout.ts';
import { mayAct } from './own-orders.ts';
import { sendParcel } from './send-parcel.ts';

export interface OrderCommand {
  order_id: string;
  caller: Caller;
  /** If-Match of the request: the command is for this version of the order only. */
  if_match: string | undefined;
  cause: Cause;
}

/** Cancels for a customer (their own order) or for staff; what is cancelled already stays so. Throws `order_not_cancellable`, `precondition_failed`. */
export function cancelOrder(ctx: OrdersContext, command: OrderCommand, note: string | undefined): Promise<Order> {
  const reason = command.caller.isStaff ? 'staff_request' : 'customer_request';
  return commandOrder(ctx, command, { name: 'cancel_requested', at: ctx.clock.now(), reason, note: note ?? null });
}

/** Sends what is left of the order in one parcel; what was sent as a whole stays so. Throws `order_not_shippable`, `precondition_failed`. */
export async function shipOrder(
  ctx: OrdersContext,
  command: OrderCommand,
  shipment: { carrier: string; tracking_number: string },
): Promise<Order> {
  const before = await orderOf(ctx, command);
  await ctx.db.transaction(async (tx) => {
    const order = await lockOrder(tx, command.order_id);
    if (order?.status === 'shipped' && deliveryAfter(order.unsent_pieces) === 'full') return;
    await sendParcel(ctx, tx, command, shipment);
  });
  return toResource((await findOrder(ctx.db, command.order_id)) ?? before);
}

/** Throws `order_not_completable`, `precondition_failed`. */
export function completeOrder(ctx: OrdersContext, command: OrderCommand): Promise<Order> {
  return commandOrder(ctx, command, { name: 'complete_requested', at: ctx.clock.now() });
}

/** Cancels for the holder of a link to the order, which the use case has checked. Throws `order_not_cancellable`. */
export async function cancelForLink(ctx: OrdersContext, order_id: string, cause: Cause): Promise<void> {
  const input = { name: 'cancel_requested', at: ctx.clock.now(), reason: 'customer_request', note: null } as const;
  await carryOut(ctx, { order_id, if_match: undefined, cause }, input);
}

async function commandOrder(ctx: OrdersContext, command: OrderCommand, input: CheckoutInput): Promise<Order> {
  const order = await orderOf(ctx, command);
  await carryOut(ctx, command, input);
  const after = await findOrder(ctx.db, command.order_id);
  return toResource(after ?? order);
}

/** Throws `not_found`. */
async function orderOf(ctx: OrdersContext, { order_id, caller }: OrderCommand): Promise<OrderRecord> {
  const order = await findOrder(ctx.db, order_id);
  // An order never changes hands, so that this needs no lock.
  if (!order || !(await mayAct(ctx, caller, order.user_id))) throw refusal('not_found', 'There is no such order.');
  return order;
}

async function carryOut(ctx: OrdersContext, command: Omit<OrderCommand, 'caller'>, input: CheckoutInput): Promise<void> {
  const { order_id, cause } = command;
  const step = await ctx.db.transaction(async (tx) => {
    const { failures, steps } = await advanceCheckouts(ctx, tx, [{ saga_id: order_id, input_id: cause.correlation_id, input, cause }]);
    const [failure] = failures;
    if (failure) throw failure.error;
    const [taken] = steps;
    // A repeat of what is done carries the old version; the row is locked, so that this is the version that was decided on.
    if (taken && taken.decision.kind !== 'same') checkIfMatch(command, taken.before.version);
    return taken;
  });
  if (step?.decision.kind === 'refuse')
    throw refusal(step.decision.code as ErrorCode, `The order is ${step.before.status}.`, { status: step.before.status });
}
