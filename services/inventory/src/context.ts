import { type Cache, createCache, type InvalidationBus } from '@souk/cache';
import { type Overrides, openContext, type ServiceContext } from '@souk/service-kit';
import type { InventoryConfig } from './config.ts';
import { createPendingChanges, type PendingChanges } from './workers/pending-changes.ts';

export interface InventoryContext extends ServiceContext<InventoryConfig> {
  /** Products to be announced. */
  readonly pending: PendingChanges;
  /**
   * What the public reads, in the memory of this process: stock changes with every order, and telling other instances
   * each time would cost more than they save. They are at most the entries' lifetime behind.
   */
  readonly stockReads: Cache;
  /** Makes the other instances forget what they have read: after corrections by hand, whose authors look at what they wrote. */
  readonly stockNews: Cache;
}

const stockReadsMax = 20_000;

export function openInventoryContext(config: InventoryConfig, overrides: Overrides): InventoryContext {
  const context = openContext('inventory', config, overrides);
  const { metrics } = context;
  const pending = createPendingChanges();
  metrics.gauge('souk_inventory_unannounced_products', () => [{ labels: {}, value: pending.size() }]);
  return {
    ...context,
    pending,
    ...stockCaches(context, overrides.cache_bus),
  };
}

/** Two caches of one namespace: one that reads and only listens, one that keeps nothing and only publishes. */
function stockCaches(
  { clock, log, metrics }: ServiceContext,
  bus: InvalidationBus | undefined,
): Pick<InventoryContext, 'stockReads' | 'stockNews'> {
  const namespace = 'inventory.stock';
  const listening = bus && { publish: async () => undefined, subscribe: bus.subscribe.bind(bus) };
  return {
    stockReads: createCache({ namespace, clock, log, metrics, entries_max: stockReadsMax, ...(listening && { bus: listening }) }),
    stockNews: createCache({ namespace, clock, log, entries_max: 1, ...(bus && { bus }) }),
  };
}
