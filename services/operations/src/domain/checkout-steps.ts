/** What the history of an order and the records of its stock say, as steps of its explanation. */
import type { Cause, StepDraft } from './causal-order.ts';
import { type JoinedRecords, money, moveTo, piecesText, type Transition } from './joined-records.ts';

/** Key of the step of a line of the history. */
export function transitionKey({ sequence }: Transition): string {
  return `transition:${sequence}`;
}

export const reservationKey = 'reservation';
export const paymentKey = 'payment';
export const paymentEndKey = 'payment_end';
export const releaseKey = 'release';
export const refundDoneKey = (refund_id: string): string => `refund_done:${refund_id}`;
export const refundFailedKey = (refund_id: string): string => `refund_failed:${refund_id}`;
export const disputeKey = (dispute_id: string, state: string): string => `dispute:${dispute_id}:${state}`;

/** The lines of the history, each with what led to it. */
export function historySteps(records: JoinedRecords): StepDraft[] {
  return records.transitions.map((line, place) => {
    const before = records.transitions[place - 1];
    return {
      key: transitionKey(line),
      at_ms: Date.parse(line.at),
      service: 'orders',
      kind: kindOf(line),
      text: textOf(records, line),
      id: null,
      attempts: null,
      is_problem: false,
      because_of: causesOf(records, line),
      follows: before && transitionKey(before),
    };
  });
}

function kindOf({ from, to, cause }: Transition): string {
  if (from === null) return 'order_placed';
  return from === to ? `noted_${cause.replaceAll('.', '_')}` : `order_${to}`;
}

function causesOf(records: JoinedRecords, line: Transition): Cause[] {
  const carried = { event_type: line.cause, event_id: line.cause_id };
  if (line.cause === 'inventory.reserved' || line.cause === 'inventory.rejected') return [{ key: reservationKey, ...carried }];
  if (line.cause === 'payment.processed') return [{ key: paymentEndKey, ...carried }];
  if (line.cause === 'payment.refunded') return [{ key: refundDoneKey(line.note_key?.replace('refund:', '') ?? ''), ...carried }];
  // The note names the step: one about an earlier state of a dispute has no step any more.
  if (line.cause === 'payment.disputed' || line.cause === 'payment.refund_failed') return [{ key: line.note_key ?? '', ...carried }];
  const waited = line.cause === 'deadline_passed' && records.transitions.find(({ to }) => to === line.from);
  return waited ? [{ key: transitionKey(waited), event_type: null, event_id: null }] : [];
}

const moves: Readonly<Record<string, string>> = {
  awaiting_payment: 'stock is held, the payment is asked for',
  confirmed: 'the payment is in, the order is confirmed',
  shipped: 'the goods are sent',
  completed: 'the order is completed',
};
const cancellations: Readonly<Record<string, string>> = {
  'inventory.rejected': 'cancelled: not enough stock',
  'payment.processed': 'cancelled: the payment was declined',
  deadline_passed: 'cancelled: the time to wait was over',
};

function textOf({ order }: JoinedRecords, line: Transition): string {
  const { from, to, cause, actor, note } = line;
  if (from === null) {
    const key = order.placed_under_key ? 'under an idempotency key' : 'without an idempotency key';
    return `placed by ${actor} ${key}: ${piecesText(order, order.items)}, ${money(order.total_amount, order.currency)}`;
  }
  const noted = note === null ? '' : ` (${note})`;
  if (from === to) return cause === 'user.deleted' ? 'the shipping address was erased with the account' : `noted: ${note ?? cause}`;
  if (to === 'cancelled') return `${cancellations[cause] ?? `cancelled by ${actor}`}${noted}`;
  return `${moves[to] ?? to}${actor === 'system' || to === 'confirmed' || to === 'awaiting_payment' ? '' : `, by ${actor}`}${noted}`;
}

/** What inventory did for the order. */
export function stockSteps(records: JoinedRecords): StepDraft[] {
  return [...reservationStep(records), ...movementStep(records, 'released', releaseKey), ...movementStep(records, 'shipped', 'departure')];
}

function reservationStep(records: JoinedRecords): StepDraft[] {
  const { reservation, order, movements, transitions } = records;
  if (!reservation) return [];
  const common = { key: reservationKey, at_ms: Date.parse(reservation.created_at), service: 'inventory', id: order.id, attempts: null };
  const cancelled = moveTo(records, 'cancelled');
  if (reservation.status === 'tombstone') {
    const text = 'received the cancellation before the order, so that nothing is ever held for it';
    return [{ ...common, kind: 'stock_barred', text, is_problem: false, because_of: by(cancelled, 'order.cancelled') }];
  }
  const because_of = by(transitions[0], 'order.created');
  if (reservation.status === 'rejected')
    return [{ ...common, kind: 'stock_rejected', text: 'not enough stock: nothing is held', is_problem: false, because_of }];
  const isBooked = movements.some(({ kind }) => kind === 'reserved');
  const text = `held ${piecesText(order, reservation.items)}${isBooked ? '' : ', of which the ledger has no line'}`;
  return [{ ...common, kind: 'stock_held', text, is_problem: !isBooked, because_of }];
}

const movementWords = {
  released: { kind: 'stock_released', verb: 'released', after: 'cancelled', event_type: 'order.cancelled' },
  shipped: { kind: 'stock_left', verb: 'left the stock:', after: 'shipped', event_type: 'order.shipped' },
} as const;

function movementStep(records: JoinedRecords, kind: keyof typeof movementWords, key: string): StepDraft[] {
  const lines = records.movements.filter((movement) => movement.kind === kind);
  const [first] = lines;
  if (!first) return [];
  const { verb, after, event_type, kind: step_kind } = movementWords[kind];
  const pieces = lines.map(({ product_id, reserved_change }) => ({ product_id, quantity: -reserved_change }));
  return [
    {
      key,
      at_ms: Date.parse(first.at),
      service: 'inventory',
      kind: step_kind,
      text: `${verb} ${piecesText(records.order, pieces)}`,
      id: first.id,
      attempts: null,
      is_problem: false,
      because_of: by(moveTo(records, after), event_type, eventIdOf(records, event_type)),
    },
  ];
}

/** Because of the event that a line of the history published. */
export function by(line: Transition | undefined, event_type: string, event_id: string | null = null): Cause[] {
  return line ? [{ key: transitionKey(line), event_type, event_id }] : [];
}

/** Of an event that happens once for an order: its messages name it. */
export function eventIdOf({ messages }: Pick<JoinedRecords, 'messages'>, event_type: string): string | null {
  return messages.find((message) => message.event_type === event_type)?.event_id ?? null;
}
