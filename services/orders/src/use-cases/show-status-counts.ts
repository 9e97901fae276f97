/** Gauges of the saga: how many orders are in which status, and how long the oldest waits where nothing may wait long. */
import { metricTable } from '@souk/contracts';
import { createSampled, elapsedSeconds } from '@souk/kernel';
import type { ServiceContext } from '@souk/service-kit';
import { countByStatus } from '../store/status-counts.ts';

const statuses = metricTable.souk_checkout_orders.labels.status;
const waiting: readonly string[] = metricTable.souk_checkout_oldest_wait_seconds.labels.status;

/** The table is asked at a scrape, at most every few seconds, and is not spoken for while it cannot be asked. */
export function showStatusCounts({ db, clock, metrics }: Pick<ServiceContext, 'db' | 'clock' | 'metrics'>): void {
  const counts = createSampled({ ask: () => countByStatus(db, statuses) });
  metrics.gauge('souk_checkout_orders', async () =>
    ((await counts.read()) ?? []).map(({ status, orders }) => ({ labels: { status }, value: orders })),
  );
  metrics.gauge('souk_checkout_oldest_wait_seconds', async () =>
    ((await counts.read()) ?? [])
      .filter(({ status }) => waiting.includes(status))
      .map(({ status, oldest_at }) => ({
        labels: { status },
        value: oldest_at === null ? 0 : elapsedSeconds(Date.parse(oldest_at), clock.now()),
      })),
  );
  metrics.gauge('souk_sample_age_seconds', async () => {
    await counts.read();
    return [{ labels: { sample: 'orders' }, value: counts.age_s() }];
  });
}
