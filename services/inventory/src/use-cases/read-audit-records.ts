/** What the auditor is shown of stock and reservations, in order of their keys. */
import { idKey, type RecordsPage, recordLine, recordsPage } from '@souk/service-kit';
import type { InventoryContext } from '../context.ts';
import { type ReservationRecordRow, reservationPageEnd, reservationRecords, stockRecords } from '../store/audit-records.ts';

/** Summing up the ledger of a product takes as long as its history: so many products in one statement end well within its time limit. */
const stockPageMax = 200;

export async function readStockRecords({ db }: InventoryContext, after: string | undefined, limit: number): Promise<RecordsPage> {
  const most = Math.min(limit, stockPageMax);
  return recordsPage(await stockRecords(db, idKey(after), most), most);
}

export async function readReservationRecords({ db }: InventoryContext, after: string | undefined, limit: number): Promise<RecordsPage> {
  const next = await reservationPageEnd(db, idKey(after), limit);
  const rows = await reservationRecords(db, after, next);
  return { lines: rows.map(reservationLine), next };
}

function reservationLine({ items, shipped_items, movements, ...row }: ReservationRecordRow): string {
  const shipped = shipped_items !== null && { shipped_items: shipped_items.slice(1, -1) };
  return recordLine({ ...row, order_id: row.key }, { items: items?.slice(1, -1) ?? null, movements, ...shipped });
}
