/**
 * What `claimReservations` does for one order, as a function. The primary key of the reservation is what decides between
 * processes. This is for the exploration of the checkout (docs/proof.md), and test/statement-effects.test.ts holds it equal
 * to the statement.
 */
import type { ReservationStatus } from './reservation.ts';

/** The first message about an order writes its reservation; undefined where there is one already. */
export function claimedReservation<Claim extends Extract<ReservationStatus, 'held' | 'tombstone'>>(
  existing: ReservationStatus | undefined,
  status: Claim,
): Claim | undefined {
  return existing === undefined ? status : undefined;
}
