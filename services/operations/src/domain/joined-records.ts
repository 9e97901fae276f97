/** Everything the services durably know of one order, joined, and what the rules about its explanation share. */
import type { OrderRecordParts, OrderRecords } from '@souk/contracts';
import { minorToDecimal } from '@souk/kernel';

type Parts = Required<OrderRecordParts>;
export type Transition = Parts['transitions'][number];
export type Order = Parts['order'];
export type Payment = Parts['payment'];
export type Dispute = Parts['disputes'][number];
export type Refund = Parts['refunds'][number];

/** Of the service `from`. */
type From<Row> = Row & { from_service: string };

export interface JoinedRecords extends Pick<OrderRecordParts, 'reservation' | 'payment' | 'cancelled_unpaid'> {
  order: Order;
  transitions: Transition[];
  movements: Parts['movements'];
  refunds: Refund[];
  transfers: Parts['transfers'];
  disputes: Parts['disputes'];
  provider: Parts['provider'];
  messages: Parts['messages'];
  unsent_events: From<OrderRecords['unsent_events'][number]>[];
  dead_letters: From<OrderRecords['dead_letters'][number]>[];
  /** Services that did not answer. */
  incomplete: readonly string[];
  read_at_ms: number;
}

/** Joins the answers of the services; `order` is what `orders` says. */
export function joinRecords(
  order: Order,
  answers: readonly OrderRecords[],
  { incomplete, read_at_ms }: Pick<JoinedRecords, 'incomplete' | 'read_at_ms'>,
): JoinedRecords {
  const parts: OrderRecordParts = Object.assign({}, ...answers.map((answer) => answer.parts));
  return {
    ...(parts.reservation && { reservation: parts.reservation }),
    ...(parts.payment && { payment: parts.payment }),
    ...(parts.cancelled_unpaid && { cancelled_unpaid: parts.cancelled_unpaid }),
    order,
    transitions: parts.transitions ?? [],
    movements: parts.movements ?? [],
    refunds: parts.refunds ?? [],
    transfers: parts.transfers ?? [],
    disputes: parts.disputes ?? [],
    provider: parts.provider ?? { charges: [], refunds: [] },
    messages: parts.messages ?? [],
    unsent_events: answers.flatMap(({ service, unsent_events }) => unsent_events.map((event) => ({ ...event, from_service: service }))),
    dead_letters: answers.flatMap(({ service, dead_letters }) => dead_letters.map((letter) => ({ ...letter, from_service: service }))),
    incomplete,
    read_at_ms,
  };
}

/** The line with which the order came to a status. */
export function moveTo({ transitions }: Pick<JoinedRecords, 'transitions'>, status: Order['status']): Transition | undefined {
  return transitions.find(({ from, to }) => to === status && from !== status);
}

/** Exact decimals with the currency, as people write it. */
export function money(minor: number, currency: string): string {
  return `${minorToDecimal(minor, currency)} ${currency}`;
}

/** `2 × Copper kettle, 1 × Rope`, by the names in the order. */
export function piecesText({ items }: Pick<Order, 'items'>, pieces: readonly { product_id: string; quantity: number }[]): string {
  return pieces
    .map(({ product_id, quantity }) => `${quantity} × ${items.find((item) => item.product_id === product_id)?.name ?? product_id}`)
    .join(', ');
}

const secondMs = 1_000;
const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;

/** A time that passed, as short as it may be said. */
export function durationText(ms: number): string {
  if (ms < secondMs) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < minuteMs) return `${(ms / secondMs).toFixed(1)} s`;
  if (ms < hourMs) return `${Math.round(ms / minuteMs)} min`;
  return ms < dayMs ? `${Math.round(ms / hourMs)} h` : `${Math.round(ms / dayMs)} days`;
}
