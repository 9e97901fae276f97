/**
 * What must be true, as pure functions over facts. A rule says what is wrong now; whether it may still be in flight is
 * for the audit to find out by looking again.
 */
import { minorToDecimal } from '@souk/kernel';
import type {
  Finding,
  ItemCount,
  MessagingFact,
  NotificationFact,
  OrderFact,
  PaymentFact,
  ProductFact,
  ProviderFact,
  ReservationFact,
  StockFact,
  ToldFact,
} from './facts.ts';

/** Everything the services say of one order. */
export interface OrderFacts {
  order_id: string;
  order?: OrderFact;
  reservation?: ReservationFact;
  payment?: PaymentFact;
  provider?: ProviderFact;
  told?: ToldFact;
}

/** What must have been said by each status. */
const announcements = {
  pending: [],
  awaiting_payment: [],
  confirmed: ['order.confirmed'],
  shipped: ['order.confirmed', 'order.shipped'],
  completed: ['order.confirmed', 'order.shipped', 'order.completed'],
  cancelled: ['order.cancelled'],
} as const satisfies Record<OrderFact['status'], readonly string[]>;
const said_once: ReadonlySet<string> = new Set(Object.values(announcements).flat());

const hourMs = 3_600_000;
const minuteMs = 60_000;
const secondsOutboxMax = 60;

/** What is wrong with one order at `now` (epoch milliseconds): its stock, its money, its deadline, and what belongs to no order. */
export function checkOrder(facts: OrderFacts, now: number): Finding[] {
  const { order, reservation, payment } = facts;
  const found = order ? [...checkKnownOrder(order, facts, now), ...checkTold(order, facts, now)] : orphans(facts);
  if (reservation || payment || order) found.push(...checkProvider(facts));
  return found;
}

function checkKnownOrder(order: OrderFact, facts: OrderFacts, now: number): Finding[] {
  switch (order.status) {
    case 'pending':
    case 'awaiting_payment':
      return order.deadline_at_ms !== null && now > order.deadline_at_ms + 2 * minuteMs
        ? [
            {
              rule: 'deadline_passed',
              detail: `order is ${order.status} ${Math.round((now - order.deadline_at_ms) / 1_000)} s after its deadline`,
              ids: [order.order_id],
            },
          ]
        : [];
    case 'cancelled':
      return checkCancelled(order, facts, now);
    default:
      return checkSold(order, facts);
  }
}

/** Messages have their own time: queues may be long, and mail is tried again. After an hour the customer should know. */
function checkTold(order: OrderFact, { told }: OrderFacts, now: number): Finding[] {
  const said = new Map(told?.told.map(({ event_type, events }) => [event_type, events]));
  const found: Finding[] = [];
  const missing = announcements[order.status].filter((event_type) => !said.has(event_type));
  if (missing.length > 0 && now - order.updated_at_ms > hourMs) {
    const detail = `order has been ${order.status} for more than an hour, and nobody was told: ${missing.join(', ')}`;
    found.push({ rule: 'never_told', detail, ids: [order.order_id] });
  }
  for (const [event_type, events] of said)
    if (said_once.has(event_type) && events > 1)
      found.push({ rule: 'told_twice', detail: `${events} different events told ${event_type}`, ids: [order.order_id] });
  return found;
}

function orphans({ order_id, reservation, payment, provider }: OrderFacts): Finding[] {
  const found: Finding[] = [];
  if (reservation && reservation.status !== 'tombstone')
    found.push({ rule: 'reservation_without_order', detail: `a reservation (${reservation.status}) belongs to no order`, ids: [order_id] });
  if (payment) found.push({ rule: 'payment_without_order', detail: 'a payment belongs to no order', ids: [order_id, payment.payment_id] });
  if (provider) found.push({ rule: 'charge_without_order', detail: 'the provider charged for an order nobody knows', ids: [order_id] });
  return found;
}

function checkSold(order: OrderFact, { payment, reservation }: OrderFacts): Finding[] {
  const found: Finding[] = [];
  const ids = [order.order_id];
  if (order.items_amount !== order.total_amount) {
    const detail = `order is over ${money(order.total_amount, order.currency)}, its items come to ${money(order.items_amount, order.currency)}`;
    found.push({ rule: 'total_differs_from_items', detail, ids });
  }
  if (payment?.status !== 'captured') {
    found.push({ rule: 'sold_without_money', detail: `order is ${order.status}, its payment is ${payment?.status ?? 'missing'}`, ids });
  } else if (payment.captured !== order.total_amount || payment.currency !== order.currency) {
    const detail = `order is over ${money(order.total_amount, order.currency)}, captured was ${money(payment.captured, payment.currency)}`;
    found.push({ rule: 'captured_differs_from_total', detail, ids: [...ids, payment.payment_id] });
  }
  const wanted = order.status === 'confirmed' ? ['held'] : ['shipped'];
  if (!reservation || !wanted.includes(reservation.status)) {
    found.push({
      rule: 'sold_without_stock',
      detail: `order is ${order.status}, its reservation is ${reservation?.status ?? 'missing'}`,
      ids,
    });
  } else if (itemsText(reservation.items) !== itemsText(order.items)) {
    found.push({
      rule: 'reserved_differs_from_items',
      detail: `ordered ${itemsText(order.items)}, reserved ${itemsText(reservation.items)}`,
      ids,
    });
  }
  return found;
}

function checkCancelled(order: OrderFact, { payment, reservation }: OrderFacts, now: number): Finding[] {
  const found: Finding[] = [];
  const ids = [order.order_id];
  if (reservation?.status === 'held' || reservation?.status === 'shipped') {
    found.push({ rule: 'cancelled_holds_stock', detail: `order is cancelled, its reservation is ${reservation.status}`, ids });
  }
  if (!payment) return found;
  const net = payment.captured - payment.refunded - payment.refunds_pending;
  if (net !== 0)
    found.push({
      rule: 'cancelled_keeps_money',
      detail: `order is cancelled, ${money(net, payment.currency)} was not given back`,
      ids: [...ids, payment.payment_id],
    });
  if (payment.oldest_pending_refund_at_ms !== null && now - payment.oldest_pending_refund_at_ms > hourMs) {
    found.push({ rule: 'refund_overdue', detail: 'a refund has been pending for more than an hour', ids: [...ids, payment.payment_id] });
  }
  if (['requested', 'charging', 'unknown'].includes(payment.status) && now - order.updated_at_ms > hourMs) {
    found.push({
      rule: 'payment_unsettled',
      detail: `order was cancelled more than an hour ago, its payment is ${payment.status}`,
      ids: [...ids, payment.payment_id],
    });
  }
  return found;
}

function checkProvider({ order_id, payment, provider }: OrderFacts): Finding[] {
  const found: Finding[] = [];
  const ids = [order_id];
  const settled = payment !== undefined && ['captured', 'declined'].includes(payment.status);
  if (payment && payment.ledger_net !== payment.captured - payment.refunded) {
    found.push({
      rule: 'ledger_unbalanced',
      detail: `transfers sum to ${payment.ledger_net}, the payment says ${payment.captured - payment.refunded}`,
      ids,
    });
  }
  if (payment && payment.refunds_done !== payment.refunded) {
    const detail = `refunds over ${payment.refunds_done} are done, the payment says ${payment.refunded} (minor units)`;
    found.push({ rule: 'refunds_differ', detail, ids });
  }
  if (payment && provider && provider.currency !== payment.currency)
    found.push({ rule: 'charged_differs', detail: `the provider charged ${provider.currency}, recorded is ${payment.currency}`, ids });
  if (provider && provider.charges > 1)
    found.push({ rule: 'charged_twice', detail: `the provider charged ${provider.charges} times`, ids });
  if (provider && !payment) found.push({ rule: 'charged_differs', detail: 'the provider charged, no payment is known', ids });
  if (payment && settled && (provider?.charged ?? 0) !== payment.captured) {
    found.push({
      rule: 'charged_differs',
      detail: `the provider charged ${provider?.charged ?? 0}, recorded is ${payment.captured} (minor units)`,
      ids,
    });
  }
  const refunded = provider?.refunded ?? 0;
  if (payment && settled && (refunded < payment.refunded || refunded > payment.refunded + payment.refunds_pending)) {
    found.push({
      rule: 'refunded_differs',
      detail: `the provider refunded ${refunded}, recorded is ${payment.refunded} (minor units)`,
      ids,
    });
  }
  return found;
}

/** What is wrong with the stock of one product: counts against the sums of its movements and what orders hold, and overselling. */
export function checkStock(stock: StockFact): Finding[] {
  const ids = [stock.product_id];
  const found: Finding[] = [];
  if (stock.on_hand !== stock.movements_on_hand)
    found.push({ rule: 'on_hand_differs', detail: `on hand is ${stock.on_hand}, the movements sum to ${stock.movements_on_hand}`, ids });
  if (stock.reserved !== stock.movements_reserved)
    found.push({
      rule: 'reserved_differs',
      detail: `reserved is ${stock.reserved}, the movements sum to ${stock.movements_reserved}`,
      ids,
    });
  if (stock.reserved !== stock.held_reserved)
    found.push({ rule: 'reserved_differs', detail: `reserved is ${stock.reserved}, orders hold ${stock.held_reserved}`, ids });
  if (stock.reserved < 0 || stock.reserved > stock.on_hand)
    found.push({ rule: 'oversold', detail: `${stock.reserved} reserved of ${stock.on_hand} on hand`, ids });
  return found;
}

/** Finds a product that has had no record of stock for an hour: nobody can order it, and what was counted of it is gone. */
export function checkProduct(product: ProductFact, stock: StockFact | undefined, now: number): Finding[] {
  if (stock !== undefined || now - product.created_at_ms <= hourMs) return [];
  return [{ rule: 'stock_missing', detail: 'a product has no record of stock', ids: [product.product_id] }];
}

/** Finds an event that was told more than once to one recipient by one channel. */
export function checkNotification(fact: NotificationFact): Finding[] {
  return fact.count === 1
    ? []
    : [{ rule: 'told_twice', detail: `${fact.count} messages for one ${fact.event_type} by ${fact.channel}`, ids: [fact.event_id] }];
}

/** Violations and warnings of one service's messaging. */
export function checkMessaging(service: string, fact: MessagingFact): { violations: Finding[]; warnings: Finding[] } {
  const violations: Finding[] = [];
  const warnings: Finding[] = [];
  if (fact.outbox_oldest_age_s > secondsOutboxMax) {
    const finding = {
      rule: 'outbox_stuck',
      detail: `${service} has ${fact.outbox_backlog} unsent events, the oldest for ${Math.round(fact.outbox_oldest_age_s)} s`,
      ids: [service],
    };
    (fact.broker_connected ? violations : warnings).push(finding);
  }
  if (fact.dead_letters > 0)
    warnings.push({ rule: 'dead_letters', detail: `${service} has ${fact.dead_letters} dead letters`, ids: [service] });
  return { violations, warnings };
}

/** The last change of any of the facts, epoch milliseconds. */
export function lastChange(facts: OrderFacts): number {
  return Math.max(
    facts.order?.updated_at_ms ?? 0,
    facts.reservation?.updated_at_ms ?? 0,
    facts.payment?.updated_at_ms ?? 0,
    facts.provider?.updated_at_ms ?? 0,
  );
}

function itemsText(items: readonly ItemCount[]): string {
  return items
    .map((item) => `${item.quantity} × ${item.product_id}`)
    .sort()
    .join(', ');
}

function money(minor: number, currency: string): string {
  return `${minorToDecimal(minor, currency)} ${currency}`;
}
