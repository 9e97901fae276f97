/** Everything the inventory service does. */
import { buildService, type Overrides, type Service } from '@souk/service-kit';
import type { InventoryConfig } from './config.ts';
import { eraseUserConsumer } from './consumers/erase-user.ts';
import { openStockConsumer } from './consumers/open-stock.ts';
import { releaseStockConsumer } from './consumers/release-stock.ts';
import { reserveStockConsumer } from './consumers/reserve-stock.ts';
import { restockReturnConsumer } from './consumers/restock-return.ts';
import { shipStockConsumer } from './consumers/ship-stock.ts';
import { stateStockConsumer } from './consumers/state-stock.ts';
import { type InventoryContext, openInventoryContext } from './context.ts';
import { stockRoutes } from './http/stock.ts';
import { announceStockJob } from './jobs/announce-stock.ts';
import { recallUnannouncedJob } from './jobs/recall-unannounced.ts';
import { readReservationRecords, readStockRecords } from './use-cases/read-audit-records.ts';
import { orderRecordsReader } from './use-cases/read-order-records.ts';
import { republishStock } from './use-cases/republish-stock.ts';

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
      stateStockConsumer,
      restockReturnConsumer,
      eraseUserConsumer,
    ],
    jobs: [announceStockJob, recallUnannouncedJob],
    audit_records: { stock: readStockRecords, reservations: readReservationRecords },
    order_records: orderRecordsReader,
    republish: [republishStock],
    onStop: async ({ stockReads, stockNews }) => {
      stockReads.close();
      stockNews.close();
    },
  });
}
