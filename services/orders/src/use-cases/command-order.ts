/** What people ask of one order: cancel, ship, complete. The same saga decides; its row serialises it with everything else. */
import { type ErrorCode, type Order, refusal } from '@souk/contracts';
import type { Cause } from '@souk/messaging';
import { type Caller, checkIfMatch } from '@souk/service-kit';
import type { OrdersContext } from '../context.ts';
import type { CheckoutInput } from '../domain/checkout-saga.ts';
import { toResource } from '../domain/order.ts';
import { findOrder, orderKey } from '../store/orders.ts';
import { advanceCheckouts } from './advance-checkout.ts';

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

/** Throws `order_not_shippable`, `precondition_failed`. */
export function shipOrder(
  ctx: OrdersContext,
  command: OrderCommand,
  shipment: { carrier: string; tracking_number: string },
): Promise<Order> {
  return commandOrder(ctx, command, { name: 'ship_requested', at: ctx.clock.now(), ...shipment });
}

/** Throws `order_not_completable`, `precondition_failed`. */
export function completeOrder(ctx: OrdersContext, command: OrderCommand): Promise<Order> {
  return commandOrder(ctx, command, { name: 'complete_requested', at: ctx.clock.now() });
}

async function commandOrder(ctx: OrdersContext, command: OrderCommand, input: CheckoutInput): Promise<Order> {
  const { order_id, caller, cause } = command;
  const order = await findOrder(ctx.db, order_id);
  // An order never changes hands, so that this needs no lock.
  if (!order || (order.user_id !== caller.user_id && !caller.isStaff)) throw refusal('not_found', 'There is no such order.');
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
  // A shipment of an erased customer needs its address no longer.
  if (input.name === 'ship_requested') ctx.wakeJob('finish-erasures');
  await ctx.cache.invalidate({ keys: [orderKey(order_id)] });
  const after = await findOrder(ctx.db, order_id);
  return toResource(after ?? order);
}
