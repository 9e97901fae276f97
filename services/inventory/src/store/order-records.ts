/** What one order is explained from: its reservation and its lines of the ledger. */
import type { Queryable } from '@souk/postgres';
import type { Line, ReservationStatus } from '../domain/reservation.ts';

export interface RecordedReservationRow {
  status: ReservationStatus;
  items: Line[];
  created_at: string;
  updated_at: string;
}

export async function findRecordedReservation(db: Queryable, order_id: string): Promise<RecordedReservationRow | undefined> {
  const [row] = await db.query<RecordedReservationRow>(
    'select status, items, created_at, updated_at from reservations where order_id = $1',
    [order_id],
  );
  return row;
}

export interface RecordedMovementRow {
  id: string;
  product_id: string;
  kind: string;
  on_hand_change: number;
  reserved_change: number;
  at: string;
}

const movementsMax = 1_000;

export function movementsOfOrder(db: Queryable, order_id: string): Promise<RecordedMovementRow[]> {
  return db.query<RecordedMovementRow>(
    `select id, product_id, kind, on_hand_change, reserved_change, created_at at from movements
     where order_id = $1 order by id limit ${movementsMax}`,
    [order_id],
  );
}
