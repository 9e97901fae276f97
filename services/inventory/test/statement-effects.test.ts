/** The function by which the checkout is explored does to a reservation what the statement does: all cases, on PostgreSQL. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { ReservationStatus } from '../src/domain/reservation.ts';
import { claimedReservation } from '../src/domain/statement-effects.ts';
import { claimReservations } from '../src/store/reservations.ts';
import { openFixture, statusOf, uuid } from './_support.ts';

const fixture = await openFixture();
after(() => fixture.close());

const everyStatus: readonly ReservationStatus[] = ['held', 'released', 'shipped', 'rejected', 'tombstone'];

test('a claim of an order of which nothing is known, or anything', async () => {
  for (const existing of [undefined, ...everyStatus])
    for (const wanted of ['held', 'tombstone'] as const) {
      const order_id = uuid();
      if (existing !== undefined)
        await fixture.db.query(
          `insert into reservations (order_id, status, items, created_at, updated_at) values ($1, $2, '[]', now(), now())`,
          [order_id, existing],
        );
      const claimed = await fixture.db.transaction((tx) =>
        claimReservations(tx, wanted, [{ order_id, items: [] }], '2026-01-01T00:00:00.000Z'),
      );
      const expected = claimedReservation(existing, wanted);
      assert.equal(claimed.has(order_id), expected !== undefined, `${existing} ${wanted}`);
      assert.equal(await statusOf(fixture, order_id), expected ?? existing);
    }
});
