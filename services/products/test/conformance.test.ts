import type { AnyEvent } from '@souk/contracts';
import { consumerConformance, until } from '@souk/messaging/testing';
import { trackStockConsumer } from '../src/consumers/track-stock.ts';
import type { ProductsContext } from '../src/index.ts';
import { anInventoryUpdated, openShop } from './_support.ts';

const sku = 'CONFORMANCE';

consumerConformance<ProductsContext>({
  service: 'products',
  consumer: trackStockConsumer,
  async open() {
    const shop = await openShop();
    const { context } = shop.service;
    await shop.add({ sku, stock_quantity: 10 });
    // The service runs: its own news of the product must have left before anybody counts what waits in the outbox.
    await until(async () => ((await shop.service.settled()) ? undefined : 'news of the product still waits'));
    return { db: context.db, context, close: () => shop.stop() };
  },
  async prepare({ db }) {
    const [product] = await db.query<{ id: string }>('select id from products where sku = $1', [sku]);
    const levels = [8, 7, 3].map((current_quantity, index) => ({
      product_id: product?.id ?? '',
      current_quantity,
      stock_version: index + 1,
    }));
    return levels.map((level) => anInventoryUpdated(level) as unknown as AnyEvent);
  },
  effects: ({ db }) =>
    db.query('select p.sku, p.version, s.stock_quantity, s.stock_version from products p join product_stock s on s.product_id = p.id', []),
});
