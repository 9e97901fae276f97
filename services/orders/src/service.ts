import { refusal } from '@souk/contracts';
import { createBatcher, createKeyedMutex } from '@souk/kernel';
import { buildService, createOrderLinks, type Overrides, openContext, type Service } from '@souk/service-kit';
import { createProductLookup } from './clients/products.ts';
import type { OrdersConfig } from './config.ts';
import { checkoutConsumer } from './consumers/checkout.ts';
import { eraseUserConsumer } from './consumers/erase-user.ts';
import { linkGuestConsumer } from './consumers/link-guest.ts';
import { notePaymentConsumer } from './consumers/note-payment.ts';
import { settleReturnConsumer } from './consumers/settle-return.ts';
import { trackCatalogueConsumer } from './consumers/track-catalogue.ts';
import type { OrdersContext, PlaceCommand, Placement } from './context.ts';
import type { OrderRecord } from './domain/order.ts';
import { shopOpened } from './events.ts';
import { cartRoutes } from './http/carts.ts';
import { orderLinkRoutes } from './http/order-links.ts';
import { orderRoutes } from './http/orders.ts';
import { parcelRoutes } from './http/parcels.ts';
import { promotionRoutes } from './http/promotions.ts';
import { quoteRoutes } from './http/quotes.ts';
import { returnRoutes } from './http/returns.ts';
import { shippingRoutes } from './http/shipping.ts';
import { taxRoutes } from './http/taxes.ts';
import { answerLookupsJob } from './jobs/answer-lookups.ts';
import { expireOrders } from './jobs/expire-orders.ts';
import { finishErasures } from './jobs/finish-erasures.ts';
import { forgetAllMethods, forgetRecentMethods } from './jobs/forget-methods.ts';
import { findOutcomes } from './store/orders.ts';
import { countCheckouts } from './use-cases/count-checkouts.ts';
import { placeOrders } from './use-cases/place-orders.ts';
import { readCatalogueRecords, readOrderRecords, readPromotionRecords } from './use-cases/read-audit-records.ts';
import { orderRecordsReader } from './use-cases/read-order-records.ts';
import { readStored } from './use-cases/read-orders.ts';
import { republishDecided, republishWaiting } from './use-cases/republish-orders.ts';
import { republishReturns } from './use-cases/return-events.ts';
import { showStatusCounts } from './use-cases/show-status-counts.ts';
import { createOrderWaiters } from './workers/order-waiters.ts';
import { createRulesMemory } from './workers/rules-memory.ts';

/** More requests with one key at the same time are not duplicates but a mistake. */
const sameKeyMax = 200;
/** Reads of orders: ids in one statement, statements at the same time, requests that wait for one. */
const readBatchMax = 100;
const readRunsMax = 4;
const readWaitingMax = 2_000;
const tooManyOfOneKey = (): Error => refusal('overloaded', 'Too many requests with this idempotency key at the same time.');

/** Everything this service does. */
export function buildOrders(config: OrdersConfig, overrides: Overrides): Service<OrdersContext> {
  return buildService({
    context: openOrdersContext(config, overrides),
    migrations: [new URL('../migrations/', import.meta.url)],
    routes: [
      ...orderRoutes,
      ...parcelRoutes,
      ...returnRoutes,
      ...orderLinkRoutes,
      ...cartRoutes,
      ...quoteRoutes,
      ...taxRoutes,
      ...shippingRoutes,
      ...promotionRoutes,
    ],
    consumers: [checkoutConsumer, trackCatalogueConsumer, eraseUserConsumer, linkGuestConsumer, settleReturnConsumer, notePaymentConsumer],
    jobs: [expireOrders(config), finishErasures, forgetRecentMethods, forgetAllMethods, answerLookupsJob],
    republish: [republishDecided, republishWaiting, republishReturns],
    audit_records: { orders: readOrderRecords, catalogue: readCatalogueRecords, promotions: readPromotionRecords },
    order_records: orderRecordsReader,
    checkouts: countCheckouts,
  });
}

/** The context of this service: what every service has, and its own parts. */
export function openOrdersContext(config: OrdersConfig, overrides: Overrides): OrdersContext {
  const context = openContext('orders', config, overrides);
  shopOpened(context, config.shop_currency);
  showStatusCounts(context);
  const pricing = { ...context, rules: createRulesMemory() };
  return {
    ...pricing,
    place: createBatcher<PlaceCommand, Placement>({
      batch_max: config.place_batch_max,
      delay_ms_max: config.place_delay_ms,
      pace_ms_max: config.place_pace_ms,
      runs_max: config.place_runs_max,
      waiting_max: config.place_waiting_max,
      run: (commands) => placeOrders(pricing, commands),
    }),
    readOrder: createBatcher<string, OrderRecord | undefined>({
      batch_max: readBatchMax,
      delay_ms_max: 0,
      runs_max: readRunsMax,
      waiting_max: readWaitingMax,
      run: (order_ids) => readStored(context.db, order_ids),
    }),
    keyMutex: createKeyedMutex({ waiting_max: sameKeyMax, overloaded: tooManyOfOneKey }),
    waiters: createOrderWaiters({
      findOutcomes: (order_ids) => findOutcomes(context.db, order_ids),
      stopping: context.stopping,
      log: context.log,
      metrics: context.metrics,
      poll_ms: config.wait_poll_ms,
      poll_idle_ms: config.wait_poll_idle_ms,
      waiters_max: config.waiters_max,
    }),
    order_links: createOrderLinks(config.internal_token),
    lookUpProduct: createProductLookup(context),
  };
}
