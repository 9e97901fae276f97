/** A running orders service for tests, and builders with good defaults for everything it hears. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Client, createTestClient } from '@souk/client/testing';
import { type AnyEvent, getOrder, type Order, type PlaceOrder, placeOrder } from '@souk/contracts';
import { silentLog, silentMetrics, systemIds } from '@souk/kernel';
import type { Failure } from '@souk/messaging';
import { messagingMigrations } from '@souk/messaging';
import { anEnvelope, until } from '@souk/messaging/testing';
import { openDatabase } from '@souk/postgres';
import { freshDatabase } from '@souk/postgres/testing';
import { kitMigrations, type Overrides, type Service } from '@souk/service-kit';
import { proofOf, type TestService, testBroker, testConfig, testService } from '@souk/service-kit/testing';
import { OrdersConfig } from '../src/config.ts';
import { checkoutConsumer } from '../src/consumers/checkout.ts';
import type { OrdersContext } from '../src/context.ts';
import type { CatalogueProduct } from '../src/domain/goods.ts';
import { toResource } from '../src/domain/order.ts';
import { buildOrders, openOrdersContext } from '../src/service.ts';
import { keepNewer } from '../src/store/catalogue.ts';
import { findOrder } from '../src/store/orders.ts';

export interface Shop extends TestService<Service<OrdersContext>> {
  ctx: OrdersContext;
  customer_id: string;
  customer: Client;
  staff_id: string;
  staff: Client;
}

/** Of the installation that the service under test and its neighbours belong to. */
const installationToken = randomBytes(32).toString('hex');

export const anId = (): string => systemIds.uuid();

export async function openShop(config: Partial<OrdersConfig> = {}, overrides: Partial<Overrides> = {}): Promise<Shop> {
  const service = await testService<OrdersConfig, Service<OrdersContext>>(buildOrders, {
    name: 'orders',
    schema: OrdersConfig,
    config: { internal_token: installationToken, ...config },
    overrides,
  });
  const [customer_id, staff_id] = [anId(), anId()];
  const clientOf = async (user_id: string, role: 'customer' | 'staff') =>
    createTestClient({ base_url: service.url, token: await service.tokenFor({ user_id, role }) });
  return {
    ...service,
    ctx: service.service.context,
    customer_id,
    customer: await clientOf(customer_id, 'customer'),
    staff_id,
    staff: await clientOf(staff_id, 'staff'),
  };
}

/** Another customer of the shop. */
export async function aCustomer(shop: Shop): Promise<Client> {
  return createTestClient({ base_url: shop.url, token: await shop.tokenFor({ user_id: anId() }) });
}

export async function aProduct(ctx: Pick<OrdersContext, 'db'>, overrides: Partial<CatalogueProduct> = {}): Promise<CatalogueProduct> {
  const product: CatalogueProduct = {
    product_id: anId(),
    product_version: 1,
    sku: 'TEA-1',
    name: 'Green tea',
    price: 1_250,
    currency: 'EUR',
    status: 'active',
    tax_class: null,
    weight_g: null,
    group_id: null,
    category: null,
    ...overrides,
  };
  await keepNewer(ctx.db, [product]);
  return product;
}

export const anAddress = { street: 'Lindenweg 4', city: 'Bern', postal_code: '3000', country: 'CH' };

export function anOrderRequest(product: { product_id: string }, overrides: Partial<PlaceOrder> = {}): PlaceOrder {
  return {
    items: [{ product_id: product.product_id, quantity: 2 }],
    shipping_address: anAddress,
    payment_method: 'tok_visa',
    ...overrides,
  };
}

/** An order just placed. */
export async function anOrder(shop: Shop, overrides: Partial<PlaceOrder> = {}, client = shop.customer): Promise<Order> {
  return client.must(placeOrder, { body: anOrderRequest(await aProduct(shop.ctx), overrides) });
}

/** An order brought as far as asked. */
export async function anOrderIn(shop: Shop, status: 'pending' | 'awaiting_payment' | 'confirmed', client = shop.customer): Promise<Order> {
  const order = await anOrder(shop, {}, client);
  const events = { pending: [], awaiting_payment: [reserved(order)], confirmed: [reserved(order), paid(order)] }[status];
  await deliver(shop.ctx, events);
  return client.must(getOrder, { params: { order_id: order.id } });
}

type Placed = Pick<Order, 'id' | 'user_id' | 'items' | 'total_amount' | 'currency'>;

export function reserved(order: Placed): AnyEvent {
  return anEnvelope('inventory.reserved', {
    order_id: order.id,
    items: order.items.map(({ product_id, quantity }) => ({ product_id, quantity })),
  });
}

export function rejected(order: Placed): AnyEvent {
  const shortages = order.items.map(({ product_id, quantity }) => ({ product_id, requested: quantity, available: 0 }));
  return anEnvelope('inventory.rejected', { order_id: order.id, shortages });
}

export function paid(order: Placed, overrides: Record<string, unknown> = {}): AnyEvent {
  const { id, user_id, total_amount, currency } = order;
  return anEnvelope('payment.processed', {
    payment_id: anId(),
    order_id: id,
    user_id,
    amount: total_amount,
    currency,
    status: 'succeeded',
    ...overrides,
  });
}

export function declined(order: Placed): AnyEvent {
  return paid(order, { status: 'declined', decline_code: 'card_declined' });
}

export function refunded(order: Placed, overrides: Record<string, unknown> = {}): AnyEvent {
  const { id, currency } = order;
  return anEnvelope('payment.refunded', {
    payment_id: anId(),
    refund_id: anId(),
    order_id: id,
    amount: 1.5,
    currency,
    reason: 'scratched',
    ...overrides,
  });
}

/** Handles a batch as the consumer would; answers the failures. */
export async function deliver(ctx: OrdersContext, events: readonly AnyEvent[]): Promise<readonly Failure[]> {
  if (events.length === 0) return [];
  return ctx.db.transaction(async (tx) => (await checkoutConsumer.handle(ctx, tx, events as never)) ?? []);
}

/** Publishes through the broker, as the other services do. */
export async function publish(shop: Shop, events: readonly AnyEvent[]): Promise<void> {
  await shop.broker.publish(
    events.map((event) => ({
      message_id: event.event_id,
      routing_key: event.event_type,
      body: JSON.stringify(event),
      correlation_id: event.correlation_id,
      headers: { event_type: event.event_type, version: event.version },
      mandatory: false,
    })),
  );
}

/** Waits until the service hears its queues. */
export function attached({ ctx }: Shop): Promise<void> {
  return until(() => (ctx.messaging.consumption('orders.checkout')?.attached() ? undefined : 'the consumer of the saga is not attached'));
}

/** Events written so far and kept, because nothing publishes them in these tests: type and payload. */
export async function eventsOf(ctx: Pick<OrdersContext, 'db'>, order_id: string): Promise<Record<string, unknown>[]> {
  const rows = await ctx.db.query<{ body: string }>('select body from outbox where body like $1 order by created_at', [`%${order_id}%`]);
  return rows.map((row) => JSON.parse(row.body) as Record<string, unknown>);
}

/** An order placed without HTTP, by its customer. */
export async function place(ctx: OrdersContext, user_id = anId()): Promise<Order> {
  const placement = await ctx.place({
    user_id,
    wanted: anOrderRequest(await aProduct(ctx)),
    claim: null,
    cause: { correlation_id: anId(), actor: `user:${user_id}` },
  });
  assert.ok(placement.kind === 'placed');
  return placement.order;
}

/** The order as it is stored now. */
export async function read(ctx: OrdersContext, { id }: { id: string }): Promise<Order> {
  const record = await findOrder(ctx.db, id);
  assert.ok(record);
  return toResource(record);
}

/** The context of the service alone: its database, but no relay, no consumers, no HTTP. */
export async function openQuietly(config: Partial<OrdersConfig> = {}, overrides: Partial<Overrides> = {}) {
  const database = await freshDatabase({ folders: [kitMigrations, messagingMigrations, new URL('../migrations/', import.meta.url)] });
  const broker = await testBroker();
  const settings = testConfig<OrdersConfig>('orders', OrdersConfig, {
    internal_token: installationToken,
    ...config,
    database_url: database.url,
  });
  const ctx = openOrdersContext(settings, { log: silentLog, ...overrides, broker: broker.broker });
  return {
    ctx,
    db: ctx.db,
    context: ctx,
    config: settings,
    /** A connection of its own to the same database. */
    another: () => openDatabase({ url: database.url, application_name: 'test', pool_max: 2, log: silentLog }),
    metrics: silentMetrics,
    async close() {
      ctx.cache.close();
      await ctx.db.close();
      await broker.close();
      await database.drop();
    },
  };
}

/** A neighbour that answers GET by path, such as `products`; counts what it was asked. */
export async function aNeighbour(
  answers: Record<string, { status: number; body: unknown }>,
): Promise<{ url: string; asked: string[]; close(): Promise<void> }> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    if (request.url !== '/health/live') asked.push(request.url ?? '');
    const { status, body } = answers[request.url ?? ''] ?? { status: 404, body: { code: 'not_found' } };
    response
      .writeHead(status, { 'content-type': 'application/json', ...proofOf(installationToken, request.headers) })
      .end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
