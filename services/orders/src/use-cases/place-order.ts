import { type Order, type PlaceOrder, refusal } from '@souk/contracts';
import type { Cause } from '@souk/messaging';
import { bodyHash, type Caller, callerId } from '@souk/service-kit';
import { userExists } from '../clients/users.ts';
import type { OrdersContext, PlaceCommand, Placement } from '../context.ts';
import { isDecided, shownAction, shownWait, toResource } from '../domain/order.ts';
import { findOrder, type OrderOutcome } from '../store/orders.ts';
import { isKeyKnown, type KeyClaim } from '../store/placements.ts';
import { lookUpProducts, productsUnknown } from './look-up-products.ts';
import { placeRoute } from './place-orders.ts';

export interface PlaceRequest {
  caller: Caller;
  wanted: PlaceOrder;
  idempotency_key: string | undefined;
  authorization: string | undefined;
  /** How long to wait for the end of the checkout; 0 answers at once. */
  wait_ms: number;
  cause: Cause;
  signal: AbortSignal;
}

export interface PlacedOrder {
  order: Order;
  replayed: boolean;
}

/** Places an order, or finds the one that was placed under the same key, and waits for the end of its checkout if asked to. */
export async function placeOrder(ctx: OrdersContext, request: PlaceRequest): Promise<PlacedOrder> {
  const { caller, wanted, cause } = request;
  const user_id = wanted.user_id ?? caller.user_id;
  if (user_id !== caller.user_id && !caller.isStaff) throw refusal('forbidden', 'Only staff may order for another customer.');
  const claim = claimOf(request);
  const customer_key = user_id === caller.user_id ? caller.customer_key : undefined;
  const command: PlaceCommand = { user_id, customer_key, wanted, by_staff: caller.isStaff, claim, cause };
  const place = (): Promise<Placement> => placeKnowingAll(ctx, command, request);
  const placement = claim ? await ctx.keyMutex(`${claim.user_id} ${claim.key}`, place) : await place();
  if (placement.kind === 'placed') return { order: await atItsEnd(ctx, placement.order, request), replayed: false };
  if (placement.kind === 'replayed') return { order: await earlierOrder(ctx, placement.order_id, request), replayed: true };
  throw productsUnknown(wanted, placement.product_ids);
}

function claimOf({ caller, wanted, idempotency_key }: PlaceRequest): KeyClaim | null {
  if (idempotency_key === undefined) return null;
  return { user_id: callerId(caller), key: idempotency_key, body_hash: bodyHash(wanted).toString('hex') };
}

/** What is not known here yet is asked for once: the customer at `users`, products at `products`. */
async function placeKnowingAll(ctx: OrdersContext, command: PlaceCommand, request: PlaceRequest): Promise<Placement> {
  if (command.user_id !== request.caller.user_id && !(await isRepeat(ctx, command.claim))) await checkUser(ctx, command.user_id, request);
  const placement = await ctx.place(command);
  if (placement.kind !== 'unknown_products') return placement;
  const product_ids = await lookUpProducts(ctx, placement.product_ids, command.cause);
  if (product_ids.length > 0) return { kind: 'unknown_products', product_ids };
  return ctx.place(command);
}

/** A repeat is answered even while `users` is away. */
async function isRepeat(ctx: OrdersContext, claim: KeyClaim | null): Promise<boolean> {
  return claim !== null && (await isKeyKnown(ctx.db, placeRoute, claim.user_id, claim.key));
}

async function checkUser(ctx: OrdersContext, user_id: string, { authorization, cause }: PlaceRequest): Promise<void> {
  if (await userExists(ctx, user_id, { authorization, cause })) return;
  const errors = [{ pointer: '/user_id', detail: `there is no user ${user_id}` }];
  throw refusal('user_unknown', `There is no user ${user_id}.`, { errors });
}

/** The order after the wait the client asked for: its checkout may be over by then. */
async function atItsEnd(ctx: OrdersContext, order: Order, { wait_ms, signal }: PlaceRequest): Promise<Order> {
  if (wait_ms === 0 || isDecided(order.status)) return order;
  const outcome = await ctx.waiters.wait(order.id, wait_ms, signal);
  // What was sent meanwhile is not in the outcome.
  if (outcome && outcome.status !== 'shipped' && outcome.status !== 'completed') return withOutcome(order, outcome);
  return asItIsNow(ctx, order);
}

function withOutcome(order: Order, { payment_action, ...outcome }: OrderOutcome): Order {
  const now = { ...outcome, payment_action, deadline_at: null };
  const wait = shownWait(now);
  const ended = { ...order, ...outcome, ...shownAction(now), ...wait };
  const { waiting_for: _, ...without } = ended;
  return wait.waiting_for ? ended : without;
}

/** How far an undecided checkout has come. The order is placed: when it cannot be read again, the answer is the order as it was placed. */
async function asItIsNow(ctx: OrdersContext, placed: Order): Promise<Order> {
  try {
    const record = await findOrder(ctx.db, placed.id);
    return record ? toResource(record) : placed;
  } catch (error) {
    ctx.log.warn({ err: error, order_id: placed.id }, 'an order could not be read again after the wait');
    return placed;
  }
}

/** A decision between the first reading and the wait is found by the query for all who wait. */
async function earlierOrder(ctx: OrdersContext, order_id: string, request: PlaceRequest): Promise<Order> {
  const read = async (): Promise<Order> => {
    const record = await findOrder(ctx.db, order_id);
    if (!record) throw refusal('not_found', 'The order of this idempotency key is not there.');
    return toResource(record);
  };
  const order = await read();
  if (request.wait_ms === 0 || isDecided(order.status) || order.action !== undefined) return order;
  await ctx.waiters.wait(order_id, request.wait_ms, request.signal);
  return read();
}
