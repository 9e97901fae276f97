import { buildService, type Overrides, openContext, type Service } from '@souk/service-kit';
import { createProductLookup } from './clients/products.ts';
import type { OrdersConfig } from './config.ts';
import { checkout } from './consumers/checkout.ts';
import { eraseUser } from './consumers/erase-user.ts';
import { trackCatalogue } from './consumers/track-catalogue.ts';
import type { OrdersContext } from './context.ts';
import { shopOpened } from './events.ts';
import { orderRoutes } from './http/orders.ts';
import { finishErasures } from './jobs/finish-erasures.ts';
import { passDeadlines } from './jobs/pass-deadlines.ts';
import { countCheckouts } from './use-cases/count-checkouts.ts';
import { createKeyTurns } from './use-cases/key-turns.ts';
import { createOrderWaiters, decidedElsewhere } from './use-cases/order-waiters.ts';
import { createPlacing } from './use-cases/place-group.ts';
import { orderFacts } from './use-cases/read-orders.ts';
import { showStatusCounts } from './use-cases/show-status-counts.ts';

/** Everything this service does. */
export function buildOrders(config: OrdersConfig, overrides: Overrides): Service<OrdersContext> {
  return buildService({
    context: openOrdersContext(config, overrides),
    migrations: [new URL('../migrations/', import.meta.url)],
    routes: orderRoutes,
    consumers: [checkout, trackCatalogue, eraseUser],
    jobs: [passDeadlines(config), finishErasures],
    facts: { orders: orderFacts },
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
    place: createPlacing(context),
    keyTurns: createKeyTurns(),
    waiters: createOrderWaiters({
      findOutcomes: (order_ids) => decidedElsewhere(context, order_ids),
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
