/** A shop that was restored from copies of different instants: what a cancelled order may have lost, and what it may not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { declined, hourMs, type Parts, rulesOf } from './_states.ts';
import { aHistory, aMessaging, anOrder, aReservation, aShop, now_ms } from './_support.ts';

const restored = { since_ms: now_ms - 10 * hourMs, until_ms: now_ms - 9 * hourMs };
const within_ms = now_ms - 9.5 * hourMs;
const before_ms = now_ms - 11 * hourMs;
const after_ms = now_ms - 8 * hourMs;

/** Its cancellation overtook its creation when both were published once more. */
const overtaken = { ...declined, reservations: [aReservation({ status: 'tombstone', items: [] })] } satisfies Parts;

/** The declined order with the times at which it came to await its payment and was cancelled. */
function cancelledAt(awaited_ms: number, cancelled_ms: number): Parts {
  const at_ms = { pending: awaited_ms, awaiting_payment: awaited_ms, cancelled: cancelled_ms } as const;
  const history = aHistory(['pending', 'awaiting_payment', 'cancelled']).map((line) => ({
    ...line,
    at_ms: at_ms[line.to as keyof typeof at_ms],
  }));
  const times = { history, created_at_ms: awaited_ms, updated_at_ms: cancelled_ms };
  return { orders: [anOrder({ status: 'cancelled', cancel_reason: 'payment_declined', ...times })] };
}

function shopOf(...parts: Parts[]) {
  const shop = aShop(Object.assign({}, ...parts));
  return { ...shop, messaging: { ...shop.messaging, orders: [aMessaging({ restored: [restored] })] } };
}

test('an order that came to await its payment between the copies may hold nothing when it is cancelled, then or later', async () => {
  assert.deepEqual(await rulesOf(shopOf(overtaken, cancelledAt(within_ms, within_ms))), []);
  assert.deepEqual(await rulesOf(shopOf(overtaken, cancelledAt(within_ms, after_ms))), []);
});

test('an order that awaited its payment before or after the copies is judged as ever', async () => {
  assert.deepEqual(await rulesOf(shopOf(overtaken, cancelledAt(before_ms, after_ms))), ['rejection_differs']);
  assert.deepEqual(await rulesOf(shopOf(overtaken, cancelledAt(after_ms, after_ms))), ['rejection_differs']);
  assert.deepEqual(await rulesOf(aShop(Object.assign({}, overtaken, cancelledAt(within_ms, within_ms)))), ['rejection_differs']);
});

test('a cancelled order that the restore gave its stock back is still looked at for money and stock', async () => {
  const held = { ...overtaken, reservations: [aReservation()] };
  assert.deepEqual(await rulesOf(shopOf(held, cancelledAt(within_ms, after_ms))), ['cancelled_holds_stock']);
});
