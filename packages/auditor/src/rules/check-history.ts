/** The order against its own history and the idempotency keys that answer with it. */
import type { HistoryLine, OrderRecord, OrderStatus, Suspicion } from '../audit-records.ts';
import { type KnownOrder, skewMaxMs } from './order-records.ts';

const movesFrom: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  pending: ['awaiting_payment', 'cancelled'],
  awaiting_payment: ['confirmed', 'cancelled'],
  confirmed: ['shipped', 'cancelled'],
  shipped: ['completed'],
  completed: [],
  cancelled: [],
};

/** A key is remembered at least so long; after that it may have been used for another order. */
const keyLifeMinMs = 24 * 3_600_000;
/** An erased address, a page of the provider's, and a parcel after the first or its arrival are versions of their own, in which the status stays. */
const versionedNote = /^(erasure|action|parcel|delivered):/;

/** An order that was acknowledged and is gone: its history or its keys say that it was there. */
export function checkLost({ order_id, history, keys }: OrderRecord): Suspicion[] {
  const detail = `the order is gone; ${history.length} lines of its history and ${keys.length} idempotency keys remain`;
  return [{ rule: 'order_lost', detail, ids: [order_id] }];
}

/** Finds an order that its history does not lead to. */
export function checkHistory(order: KnownOrder): Suspicion[] {
  const wrong = wrongInHistory(order);
  return wrong === undefined ? [] : [{ rule: 'history_differs', detail: wrong, ids: [order.order_id] }];
}

function wrongInHistory({ status, version, history }: KnownOrder): string | undefined {
  const steps = history.filter(isStep).sort((left, right) => left.version - right.version);
  let before: OrderStatus | null = null;
  for (const [index, { version: at, from, to }] of steps.entries()) {
    if (at !== index + 1) return `the history has no version ${index + 1}, or has it twice`;
    if (from !== before || !mayFollow(before, to)) return `version ${at} of the history goes from ${from} to ${to}, after ${before}`;
    before = to;
  }
  if (steps.length !== version) return `the order is at version ${version}, its history ends at ${steps.length}`;
  if (before !== status) return `the order is ${status}, its history ends with ${before}`;
  const note = history.find((line) => !isStep(line) && steps[line.version - 1]?.to !== line.to);
  return note && `a note says that version ${note.version} of the order was ${note.to}`;
}

function isStep({ from, to, note_key }: HistoryLine): boolean {
  return from !== to || (note_key !== null && versionedNote.test(note_key));
}

function mayFollow(before: OrderStatus | null, to: OrderStatus): boolean {
  return before === null ? to === 'pending' : before === to || movesFrom[before].includes(to);
}

/** Finds idempotency keys that answer with an order they did not place, and orders whose key answers with another. */
export function checkKeys(order: KnownOrder): Suspicion[] {
  const { order_id, key_answers, created_at_ms, keys, history } = order;
  const found: Suspicion[] = [];
  if (key_answers && key_answers.order_id !== order_id && key_answers.created_at_ms < created_at_ms + keyLifeMinMs) {
    const detail = `the idempotency key of the order answers with order ${key_answers.order_id}: one key, two orders`;
    found.push({ rule: 'two_orders_for_one_key', detail, ids: [order_id, key_answers.order_id] });
  }
  const placed_by = history.find((line) => line.version === 1)?.actor;
  const foreign = keys.filter(
    (key) =>
      key.own === false || key.created_at_ms !== created_at_ms || (placed_by !== undefined && !placed_by.endsWith(`:${key.user_id}`)),
  );
  if (foreign.length > 0 || keys.length > 1) {
    const detail = `${keys.length} idempotency keys answer with the order, ${foreign.length} of them did not place it`;
    found.push({ rule: 'key_of_another_order', detail, ids: [order_id] });
  }
  return found;
}

/** Finds an order whose cart was not emptied with it. */
export function checkCart({ order_id, user_id, cart_kept }: KnownOrder): Suspicion[] {
  if (cart_kept !== true) return [];
  const detail = 'the saved cart that was ordered is still there, at the version at which it was ordered';
  return [{ rule: 'cart_after_order', detail, ids: [order_id, ...(user_id === null ? [] : [user_id])] }];
}

/** Finds an order that waits and whose deadline has passed, or lies where it never comes. */
export function checkDeadline(order: KnownOrder, now: number): Suspicion[] {
  const { order_id, status, deadline_at_ms, wait_max_ms, created_at_ms, history } = order;
  if (status !== 'pending' && status !== 'awaiting_payment') return [];
  if (deadline_at_ms === null) return [{ rule: 'deadline_unreachable', detail: `order is ${status} without a deadline`, ids: [order_id] }];
  const passed_ms = now - deadline_at_ms;
  if (passed_ms > lateMaxMs) {
    const detail = `order is ${status} ${Math.round(passed_ms / 1_000)} s after its deadline`;
    return [{ rule: 'deadline_passed', detail, ids: [order_id] }];
  }
  const since = history.filter((line) => line.to === status && line.from !== status).at(-1)?.at_ms ?? created_at_ms;
  if (deadline_at_ms > since + wait_max_ms + skewMaxMs) {
    const detail = `order is ${status} and waits until ${new Date(deadline_at_ms).toISOString()}, longer than any order does`;
    return [{ rule: 'deadline_unreachable', detail, ids: [order_id] }];
  }
  return [];
}

/** The job looks every second; where messages still wait the deadline does too, which the audit sees for itself. */
const lateMaxMs = 60_000;

/** Finds times that have not come yet: nothing that happened can have them. */
export function checkTimes(order: KnownOrder, now: number): Suspicion[] {
  let latest = Math.max(order.created_at_ms, order.updated_at_ms);
  for (const { at_ms } of order.history) latest = Math.max(latest, at_ms);
  const future = latest > now + skewMaxMs;
  return future ? [{ rule: 'time_to_come', detail: 'the order was changed at a time that has not come yet', ids: [order.order_id] }] : [];
}
