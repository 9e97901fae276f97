/** What the auditor is shown of stock and reservations, in order of their keys. */
import { type FactsPage, factsPage, idKey } from '@souk/service-kit';
import type { InventoryContext } from '../context.ts';
import { reservationFacts, stockFacts } from '../store/facts.ts';

/** Summing up the ledger of a product takes as long as its history: so many products in one statement end well within its time limit. */
const stockPageMax = 200;

export async function readStockFacts({ db }: InventoryContext, after: string | undefined, limit: number): Promise<FactsPage> {
  const most = Math.min(limit, stockPageMax);
  return factsPage(await stockFacts(db, idKey(after), most), most);
}

export async function readReservationFacts({ db }: InventoryContext, after: string | undefined, limit: number): Promise<FactsPage> {
  return factsPage(await reservationFacts(db, idKey(after), limit), limit);
}
