/** What a seed means: orders, what becomes of them, and an explicit list of faults. The same seed gives the same plan; a part of it can be run as well. */
import { createRandom, type Random } from '@souk/prove/random';

/** Services whose code runs; of the others only what these need of them. */
export const simulatedServices = ['orders', 'inventory', 'payments', 'notifications'] as const;
export type SimulatedService = (typeof simulatedServices)[number];

const queueNames = [
  'inventory.reserve-stock',
  'inventory.release-stock',
  'inventory.ship-stock',
  'orders.checkout',
  'payments.create-payment',
  'payments.refund-payment',
  'notifications.notify-customer',
] as const;

/** One order of one customer, and everything that people do about it. Times are from the start of the run. */
export interface PlannedOrder {
  id: number;
  customer: number;
  at_ms: number;
  items: readonly { product: number; quantity: number }[];
  payment_method: string;
  /** With an idempotency key, and so again until an answer came. */
  keyed: boolean;
  /** Sent twice at the same time, under the same key. */
  doubled: boolean;
  /** The customer cancels so long after the order was answered. */
  cancel_after_ms: number | null;
  /** Staff ships it so long after it was confirmed, and completes it. */
  ship_after_ms: number | null;
  completes: boolean;
  /** Staff refunds a cent so long after it was confirmed. */
  refund_after_ms: number | null;
}

interface Span {
  from_ms: number;
  to_ms: number;
}

/** Everything that may go wrong; any of it can be left out and the rest replayed. */
export type Fault =
  /** The service loses its memory after so many of its statements from `at_ms` on, and is started again `down_ms` later. */
  | { kind: 'crash'; service: SimulatedService; at_ms: number; after_statements: number; down_ms: number }
  /** All connections of the service to its database end at once. */
  | { kind: 'disconnect'; service: SimulatedService; at_ms: number; after_statements: number }
  /** What the service does takes up to seconds, so that others overtake it. */
  | ({ kind: 'slow'; service: SimulatedService } & Span)
  /** Messages of the queue take up to seconds, each of them another time. */
  | ({ kind: 'reorder'; queue: string } & Span)
  | ({ kind: 'hold' | 'repeat' | 'unacknowledged'; queue: string } & Span)
  | ({ kind: 'broker_away' | 'unconfirmed' } & Span)
  | ({ kind: 'provider_away' | 'provider_silent' | 'provider_late' | 'provider_twice' } & Span);

export interface Plan {
  seed: string;
  customers: number;
  /** Pieces of each product. */
  stock: readonly number[];
  /** How long an order waits for its stock and for its money. */
  deadline_ms: number;
  orders: readonly PlannedOrder[];
  faults: readonly Fault[];
}

export interface PlanSize {
  orders: number;
  faults: number;
}

const msForEachOrder = 1_500;
const methods = [
  ...new Array<string>(10).fill('tok_visa'),
  ...['tok_declined', 'tok_declined', 'tok_insufficient_funds', 'tok_timeout', 'tok_error_once', 'tok_slow'],
];

export function planOf(seed: string, size: PlanSize): Plan {
  const random = createRandom(`${seed}/plan`);
  const during_ms = 2_000 + size.orders * msForEachOrder;
  const products = random.between(1, 3);
  const orders = Array.from({ length: size.orders }, (_, id) => plannedOrder(random, id, products, during_ms));
  // Fewer pieces than are wanted, mostly.
  const stock = Array.from({ length: products }, () => random.between(1, Math.max(2, size.orders)));
  const faults = Array.from({ length: size.faults }, () => plannedFault(random, during_ms));
  return { seed, customers: customersOf(size), stock, deadline_ms: random.pick([15_000, 30_000, 90_000]), orders, faults };
}

function customersOf({ orders }: PlanSize): number {
  return Math.max(1, Math.ceil(orders / 3));
}

function plannedOrder(random: Random, id: number, products: number, during_ms: number): PlannedOrder {
  const keyed = random.chance(0.8);
  const items = Array.from({ length: random.between(1, Math.min(2, products)) }, (_, index) => ({
    product: (random.between(0, products - 1) + index) % products,
    quantity: random.between(1, 2),
  }));
  return {
    id,
    customer: random.between(0, 1_000),
    at_ms: random.between(0, during_ms),
    items: [...new Map(items.map((item) => [item.product, item])).values()],
    payment_method: random.pick(methods),
    keyed,
    doubled: keyed && random.chance(0.2),
    cancel_after_ms: random.chance(0.35) ? Math.round(random.share() ** 3 * 12_000) : null,
    ship_after_ms: random.chance(0.5) ? random.between(0, 6_000) : null,
    completes: random.chance(0.5),
    refund_after_ms: random.chance(0.15) ? random.between(0, 4_000) : null,
  };
}

function plannedFault(random: Random, during_ms: number): Fault {
  const at_ms = random.between(0, during_ms);
  const service = random.pick(simulatedServices);
  const queue = random.pick(queueNames);
  const span = (most_ms: number): Span => ({ from_ms: at_ms, to_ms: at_ms + random.between(200, most_ms) });
  const after_statements = random.between(1, 25);
  switch (random.between(0, 17)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
      return { kind: 'crash', service, at_ms, after_statements, down_ms: random.between(50, 6_000) };
    case 5:
      return { kind: 'disconnect', service, at_ms, after_statements };
    case 6:
    case 7:
      return { kind: 'slow', service, ...span(6_000) };
    case 8:
      return { kind: 'reorder', queue, ...span(8_000) };
    case 9:
      return { kind: 'hold', queue, ...span(10_000) };
    case 10:
    case 11:
      return { kind: 'repeat', queue, ...span(10_000) };
    case 12:
      return { kind: 'unacknowledged', queue, ...span(2_000) };
    case 13:
      return { kind: random.pick(['broker_away', 'unconfirmed']), ...span(3_000) };
    default:
      return { kind: random.pick(['provider_away', 'provider_silent', 'provider_late', 'provider_twice']), ...span(6_000) };
  }
}

/** How long a service may take to come to the statement at which it crashes; what has not struck by then does not. */
export const strikeWithinMs = 10_000;

/** When the last fault has ended at the latest, from the start of the run. */
export function faultsEnd(plan: Plan): number {
  return Math.max(0, ...plan.faults.map((fault) => ('to_ms' in fault ? fault.to_ms : fault.at_ms + strikeWithinMs)));
}

/** A fault as the trace says it. */
export function faultText(fault: Fault): string {
  const s = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
  switch (fault.kind) {
    case 'crash':
      return `${fault.service} crashes at its ${ordinal(fault.after_statements)} statement after ${s(fault.at_ms)}, and is back ${s(fault.down_ms)} later`;
    case 'disconnect':
      return `${fault.service} loses its connections to the database at its ${ordinal(fault.after_statements)} statement after ${s(fault.at_ms)}`;
    case 'slow':
      return `${fault.service} is slow ${between(fault)}`;
    case 'reorder':
      return `messages of ${fault.queue} overtake each other ${between(fault)}`;
    case 'hold':
      return `messages of ${fault.queue} are held ${between(fault)}`;
    case 'repeat':
      return `messages of ${fault.queue} are delivered once more ${between(fault)}`;
    case 'unacknowledged':
      return `acknowledgements of ${fault.queue} get lost ${between(fault)}`;
    case 'broker_away':
      return `the broker is away ${between(fault)}`;
    case 'unconfirmed':
      return `the broker's confirms get lost ${between(fault)}`;
    case 'provider_away':
      return `the provider is away ${between(fault)}`;
    case 'provider_silent':
      return `answers of the provider get lost ${between(fault)}`;
    case 'provider_late':
      return `the provider acts after its caller has stopped waiting, ${between(fault)}`;
    case 'provider_twice':
      return `calls reach the provider twice ${between(fault)}`;
  }
}

function between({ from_ms, to_ms }: Span): string {
  return `from ${(from_ms / 1_000).toFixed(1)} s to ${(to_ms / 1_000).toFixed(1)} s`;
}

function ordinal(number: number): string {
  const ending = number % 100 >= 11 && number % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th');
  return `${number}${ending}`;
}
