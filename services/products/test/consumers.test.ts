import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { trackStockConsumer } from '../src/consumers/track-stock.ts';
import { anInventoryUpdated, listed, openShop, type Shop } from './_support.ts';

let shop: Shop;
before(async () => {
  shop = await openShop({ list_stock_delay_ms: 0 });
});
after(() => shop.stop());

const deliver = (events: ReturnType<typeof anInventoryUpdated>[]) =>
  shop.service.context.db.transaction(async (tx) => trackStockConsumer.handle(shop.service.context, tx, events));
const stockOf = async (id: string) => (await shop.call('GET', `/api/products/${id}`)).body.stock_quantity;

describe('products.track-stock', () => {
  it('takes over what inventory says, without a new version and without an event', async () => {
    const product = await shop.add({ stock_quantity: 10 });
    const events = shop.published().length;
    assert.equal(await stockOf(product.id), 10);
    await deliver([anInventoryUpdated({ product_id: product.id, current_quantity: 4, stock_version: 2 })]);
    const read = await shop.call('GET', `/api/products/${product.id}`);
    assert.deepEqual(read.body, { ...product, stock_quantity: 4 });
    assert.equal(shop.published().length, events);
  });

  it('keeps the newest of several in a batch, late ones and repeats, in any order', async () => {
    const { id } = await shop.add({ stock_quantity: 10 });
    const at = (stock_version: number, current_quantity: number) => anInventoryUpdated({ product_id: id, stock_version, current_quantity });
    await deliver([at(3, 7), at(5, 5), at(4, 6)]);
    assert.equal(await stockOf(id), 5);
    await deliver([at(2, 8), at(5, 99), at(5, 5)]);
    assert.equal(await stockOf(id), 5);
    await deliver([at(6, 0)]);
    assert.equal(await stockOf(id), 0);
  });

  it('leaves products alone that are not of this catalogue', async () => {
    await deliver([anInventoryUpdated({})]);
  });

  it('shows the new stock in lists that were cached', async () => {
    const { id } = await shop.add({ stock_quantity: 10, category: 'Cached' });
    assert.equal((await listed(shop, 'category=Cached'))[0]?.stock_quantity, 10);
    await deliver([anInventoryUpdated({ product_id: id, current_quantity: 1, stock_version: 9 })]);
    const deadline = Date.now() + 5_000;
    let seen: number | undefined;
    while (seen !== 1 && Date.now() < deadline) seen = (await listed(shop, 'category=Cached'))[0]?.stock_quantity;
    assert.equal(seen, 1);
  });

  it('hears through the broker', async () => {
    const { id } = await shop.add({ stock_quantity: 10 });
    const event = anInventoryUpdated({ product_id: id, current_quantity: 3, stock_version: 1 });
    const message = {
      message_id: event.event_id,
      routing_key: event.event_type,
      body: JSON.stringify(event),
      correlation_id: event.correlation_id,
      headers: {},
      mandatory: true,
    };
    const deadline = Date.now() + 10_000;
    while (!shop.service.messaging.consumption('products.track-stock')?.attached() && Date.now() < deadline)
      await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(await shop.broker.publish([message]), ['confirmed']);
    let seen = 10;
    while (seen !== 3 && Date.now() < deadline) seen = await stockOf(id);
    assert.equal(seen, 3);
  });
});
