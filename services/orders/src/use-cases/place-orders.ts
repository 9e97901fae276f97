/**
 * Orders placed close together are committed together: one statement reads what is known (prices, idempotency keys,
 * erasures), one writes orders, histories and keys, one the events, and the commit travels with them. Each order is
 * decided on its own; a refusal of one is nothing to the others.
 */
import { type Order, orderCreated, type PlaceOrder, placeOrder, refusal } from '@souk/contracts';
import { AppError, isSampled, timestamp } from '@souk/kernel';
import { type Cause, causeWithin, draft, type EventDraft } from '@souk/messaging';
import { sqlState, type Tx, violatedConstraint } from '@souk/postgres';
import { routeName, type ServiceContext } from '@souk/service-kit';
import { failureOf, joined } from '@souk/telemetry/tracing';
import type { OrdersConfig } from '../config.ts';
import type { PlaceCommand, Placement, RulesMemory } from '../context.ts';
import { type CatalogueProduct, unknownProducts } from '../domain/goods.ts';
import { type OpenOrders, withOneMore } from '../domain/open-limits.ts';
import { type OrderRecord, toResource } from '../domain/order.ts';
import { type PricedOrder, piecesOf, priceOrder } from '../domain/price-order.ts';
import type { PricingRules } from '../domain/pricing-rules.ts';
import { type CustomerUses, codeKey, offersOf, type PromotionUses, type Redemption, takeUses, usesOf } from '../domain/promotion-uses.ts';
import { checkCodes, checkExpectedTotal } from '../domain/shown-totals.ts';
import { ordersPlaced } from '../events.ts';
import { deleteOrderedCarts } from '../store/carts.ts';
import { type GroupKnowledge, type NewOrder, readForGroup, writeGroup } from '../store/placements.ts';
import { readRules } from '../store/pricing-rules.ts';
import { customerUses, writeRedemptions } from '../store/redemptions.ts';

type Outcome = Placement | Error;

/** An order that is granted: its price, and what it uses of promotions. */
interface Decided {
  priced: PricedOrder;
  redemptions: Redemption[];
}

interface Placed {
  index: number;
  order: Order;
  row: NewOrder;
  redemptions: Redemption[];
  event: EventDraft;
}
type Context = ServiceContext<OrdersConfig> & { readonly rules: RulesMemory };

export const placeRoute = routeName(placeOrder);
/** How often a group is decided again because a concurrent duplicate in another process committed its key in between. */
const attemptsMax = 3;

/** Answers one outcome for each command, in the same order. */
export function placeOrders(context: Context, commands: readonly PlaceCommand[]): Promise<Outcome[]> {
  const parents = commands.map(({ cause }) => cause.traceparent);
  return joined(context.tracer, { name: 'place orders', parents }, async (spans) => {
    const outcomes = await placeGroup(
      context,
      commands.map((command, place) => ({ ...command, cause: causeWithin(command.cause, spans.of(place)) })),
    );
    outcomes.forEach((outcome, place) => {
      if (outcome instanceof Error) spans.of(place)?.fail(failureOf(outcome));
      else spans.of(place)?.set({ 'souk.outcome': outcome.kind });
    });
    return outcomes;
  });
}

async function placeGroup(context: Context, commands: readonly PlaceCommand[]): Promise<Outcome[]> {
  try {
    return await placeWithDuplicates(context, commands);
  } catch (error) {
    if (error instanceof AppError || commands.length === 1) throw error;
    context.log.warn({ err: error, size: commands.length }, 'a group of orders failed; they are placed one by one');
  }
  const outcomes: Outcome[] = [];
  for (const command of commands) outcomes.push(await placeAlone(context, command));
  return outcomes;
}

async function placeAlone(context: Context, command: PlaceCommand): Promise<Outcome> {
  try {
    const [outcome] = await placeWithDuplicates(context, [command]);
    return outcome as Outcome;
  } catch (error) {
    return error as Error;
  }
}

async function placeWithDuplicates(context: Context, commands: readonly PlaceCommand[]): Promise<Outcome[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await context.db.transaction((tx) => placeInTransaction(context, tx, commands));
    } catch (error) {
      // The duplicate has committed: the key is found now, and its order is answered.
      if (sqlState(error) !== '23505' || violatedConstraint(error) !== 'idempotency_keys_pkey' || attempt === attemptsMax) throw error;
    }
  }
}

async function placeInTransaction(context: Context, tx: Tx, commands: readonly PlaceCommand[]): Promise<Outcome[]> {
  const knowledge = await readForGroup(tx, askedBy(commands));
  const by_customer = await usesOfCustomers(tx, commands, knowledge);
  const rules = await context.rules.of(knowledge.rules_version, () => readRules(tx));
  const created_at = context.clock.now();
  const uses = usesOf(knowledge.codes, knowledge.limited, by_customer);
  const decisions = decideGroup(commands, knowledge, context.config, { rules, uses, at_ms: created_at });
  const outcomes = new Array<Outcome>(commands.length);
  const placed: Placed[] = [];
  decisions.forEach((decision, index) => {
    if (decision instanceof Error || 'kind' in decision) outcomes[index] = decision;
    else placed.push({ index, ...newOrder(context, commands[index] as PlaceCommand, decision, created_at) });
  });
  if (placed.length === 0) return outcomes;
  tx.onCommit(() =>
    ordersPlaced(
      context,
      placed.map(({ order }) => order),
    ),
  );
  const [, , , numbers] = await Promise.all([
    takeOrderedCarts(
      tx,
      placed.map(({ row }) => row),
    ),
    keepRedemptions(tx, placed),
    context.outbox.append(
      tx,
      placed.map(({ event }) => event),
    ),
    writeGroup(
      tx,
      placeRoute,
      placed.map(({ row }) => row),
    ),
  ]);
  for (const { index, order } of placed) {
    outcomes[index] = { kind: 'placed', order: { ...order, order_number: numbers.get(order.id) as string } };
  }
  return outcomes;
}

/** Nothing is sent where no order names a cart. The customers are locked, so that a cart changes before or after the whole group. */
async function takeOrderedCarts(tx: Tx, rows: readonly NewOrder[]): Promise<void> {
  const ordered = rows.flatMap(({ user_id, cart_version }) => (cart_version === null ? [] : { user_id, cart_version }));
  if (ordered.length > 0) await deleteOrderedCarts(tx, ordered);
}

/** The same for promotions: nothing is sent where no order used a code, or one with a limit. */
async function keepRedemptions(tx: Tx, placed: readonly Placed[]): Promise<void> {
  const redemptions = placed.flatMap(({ order, redemptions: used }) => used.map((one) => ({ ...one, order_id: order.id })));
  if (redemptions.length > 0) await writeRedemptions(tx, redemptions);
}

/** Asked only where a promotion counts for each customer; the promotions are locked. */
async function usesOfCustomers(tx: Tx, commands: readonly PlaceCommand[], { limited }: GroupKnowledge): Promise<CustomerUses[]> {
  const promotion_ids = limited.flatMap(({ id, uses_per_customer }) => (uses_per_customer === null ? [] : id));
  if (promotion_ids.length === 0) return [];
  return customerUses(tx, promotion_ids, [...new Set(commands.map(customerOf))]);
}

function customerOf({ customer_key, user_id }: PlaceCommand): string {
  return customer_key ?? user_id;
}

function askedBy(commands: readonly PlaceCommand[]) {
  return {
    product_ids: [...new Set(commands.flatMap(({ wanted }) => wanted.items.map((item) => item.product_id)))],
    user_ids: [...new Set(commands.map(({ user_id }) => user_id))],
    limited_user_ids: [...new Set(commands.flatMap(({ user_id, by_staff }) => (by_staff ? [] : user_id)))],
    claims: commands.flatMap(({ claim }) => claim ?? []),
    code_keys: [...new Set(commands.flatMap(({ wanted }) => (wanted.codes ?? []).map(codeKey)))],
    route: placeRoute,
  };
}

/** What becomes of each: an earlier order, a refusal, unknown products, or an order. Keys speak first: a repeat is answered even where it would be refused today. */
function decideGroup(
  commands: readonly PlaceCommand[],
  { products, keys, erased, open }: GroupKnowledge,
  limits: OrdersConfig,
  { rules, uses, at_ms }: { rules: PricingRules; uses: PromotionUses; at_ms: number },
): (Decided | Outcome)[] {
  const catalogue = new Map<string, CatalogueProduct>(products.map((product) => [product.product_id, product]));
  const known = new Map(keys.map((key) => [`${key.user_id} ${key.key}`, key]));
  const gone = new Set(erased);
  const held = new Map<string, OpenOrders>(open.map(({ user_id, ...orders }) => [user_id, orders]));
  return commands.map((command) => {
    const { wanted, claim, user_id, by_staff } = command;
    const customer_key = customerOf(command);
    const earlier = claim && known.get(`${claim.user_id} ${claim.key}`);
    if (claim && earlier)
      return earlier.body_hash === claim.body_hash ? { kind: 'replayed', order_id: earlier.order_id } : keyReused(earlier.order_id);
    if (gone.has(user_id)) return refusal('user_unknown', 'The account was erased.');
    const product_ids = unknownProducts(wanted, catalogue);
    if (product_ids.length > 0) return { kind: 'unknown_products', product_ids };
    return orRefusal(() => {
      const { offers, refused } = offersOf(wanted.codes ?? [], rules, uses, customer_key, at_ms);
      const price = priceOrder(wanted, catalogue, rules, at_ms, offers);
      checkCodes({ ...price, refused_codes: [...refused, ...price.refused_codes] }, at_ms);
      checkExpectedTotal(wanted.expected_total, price, at_ms);
      // The orders of one group count for those behind them.
      if (!by_staff) held.set(user_id, withOneMore(held.get(user_id) ?? { orders: 0, pieces: 0 }, piecesOf(price), limits));
      const { options: _options, refused_codes: _refused, ...priced } = price;
      return { priced, redemptions: takeUses(uses, priced.totals?.discounts ?? [], customer_key) };
    });
  });
}

/** Names the order, so that a client that lost the answer and changed its request finds what it has ordered. */
function keyReused(order_id: string): AppError {
  return refusal('idempotency_key_reused', `Order ${order_id} was placed under this key by another request.`, { current: { order_id } });
}

function orRefusal<T>(decide: () => T): T | AppError {
  try {
    return decide();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

function newOrder(
  context: Context,
  { user_id, wanted, claim, cause }: PlaceCommand,
  { priced, redemptions }: Decided,
  created_at_ms: number,
): Omit<Placed, 'index'> {
  const created_at = timestamp(created_at_ms);
  const deadline_at = timestamp(created_at_ms + context.config.saga_stock_deadline_ms);
  const { shipping_address, payment_method, billing_address = null, locale = null, cart_version = null } = wanted;
  const placed = { id: context.ids.uuid(), user_id, ...priced, shipping_address, billing_address, locale, created_at };
  const { actor = 'system', correlation_id, correlation = null } = cause;
  const traceparent = isSampled(cause.traceparent) ? cause.traceparent : null;
  const origin = { correlation_id, correlation, traceparent, actor, cause_id: correlation_id };
  const row: NewOrder = { ...placed, ...origin, payment_method, pieces: piecesOf(priced), deadline_at, cart_version, claim };
  const record: OrderRecord = {
    ...placed,
    order_number: '',
    status: 'pending',
    cancel_reason: null,
    carrier: null,
    tracking_number: null,
    unsent_pieces: null,
    parcels: null,
    payment_action: null,
    deadline_at,
    version: 1,
    updated_at: created_at,
  };
  const order = toResource(record);
  return { order, row, redemptions, event: createdEvent(order, shipping_address, cause) };
}

function createdEvent(order: Order, shipping_address: PlaceOrder['shipping_address'], cause: Cause): EventDraft {
  const { id, version, user_id, total_amount, currency } = order;
  const items = order.items.map(({ product_id, quantity, price }) => ({ product_id, quantity, price }));
  return draft(orderCreated, { order_id: id, order_version: version, user_id, items, total_amount, currency, shipping_address }, cause);
}
