/**
 * The checkout as one system: each participant's durable state, what its workers hold in memory, and the messages. A state
 * is a row of numbers: the stock, then for each order its own row. Every decision is taken once for each state of its
 * participant and remembered.
 */
import type { ReservationStatus } from '@souk/inventory/domain/reservation';
import type { Checkout } from '@souk/orders/domain/checkout-saga';
import type { Decisions } from '../decisions.ts';
import { type InventoryState, openedStock, receiveOrder, type SharedStock, unknownStock } from './inventory.ts';
import { bitsOfEvents, type Message, messages } from './messages.ts';
import { type News, newsSteps, noNews, receiveNews } from './notifications.ts';
import { orderSteps, placedOrder, receiveInput } from './orders.ts';
import { createStateTable, type Outcome, type StateTable } from './participant.ts';
import { paymentSteps, receivePayment } from './payments.ts';
import { noPayment, type PaymentBounds, type PaymentsState } from './payments-state.ts';

export interface Bounds extends PaymentBounds {
  orders: 1 | 2;
  /** Pieces in stock; each order is about one. */
  pieces: number;
  /** Whether the product's creation may be received later than the order's. */
  late_product: boolean;
  /** Whether a process may be killed between its commit and the acknowledgement; repeats after the acknowledgement are always there. */
  lost_acknowledgements: boolean;
  /** Whether notifications takes part. */
  notifications: boolean;
  /** Whether the customer may change the address, once. */
  new_address: boolean;
}

/** Places in the row of one order. */
export const place = { order: 0, reservation: 1, payments: 2, news: 3, published: 4, unacknowledged: 5 } as const;
export const rowWidth = 6;

/** An outcome in numbers. */
export interface Effect {
  says: string;
  /** Number of the participant's next state, and of the stock's where it is inventory. */
  next: number;
  stock: number;
  publishes: number;
  passing: boolean;
  fair: boolean;
  breaks: string | undefined;
}

export interface Checkouts {
  bounds: Bounds;
  /** The messages of the services that take part, and the same as a bit set. */
  messages: readonly Message[];
  delivered: number;
  decisions: Decisions;
  tables: {
    stock: StateTable<SharedStock>;
    order: StateTable<Checkout>;
    reservation: StateTable<ReservationStatus | null>;
    payments: StateTable<PaymentsState>;
    news: StateTable<News>;
  };
  width: number;
  initial: Int32Array;
  /** What the message does to the participant that receives it. */
  received(state: Int32Array, row: number, message: Message): readonly Effect[];
  /** What happens to an order without a message. */
  orderEffects(order: number): readonly Effect[];
  paymentEffects(payments: number): readonly Effect[];
  newsEffects(news: number): readonly Effect[];
  stockEffects(stock: number): readonly Effect[];
}

export function createCheckouts(decisions: Decisions, bounds: Bounds): Checkouts {
  const tables: Checkouts['tables'] = {
    stock: createStateTable(),
    order: createStateTable(),
    reservation: createStateTable(),
    payments: createStateTable(),
    news: createStateTable(),
  };
  const effects = <State>(outcomes: readonly Outcome<State>[], numberOf: (state: State) => number): Effect[] =>
    different(outcomes.map((outcome) => ({ ...effectOf(outcome), next: numberOf(outcome.state) })));
  const inventoryEffects = (outcomes: readonly Outcome<InventoryState>[]): Effect[] =>
    different(
      outcomes.map((outcome) => ({
        ...effectOf(outcome),
        next: tables.reservation.numberOf(outcome.state.reservation),
        stock: tables.stock.numberOf(outcome.state.stock),
      })),
    );
  const { order, reservation, payments, news, stock } = tables;
  const receiveAt: Record<Message['service'], (state: Int32Array, row: number, message: Message) => Effect[]> = {
    orders: (state, row, { event }) => effects(receiveInput(decisions, order.stateOf(state[row] as number), event), order.numberOf),
    inventory: (state, row, { event }) =>
      inventoryEffects(
        receiveOrder(
          decisions,
          { reservation: reservation.stateOf(state[row + place.reservation] as number), stock: stock.stateOf(state[0] as number) },
          event,
        ),
      ),
    payments: (state, row, { event }) =>
      effects(receivePayment(decisions, bounds, payments.stateOf(state[row + place.payments] as number), event), payments.numberOf),
    notifications: (state, row, { event }) =>
      effects(receiveNews(decisions, news.stateOf(state[row + place.news] as number), event), news.numberOf),
  };
  const received = messages.map(() => new Map<number, Effect[]>());
  const delivered = messages.filter(({ service }) => bounds.notifications || service !== 'notifications');
  return {
    bounds,
    messages: delivered,
    delivered: delivered.reduce((bits, { bit }) => bits | bit, 0),
    decisions,
    tables,
    width: 1 + bounds.orders * rowWidth,
    initial: initialState(tables, bounds),
    received(state, row, message) {
      const own = state[row + ownPlace[message.service]] as number;
      const shared = message.service === 'inventory' ? (state[0] as number) : 0;
      const memory = received[Math.clz32(message.bit) ^ 31] as Map<number, Effect[]>;
      return remembered(memory, shared * memoryStride + own, () => receiveAt[message.service](state, row, message));
    },
    orderEffects: rememberedBy((number) => effects(orderSteps(decisions, order.stateOf(number)), order.numberOf)),
    paymentEffects: rememberedBy((number) => effects(paymentSteps(decisions, bounds, payments.stateOf(number)), payments.numberOf)),
    newsEffects: rememberedBy((number) => (bounds.new_address ? effects(newsSteps(news.stateOf(number)), news.numberOf) : [])),
    stockEffects: rememberedBy((number) => {
      if (stock.stateOf(number).known) return [];
      const opened = { says: 'inventory receives product.created', state: openedStock(bounds.pieces), publishes: [], fair: true };
      return effects([opened], stock.numberOf);
    }),
  };
}

const ownPlace = { orders: place.order, inventory: place.reservation, payments: place.payments, notifications: place.news } as const;
const memoryStride = 1 << 24;

function remembered(memory: Map<number, Effect[]>, key: number, make: () => Effect[]): Effect[] {
  const known = memory.get(key);
  if (known !== undefined) return known;
  const made = make();
  memory.set(key, made);
  return made;
}

function rememberedBy(make: (number: number) => Effect[]): (number: number) => Effect[] {
  const memory = new Map<number, Effect[]>();
  return (number) => remembered(memory, number, () => make(number));
}

function initialState(tables: Checkouts['tables'], bounds: Bounds): Int32Array {
  const created = bitsOfEvents(['order.created']);
  const row = [
    tables.order.numberOf(placedOrder(bounds.amount)),
    tables.reservation.numberOf(null),
    tables.payments.numberOf(noPayment),
    tables.news.numberOf(noNews),
    created,
    created,
  ];
  const stock = tables.stock.numberOf(bounds.late_product ? unknownStock : openedStock(bounds.pieces));
  return Int32Array.from([stock, ...Array.from({ length: bounds.orders }, () => row).flat()]);
}

function effectOf<State>({ says, publishes, fails, fair, breaks }: Outcome<State>): Effect {
  return { says, next: 0, stock: -1, publishes: bitsOfEvents(publishes), passing: fails === 'passing', fair, breaks };
}

/** Outcomes that cannot be told apart are one. */
function different(effects: readonly Effect[]): Effect[] {
  const keyOf = ({ says: _, ...rest }: Effect): string => JSON.stringify(rest);
  return [...new Map(effects.map((effect) => [keyOf(effect), effect])).values()];
}
