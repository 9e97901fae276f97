import { type CheckoutReading, metricTable } from '@souk/contracts';
import type { OrdersContext } from '../context.ts';
import { countByStatus } from '../store/status-counts.ts';

const statuses = metricTable.souk_checkout_orders.labels.status;
const waiting: readonly string[] = metricTable.souk_checkout_oldest_wait_seconds.labels.status;
/** More are not counted: who looks at the status page reads no difference, and it is asked every few seconds. */
const countedMax = 1_000;

/** Orders by status, and since when the oldest of those that wait has waited. */
export async function countCheckouts({ db }: OrdersContext): Promise<CheckoutReading[]> {
  const counts = await countByStatus(db, statuses, countedMax);
  return counts.map(({ status, orders, oldest_at }) => ({
    status,
    count: orders,
    counted_max: countedMax,
    oldest_at: waiting.includes(status) ? oldest_at : null,
  }));
}
