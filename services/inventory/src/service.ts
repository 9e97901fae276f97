/** Everything the inventory service does. */
import { buildService, type Overrides, type Service } from '@souk/service-kit';
import type { InventoryConfig } from './config.ts';
import { openStockConsumer } from './consumers/open-stock.ts';
import { releaseStockConsumer } from './consumers/release-stock.ts';
import { reserveStockConsumer } from './consumers/reserve-stock.ts';
import { shipStockConsumer } from './consumers/ship-stock.ts';
import { type InventoryContext, openInventoryContext } from './context.ts';
import { stockRoutes } from './http/stock.ts';
import { announceStockJob } from './jobs/announce-stock.ts';
import { recallUnannouncedJob } from './jobs/recall-unannounced.ts';
import { readReservationFacts, readStockFacts } from './use-cases/read-facts.ts';

export const inventoryMigrations = new URL('../migrations/', import.meta.url);

export function buildInventory(config: InventoryConfig, overrides: Overrides): Service<InventoryContext> {
  return buildService<InventoryContext>({
    context: openInventoryContext(config, overrides),
    migrations: [inventoryMigrations],
    routes: stockRoutes,
    consumers: [
      openStockConsumer,
      { ...reserveStockConsumer, batch_max: config.reserve_batch_max },
      releaseStockConsumer,
      shipStockConsumer,
    ],
    jobs: [announceStockJob, recallUnannouncedJob],
    facts: { stock: readStockFacts, reservations: readReservationFacts },
    onStop: async ({ stockReads, stockNews }) => {
      stockReads.close();
      stockNews.close();
    },
  });
}
