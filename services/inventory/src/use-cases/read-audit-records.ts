/** What the auditor is shown of stock and reservations, in order of their keys. */
import { idKey, type RecordsPage, recordsPage } from '@souk/service-kit';
import type { InventoryContext } from '../context.ts';
import { reservationRecords, stockRecords } from '../store/audit-records.ts';

/** Summing up the ledger of a product takes as long as its history: so many products in one statement end well within its time limit. */
const stockPageMax = 200;

export async function readStockRecords({ db }: InventoryContext, after: string | undefined, limit: number): Promise<RecordsPage> {
  const most = Math.min(limit, stockPageMax);
  return recordsPage(await stockRecords(db, idKey(after), most), most);
}

export async function readReservationRecords({ db }: InventoryContext, after: string | undefined, limit: number): Promise<RecordsPage> {
  return recordsPage(await reservationRecords(db, idKey(after), limit), limit);
}
