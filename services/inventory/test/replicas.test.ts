/** The whole service, twice, on one database and one real broker. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { AnyEvent } from '@souk/contracts';
import { silentLog } from '@souk/kernel';
import { until } from '@souk/messaging/testing';
import { type FreshDatabase, freshDatabase } from '@souk/postgres/testing';
import type { Service } from '@souk/service-kit';
import { createTestKeys, type TestBroker, testBroker, testConfig } from '@souk/service-kit/testing';
import type { InventoryContext } from '../src/context.ts';
import { buildInventory, InventoryConfig } from '../src/index.ts';
import { anOrderCancelled, anOrderCreated, aProductCreated, balanceOf, unbalanced, uuid } from './_support.ts';

const stockMax = 50;
let database: FreshDatabase;
let broker: TestBroker;
let replicas: Service<InventoryContext>[];

before(async () => {
  database = await freshDatabase();
  broker = await testBroker();
  const { key_set } = await createTestKeys();
  const config = testConfig<InventoryConfig>('inventory', InventoryConfig, {
    database_url: database.url,
    reserve_batch_max: 20,
    announce_interval_ms: 20,
  });
  replicas = [1, 2].map(() => buildInventory(config, { broker: broker.broker, log: silentLog, fetchKeys: async () => key_set }));
  for (const replica of replicas) await replica.start();
  await until(() =>
    replicas.every((replica) => replica.messaging.health().consumers.some((consumer) => consumer.attached)) ? undefined : 'consumers',
  );
});
after(async () => {
  for (const replica of replicas) await replica.stop();
  await broker.close();
  await database.drop();
});

async function publish(events: readonly AnyEvent[]): Promise<void> {
  await broker.broker.publish(
    events.map((event) => ({
      message_id: event.event_id,
      routing_key: event.event_type,
      body: JSON.stringify(event),
      correlation_id: event.correlation_id,
      headers: {},
      mandatory: true,
    })),
  );
}

const asEvents = (events: readonly object[]): AnyEvent[] => events as AnyEvent[];

test('300 orders for 50 pieces sell exactly 50, and what is told in the end is what is there', async () => {
  const { db } = (replicas[0] as Service<InventoryContext>).context;
  const heard: Record<string, unknown>[] = [];
  const unsubscribe = await broker.broker.subscribe(['inventory.*'], ({ body }) => heard.push(JSON.parse(body) as Record<string, unknown>));
  const told = (event_type: string) => heard.filter((fact) => fact['event_type'] === event_type);
  const product_id = uuid();
  const orders = Array.from({ length: 300 }, () => anOrderCreated({ items: [{ product_id, quantity: 1 }] }));
  const again = orders.map((order) => anOrderCreated({ order_id: order.order_id, items: [{ product_id, quantity: 1 }] }));
  await publish(asEvents([aProductCreated({ product_id, initial_quantity: stockMax })]));
  await until(async () => ((await balanceOf({ db }, product_id)) ? undefined : 'the product'));
  await publish(asEvents([...orders, ...again.reverse()]));
  await until(
    () =>
      new Set([...told('inventory.reserved'), ...told('inventory.rejected')].map((fact) => fact['order_id'])).size === 300
        ? undefined
        : 'answers',
    20_000,
  );
  assert.equal(new Set(told('inventory.reserved').map((fact) => fact['order_id'])).size, stockMax);
  assert.deepEqual(await balanceOf({ db }, product_id), { on_hand: stockMax, reserved: stockMax });

  const held = told('inventory.reserved').map((fact) => String(fact['order_id']));
  await publish(asEvents(held.slice(0, 20).map((order_id) => anOrderCancelled({ order_id }))));
  await until(() => {
    const last = told('inventory.updated')
      .sort((left, right) => Number(left['stock_version']) - Number(right['stock_version']))
      .at(-1);
    return last?.['current_quantity'] === 20 ? undefined : 'the last announcement';
  });
  assert.deepEqual(await balanceOf({ db }, product_id), { on_hand: stockMax, reserved: 30 });
  assert.deepEqual(await unbalanced({ db }), []);
  assert.equal(
    told('inventory.updated').reduce((sum, fact) => sum + Number(fact['quantity_change']), 0),
    20,
  );
  await unsubscribe();
});
