import { refusal } from '@souk/contracts';
import { createBatcher, createKeyedMutex } from '@souk/kernel';
import { buildService, type Overrides, openContext, type Service } from '@souk/service-kit';
import { createProductLookup } from './clients/products.ts';
import type { OrdersConfig } from './config.ts';
import { checkoutConsumer } from './consumers/checkout.ts';
import { eraseUserConsumer } from './consumers/erase-user.ts';
import { trackCatalogueConsumer } from './consumers/track-catalogue.ts';
import type { OrdersContext, PlaceCommand, Placement } from './context.ts';
import { shopOpened } from './events.ts';
import { orderRoutes } from './http/orders.ts';
import { expireOrders } from './jobs/expire-orders.ts';
import { finishErasures } from './jobs/finish-erasures.ts';
import { forgetAllMethods, forgetRecentMethods } from './jobs/forget-methods.ts';
import { countCheckouts } from './use-cases/count-checkouts.ts';
import { findDecided } from './use-cases/find-decided.ts';
import { placeOrders } from './use-cases/place-orders.ts';
import { readCatalogueRecords, readOrderRecords } from './use-cases/read-audit-records.ts';
import { republishDecided, republishWaiting } from './use-cases/republish-orders.ts';
import { showStatusCounts } from './use-cases/show-status-counts.ts';
import { createOrderWaiters } from './workers/order-waiters.ts';

/** More requests with one key at the same time are not duplicates but a mistake. */
const sameKeyMax = 200;
const tooManyOfOneKey = (): Error => refusal('overloaded', 'Too many requests with this idempotency key at the same time.');

/** Everything this service does. */
export function buildOrders(config: OrdersConfig, overrides: Overrides): Service<OrdersContext> {
  return buildService({
    context: openOrdersContext(config, overrides),
    migrations: [new URL('../migrations/', import.meta.url)],
    routes: orderRoutes,
    consumers: [checkoutConsumer, trackCatalogueConsumer, eraseUserConsumer],
    jobs: [expireOrders(config), finishErasures, forgetRecentMethods, forgetAllMethods],
    republish: [republishDecided, republishWaiting],
    audit_records: { orders: readOrderRecords, catalogue: readCatalogueRecords },
    checkouts: countCheckouts,
  });
}

/** The context of this service: what every service has, and its own parts. */
export function openOrdersContext(config: OrdersConfig, overrides: Overrides): OrdersContext {
  const context = openContext('orders', config, overrides);
  shopOpened(context, config.shop_currency);
  showStatusCounts(context);
  return {
    ...context,
    place: createBatcher<PlaceCommand, Placement>({
      batch_max: config.place_batch_max,
      delay_ms_max: config.place_delay_ms,
      pace_ms_max: config.place_pace_ms,
      runs_max: config.place_runs_max,
      waiting_max: config.place_waiting_max,
      run: (commands) => placeOrders(context, commands),
    }),
    keyMutex: createKeyedMutex({ waiting_max: sameKeyMax, overloaded: tooManyOfOneKey }),
    waiters: createOrderWaiters({
      findOutcomes: (order_ids) => findDecided(context, order_ids),
      stopping: context.stopping,
      log: context.log,
      metrics: context.metrics,
      poll_ms: config.wait_poll_ms,
      poll_idle_ms: config.wait_poll_idle_ms,
      waiters_max: config.waiters_max,
    }),
    lookUpProduct: createProductLookup(context),
  };
}
