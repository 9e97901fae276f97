/** The gauge of webhooks: for how long something is due and is not posted. */
import { createSampled, elapsedSeconds, timestamp } from '@souk/kernel';
import type { ServiceContext } from '@souk/service-kit';
import { overdueSince } from '../store/deliveries.ts';
import type { DeliveriesInFlight } from '../workers/deliveries-in-flight.ts';

/** The table is asked at a scrape, not by the job that posts: that one may be what does not run. Without webhooks nothing is asked. */
export function showOverdue(
  { db, clock, metrics }: Pick<ServiceContext, 'db' | 'clock' | 'metrics'>,
  inFlight: Pick<DeliveriesInFlight, 'present'>,
): void {
  const overdue = createSampled({
    ask: async () => ({ since: inFlight.present ? await overdueSince(db, timestamp(clock.now())) : null }),
  });
  metrics.gauge('souk_webhook_overdue_seconds', async () => {
    const sample = await overdue.read();
    if (sample === undefined) return [];
    return [{ labels: {}, value: sample.since === null ? 0 : elapsedSeconds(Date.parse(sample.since), clock.now()) }];
  });
  metrics.gauge('souk_sample_age_seconds', async () => {
    await overdue.read();
    return [{ labels: { sample: 'webhooks' }, value: overdue.age_s() }];
  });
}
