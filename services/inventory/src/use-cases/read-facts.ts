/** What the auditor is shown of stock and reservations, in order of their keys. */

import { refusal } from '@souk/contracts';
import { isUuid } from '@souk/kernel';
import type { FactsPage } from '@souk/service-kit';
import type { InventoryContext } from '../context.ts';
import { reservationFacts, stockFacts } from '../store/facts.ts';

/** Summing up the ledger of a product takes as long as its history: so many products in one statement end well within its time limit. */
const stockPageMax = 200;

export async function readStockFacts({ db }: InventoryContext, after: string | undefined, limit: number): Promise<FactsPage> {
  const most = Math.min(limit, stockPageMax);
  return pageOf(await stockFacts(db, checkedKey(after), most), most);
}

export async function readReservationFacts({ db }: InventoryContext, after: string | undefined, limit: number): Promise<FactsPage> {
  return pageOf(await reservationFacts(db, checkedKey(after), limit), limit);
}

function checkedKey(after: string | undefined): string | undefined {
  if (after !== undefined && !isUuid(after)) throw refusal('validation_failed', 'The key after which to go on is not an id.');
  return after;
}

function pageOf(facts: (object & { key: string })[], limit: number): FactsPage {
  return { facts: facts as FactsPage['facts'], next: facts.length === limit ? (facts.at(-1)?.key ?? null) : null };
}
