/** What the auditor is shown: amounts in minor units, times in epoch milliseconds, in ascending order of their keys. */
import { idKey, type RecordsPage, recordsPage } from '@souk/service-kit';
import type { OrdersConfig } from '../config.ts';
import type { OrdersContext } from '../context.ts';
import { catalogueRecords, type OrderRecordRow, orderRecords } from '../store/audit-records.ts';
import { placeRoute } from './place-orders.ts';

/** Histories make a record large: so many in one page stay well within the limits of a statement and of memory. */
const orderPageMax = 1_000;

/** Orders with their histories and idempotency keys, also where the order itself is gone. */
export async function readOrderRecords({ db, config }: OrdersContext, after: string | undefined, limit: number): Promise<RecordsPage> {
  const most = Math.min(limit, orderPageMax);
  const rows = await orderRecords(db, idKey(after), most, placeRoute);
  return recordsPage(
    rows.map((row) => orderRecord(config, row)),
    most,
  );
}

function orderRecord(config: OrdersConfig, { id, items, ...row }: OrderRecordRow) {
  const lines = items ?? [];
  return {
    key: id,
    order_id: id,
    ...row,
    items: lines.map(({ product_id, quantity }) => ({ product_id, quantity })),
    items_amount: lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0),
    lines_amount: lines.reduce((sum, { line_total }) => sum + line_total, 0),
    wait_max_ms: row.status === 'awaiting_payment' ? config.saga_payment_deadline_ms : config.saga_stock_deadline_ms,
  };
}

/** What orders are priced from. */
export async function readCatalogueRecords({ db }: OrdersContext, after: string | undefined, limit: number): Promise<RecordsPage> {
  return recordsPage(await catalogueRecords(db, idKey(after), limit), limit);
}
