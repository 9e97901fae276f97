import type { OrderRecordsReader } from '@souk/service-kit';
import type { InventoryContext } from '../context.ts';
import { findRecordedReservation, movementsOfOrder } from '../store/order-records.ts';

/** What inventory knows of an order: its reservation and its movements. */
export const orderRecordsReader: OrderRecordsReader<InventoryContext> = {
  async read({ db }, order_id) {
    const [reservation, movements] = await Promise.all([findRecordedReservation(db, order_id), movementsOfOrder(db, order_id)]);
    return { ...(reservation && { reservation }), movements };
  },
};
