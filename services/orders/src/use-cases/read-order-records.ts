import { type OrderRecordParts, refusal } from '@souk/contracts';
import type { OrderRecordsReader } from '@souk/service-kit';
import type { OrdersContext } from '../context.ts';
import { shownTotals } from '../domain/shown-totals.ts';
import { findIdOfNumber, findRecordedOrder, type RecordedOrderRow, recordedTransitions } from '../store/order-records.ts';

/** What orders knows of an order: its row and its history. */
export const orderRecordsReader: OrderRecordsReader<OrdersContext> = {
  read: readRecords,
  idOf: ({ db }, order_number) => findIdOfNumber(db, order_number),
};

/** Throws `not_found`. The row is read last: no transition of the answer is newer than its status. */
async function readRecords({ db }: OrdersContext, order_id: string): Promise<OrderRecordParts> {
  const transitions = await recordedTransitions(db, order_id);
  const order = await findRecordedOrder(db, order_id);
  if (order === undefined && transitions.length === 0) throw refusal('not_found', 'There is no such order.');
  return { ...(order && { order: shown(order) }), transitions };
}

function shown({ totals, ...order }: RecordedOrderRow): NonNullable<OrderRecordParts['order']> {
  return { ...order, ...(totals && { totals: shownTotals(totals, order.currency) }) };
}
