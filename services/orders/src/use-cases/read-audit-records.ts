/** What the auditor is shown: amounts in minor units, times in epoch milliseconds, in ascending order of their keys. */
import { idKey, type RecordsPage, recordLine, recordsPage } from '@souk/service-kit';
import type { OrdersConfig } from '../config.ts';
import type { OrdersContext } from '../context.ts';
import { catalogueRecords, type OrderRecordRow, orderPageEnd, orderRecords, promotionRecords } from '../store/audit-records.ts';
import { placeRoute } from './place-orders.ts';

/** Orders with their histories and idempotency keys, also where the order itself is gone. */
export async function readOrderRecords({ db, config }: OrdersContext, after: string | undefined, limit: number): Promise<RecordsPage> {
  const next = await orderPageEnd(db, idKey(after), limit);
  const rows = await orderRecords(db, after, next, placeRoute);
  return { lines: rows.map((row) => orderLine(config, row)), next };
}

function orderLine(
  config: OrdersConfig,
  { items, totals, history, parcels, returns, keys, redemptions, answering_id, answering_since_ms, ...row }: OrderRecordRow,
): string {
  const wait_max_ms = row.status === 'awaiting_payment' ? config.saga_payment_deadline_ms : config.saga_stock_deadline_ms;
  const key_answers = answering_id === null ? null : { order_id: answering_id, created_at_ms: answering_since_ms };
  const shown = totals === null ? row : { ...row, totals: JSON.parse(totals) as unknown };
  return recordLine(
    { ...shown, order_id: row.key, wait_max_ms, key_answers },
    {
      items: items?.slice(1, -1) ?? null,
      history,
      keys,
      ...(redemptions !== null && { redemptions }),
      ...(parcels !== null && { parcels }),
      ...(returns !== null && { returns }),
    },
  );
}

/** What orders are priced from. */
export async function readCatalogueRecords({ db }: OrdersContext, after: string | undefined, limit: number): Promise<RecordsPage> {
  return recordsPage(await catalogueRecords(db, idKey(after), limit), limit);
}

/** What promotions count of their uses. */
export async function readPromotionRecords({ db }: OrdersContext, after: string | undefined, limit: number): Promise<RecordsPage> {
  return recordsPage(await promotionRecords(db, idKey(after), limit), limit);
}
