import type { ServiceContext } from '@souk/service-kit';
import { findOutcomes, type OrderOutcome, orderKey } from '../store/orders.ts';

/** What another replica decided; an older copy in this process is invalidated before the requests are answered. */
export async function findDecided(
  { db, cache }: Pick<ServiceContext, 'db' | 'cache'>,
  order_ids: readonly string[],
): Promise<OrderOutcome[]> {
  const outcomes = await findOutcomes(db, order_ids);
  const outdated = outcomes
    .map(({ id, version }) => ({ key: orderKey(id), version }))
    .filter(({ key, version }) => (cache.peek<{ version: number }>(key)?.value.version ?? version) < version);
  if (outdated.length > 0) await cache.invalidate({ keys: outdated.map(({ key }) => key) });
  return outcomes;
}
