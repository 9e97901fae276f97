import { type Cache, createCache } from '@souk/cache';
import { type Overrides, openContext, type ServiceContext } from '@souk/service-kit';
import type { InventoryConfig } from './config.ts';
import { createPendingChanges, type PendingChanges } from './domain/pending-changes.ts';

export interface InventoryContext extends ServiceContext<InventoryConfig> {
  /** Products to be announced. */
  readonly pending: PendingChanges;
  /**
   * What the public reads, in the memory of this process only: stock changes with every order, and telling other
   * instances each time would cost more than they save. They are at most the entries' lifetime behind.
   */
  readonly stockReads: Cache;
}

const stockReadsMax = 20_000;

export function openInventoryContext(config: InventoryConfig, overrides: Overrides): InventoryContext {
  const context = openContext('inventory', config, overrides);
  const { clock, log, metrics } = context;
  const pending = createPendingChanges();
  metrics.gauge('souk_inventory_unannounced_products', () => [{ labels: {}, value: pending.size() }]);
  return {
    ...context,
    pending,
    stockReads: createCache({ namespace: 'inventory.stock', clock, log, metrics, entries_max: stockReadsMax }),
  };
}
