import { type Order, type PlaceOrder, refusal } from '@souk/contracts';
import { mapBounded } from '@souk/kernel';
import type { Cause } from '@souk/messaging';
import { bodyHash, type Caller, callerId } from '@souk/service-kit';
import { userExists } from '../clients/users.ts';
import type { OrdersContext, PlaceCommand, Placement } from '../context.ts';
import { isDecided, toResource } from '../domain/order.ts';
import { keepNewer } from '../store/catalogue.ts';
import { findOrder } from '../store/orders.ts';
import { isKeyKnown, type KeyClaim } from '../store/placements.ts';
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

const lookupsConcurrent = 8;

/** Places an order, or finds the one that was placed under the same key, and waits for the end of its checkout if asked to. */
export async function placeOrder(ctx: OrdersContext, request: PlaceRequest): Promise<PlacedOrder> {
  const { caller, wanted, cause } = request;
  const user_id = wanted.user_id ?? caller.user_id;
  if (user_id !== caller.user_id && !caller.isStaff) throw refusal('forbidden', 'Only staff may order for another customer.');
  const claim = claimOf(request);
  const command: PlaceCommand = { user_id, wanted, by_staff: caller.isStaff, claim, cause };
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
  const found = await mapBounded(placement.product_ids, lookupsConcurrent, (product_id) => ctx.lookUpProduct(product_id, command.cause));
  const products = found.flatMap((product) => product ?? []);
  if (products.length > 0) await keepNewer(ctx.db, products);
  if (products.length < placement.product_ids.length) {
    const found_ids = new Set(products.map((product) => product.product_id));
    return { kind: 'unknown_products', product_ids: placement.product_ids.filter((product_id) => !found_ids.has(product_id)) };
  }
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

function productsUnknown(wanted: PlaceOrder, product_ids: readonly string[]) {
  const unknown = new Set(product_ids);
  const errors = wanted.items.flatMap(({ product_id }, index) =>
    unknown.has(product_id) ? [{ pointer: `/items/${index}/product_id`, detail: `product ${product_id} is unknown` }] : [],
  );
  return refusal('product_unknown', `There is no product ${product_ids.slice(0, 3).join(', ')}${product_ids.length > 3 ? ', …' : ''}.`, {
    errors,
  });
}

/** The order after the wait the client asked for: its checkout may be over by then. */
async function atItsEnd(ctx: OrdersContext, order: Order, { wait_ms, signal }: PlaceRequest): Promise<Order> {
  if (wait_ms === 0 || isDecided(order.status)) return order;
  const outcome = await ctx.waiters.wait(order.id, wait_ms, signal);
  if (outcome) return { ...order, ...outcome };
  return asItIsNow(ctx, order);
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
  if (request.wait_ms === 0 || isDecided(order.status)) return order;
  await ctx.waiters.wait(order_id, request.wait_ms, request.signal);
  return read();
}
