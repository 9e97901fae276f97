/** The whole service, twice, on one database and one real broker. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { memoryBus } from '@souk/cache';
import type { AnyEvent, Stock } from '@souk/contracts';
import { silentLog } from '@souk/kernel';
import { until } from '@souk/messaging/testing';
import { type FreshDatabase, freshDatabase } from '@souk/postgres/testing';
import type { Service } from '@souk/service-kit';
import { createTestKeys, type TestBroker, type TestKeys, testBroker, testConfig } from '@souk/service-kit/testing';
import type { InventoryContext } from '../src/context.ts';
import { buildInventory, InventoryConfig } from '../src/index.ts';
import { anOrderCancelled, anOrderCreated, aProductCreated, balanceOf, unbalanced, uuid } from './_support.ts';

const stockMax = 50;
let database: FreshDatabase;
let broker: TestBroker;
let replicas: Service<InventoryContext>[];
let keys: TestKeys;

before(async () => {
  database = await freshDatabase();
  broker = await testBroker();
  keys = await createTestKeys();
  const shared = { broker: broker.broker, cache_bus: memoryBus(), log: silentLog, fetchKeys: async () => keys.key_set };
  const config = testConfig<InventoryConfig>('inventory', InventoryConfig, {
    database_url: database.url,
    reserve_batch_max: 20,
    announce_interval_ms: 20,
  });
  replicas = [1, 2].map(() => buildInventory(config, shared));
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

test('a correction is read back at once from every instance', async () => {
  const product_id = uuid();
  const authorization = `Bearer ${await keys.tokenFor({ role: 'staff' })}`;
  await publish(asEvents([aProductCreated({ product_id, initial_quantity: 10 })]));
  const available = async ({ url }: Service<InventoryContext>): Promise<number | undefined> => {
    const answer = await fetch(`${url}/api/inventory/${product_id}`);
    return answer.status === 200 ? ((await answer.json()) as Stock).available : undefined;
  };
  const [one, two] = replicas as [Service<InventoryContext>, Service<InventoryContext>];
  await until(async () => ((await available(one)) === 10 && (await available(two)) === 10 ? undefined : 'the stock is open'));
  for (let change = 1; change <= 5; change += 1) {
    const answer = await fetch(`${one.url}/api/inventory/${product_id}/adjustments`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ quantity_change: 1, reason: 'found' }),
    });
    assert.equal(answer.status, 201, await answer.text());
    assert.deepEqual([await available(one), await available(two)], [10 + change, 10 + change]);
  }
});

test('300 orders for 50 pieces sell exactly 50, and the last published balance is the stored one', async () => {
  const { db } = (replicas[0] as Service<InventoryContext>).context;
  const received: Record<string, unknown>[] = [];
  const unsubscribe = await broker.broker.subscribe(['inventory.*'], ({ body }) =>
    received.push(JSON.parse(body) as Record<string, unknown>),
  );
  const receivedOf = (event_type: string) => received.filter((event) => event['event_type'] === event_type);
  const product_id = uuid();
  const announced = () => receivedOf('inventory.updated').filter((event) => event['product_id'] === product_id);
  const orders = Array.from({ length: 300 }, () => anOrderCreated({ items: [{ product_id, quantity: 1 }] }));
  const again = orders.map((order) => anOrderCreated({ order_id: order.order_id, items: [{ product_id, quantity: 1 }] }));
  await publish(asEvents([aProductCreated({ product_id, initial_quantity: stockMax })]));
  await until(async () => ((await balanceOf({ db }, product_id)) ? undefined : 'the product'));
  await publish(asEvents([...orders, ...again.reverse()]));
  await until(
    () =>
      new Set([...receivedOf('inventory.reserved'), ...receivedOf('inventory.rejected')].map((event) => event['order_id'])).size === 300
        ? undefined
        : 'answers',
    20_000,
  );
  assert.equal(new Set(receivedOf('inventory.reserved').map((event) => event['order_id'])).size, stockMax);
  assert.deepEqual(await balanceOf({ db }, product_id), { on_hand: stockMax, reserved: stockMax });

  const held = receivedOf('inventory.reserved').map((event) => String(event['order_id']));
  await publish(asEvents(held.slice(0, 20).map((order_id) => anOrderCancelled({ order_id }))));
  await until(() => {
    const last = announced()
      .sort((left, right) => Number(left['stock_version']) - Number(right['stock_version']))
      .at(-1);
    return last?.['current_quantity'] === 20 ? undefined : 'the last announcement';
  });
  assert.deepEqual(await balanceOf({ db }, product_id), { on_hand: stockMax, reserved: 30 });
  assert.deepEqual(await unbalanced({ db }), []);
  assert.equal(
    announced().reduce((sum, event) => sum + Number(event['quantity_change']), 0),
    20,
  );
  await unsubscribe();
});
