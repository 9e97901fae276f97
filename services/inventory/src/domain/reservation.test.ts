import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  bookShipment,
  decideRelease,
  decideShipment,
  firstOfEach,
  leftOf,
  mergeLines,
  orderMovements,
  type Reservation,
  type ReservationStatus,
} from './reservation.ts';
import { claimedReservation } from './statement-effects.ts';

test('a cancellation releases what is held, and contradicts a shipment', () => {
  const steps: Record<ReservationStatus, string> = {
    held: 'release',
    released: 'nothing',
    shipped: 'contradiction',
    rejected: 'nothing',
    tombstone: 'nothing',
  };
  for (const [status, step] of Object.entries(steps)) assert.equal(decideRelease(status as ReservationStatus), step, status);
});

test('a shipment takes what is held, once, and contradicts everything else', () => {
  const steps: Record<ReservationStatus, string> = {
    held: 'ship',
    released: 'contradiction',
    shipped: 'nothing',
    rejected: 'contradiction',
    tombstone: 'contradiction',
  };
  for (const [status, step] of Object.entries(steps)) assert.equal(decideShipment(status as ReservationStatus), step, status);
});

test('the first message about an order claims its reservation, as what it is; no later one does', () => {
  assert.equal(claimedReservation(undefined, 'held'), 'held');
  assert.equal(claimedReservation(undefined, 'tombstone'), 'tombstone');
  for (const existing of ['held', 'released', 'shipped', 'rejected', 'tombstone'] as const)
    assert.equal(claimedReservation(existing, 'held'), undefined);
});

test('lines of one product become one line, in the order of their first', () => {
  const line = (product_id: string, quantity: number) => ({ product_id, quantity });
  assert.deepEqual(mergeLines([line('lamp', 2)]), [line('lamp', 2)]);
  assert.deepEqual(mergeLines([line('lamp', 2), line('chair', 1), line('lamp', 3)]), [line('lamp', 5), line('chair', 1)]);
  assert.deepEqual(mergeLines([]), []);
});

test('a movement says what it is, of which order, why and by whom', () => {
  const order = {
    order_id: 'order-1',
    items: [
      { product_id: 'lamp', quantity: 2 },
      { product_id: 'chair', quantity: 1 },
      { product_id: 'lamp', quantity: 1 },
    ],
  };
  const whose = { order_id: 'order-1', source_id: null, reason: 'customer_request', actor: 'user:1' };
  const movements = (kind: 'reserved' | 'released' | 'shipped') => orderMovements(order, kind, 'customer_request', 'user:1');
  assert.deepEqual(movements('reserved'), [
    { product_id: 'lamp', kind: 'reserved', on_hand_change: 0, reserved_change: 3, ...whose },
    { product_id: 'chair', kind: 'reserved', on_hand_change: 0, reserved_change: 1, ...whose },
  ]);
  assert.deepEqual(movements('released'), [
    { product_id: 'lamp', kind: 'released', on_hand_change: 0, reserved_change: -3, ...whose },
    { product_id: 'chair', kind: 'released', on_hand_change: 0, reserved_change: -1, ...whose },
  ]);
  assert.deepEqual(movements('shipped'), [
    { product_id: 'lamp', kind: 'shipped', on_hand_change: -3, reserved_change: -3, ...whose },
    { product_id: 'chair', kind: 'shipped', on_hand_change: -1, reserved_change: -1, ...whose },
  ]);
});

test('of the messages about an order the first counts', () => {
  const [first, other, repeat] = [
    { order_id: 'order-1', text: 'first' },
    { order_id: 'order-2', text: 'other' },
    { order_id: 'order-1', text: 'repeat' },
  ];
  assert.deepEqual(
    [...firstOfEach([first, other, repeat])],
    [
      ['order-1', first],
      ['order-2', other],
    ],
  );
});

const held: Reservation = {
  order_id: 'order-1',
  status: 'held',
  items: [
    { product_id: 'lamp', quantity: 2 },
    { product_id: 'chair', quantity: 1 },
    { product_id: 'lamp', quantity: 1 },
  ],
  shipped_items: null,
};
const twoLamps = { parcel_id: 'parcel-1', items: [{ product_id: 'lamp', quantity: 2 }] };

test('a parcel takes its pieces; the reservation is shipped when nothing is left', () => {
  const first = bookShipment(held, twoLamps);
  assert.ok(first.kind === 'ship');
  assert.deepEqual(first.items, twoLamps.items);
  assert.deepEqual([first.after.status, first.after.shipped_items], ['held', [{ parcel_id: 'parcel-1', product_id: 'lamp', quantity: 2 }]]);
  const rest = [
    { product_id: 'lamp', quantity: 1 },
    { product_id: 'chair', quantity: 1 },
  ];
  assert.deepEqual(leftOf(first.after), rest);
  const last = bookShipment(first.after, { parcel_id: 'parcel-2', items: rest });
  assert.ok(last.kind === 'ship');
  assert.deepEqual([last.after.status, leftOf(last.after)], ['shipped', []]);
  assert.equal(bookShipment(last.after, twoLamps).kind, 'nothing', 'a repeat');
  assert.equal(bookShipment(last.after, {}).kind, 'nothing', 'a repeat of before parcels were kept');
  assert.equal(bookShipment(last.after, { ...twoLamps, parcel_id: 'parcel-3' }).kind, 'contradiction');
});

test('more than is held is a contradiction, as is a parcel of what ended otherwise', () => {
  const tooMany = { parcel_id: 'parcel-1', items: [{ product_id: 'lamp', quantity: 4 }] };
  assert.equal(bookShipment(held, tooMany).kind, 'contradiction');
  assert.equal(bookShipment(held, { ...tooMany, items: [{ product_id: 'stool', quantity: 1 }] }).kind, 'contradiction');
  for (const status of ['released', 'rejected', 'tombstone'] as const)
    assert.equal(bookShipment({ ...held, status }, twoLamps).kind, 'contradiction');
});

test('what is sent as a whole is everything, once, also where its parcel is named afterwards', () => {
  const whole = bookShipment(held, {});
  assert.ok(whole.kind === 'ship');
  assert.deepEqual(whole.items, mergeLines(held.items));
  assert.deepEqual([whole.after.status, whole.after.shipped_items], ['shipped', null]);
  assert.deepEqual([bookShipment(whole.after, {}).kind, bookShipment(whole.after, twoLamps).kind], ['nothing', 'nothing']);
});

test('parcels in any order and however often take each piece once', () => {
  const parcels = [
    twoLamps,
    { parcel_id: 'parcel-2', items: [{ product_id: 'chair', quantity: 1 }] },
    { parcel_id: 'parcel-3', items: [{ product_id: 'lamp', quantity: 1 }] },
  ];
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 2 }), { maxLength: 12 }), (order) => {
      let reservation = held;
      const taken: { product_id: string; quantity: number }[] = [];
      for (const place of order) {
        const booking = bookShipment(reservation, parcels[place] ?? twoLamps);
        assert.notEqual(booking.kind, 'contradiction');
        if (booking.kind !== 'ship') continue;
        reservation = booking.after;
        taken.push(...booking.items);
      }
      const sent = [...new Set(order)].flatMap((place) => parcels[place]?.items ?? []);
      const sorted = (lines: typeof taken) => mergeLines(lines).sort((left, right) => (left.product_id < right.product_id ? -1 : 1));
      assert.deepEqual(sorted(taken), sorted(sent));
      assert.equal(reservation.status, new Set(order).size === 3 ? 'shipped' : 'held');
    }),
  );
});
