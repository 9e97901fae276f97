import type { AnyEvent } from '@souk/contracts';
import { systemIds } from '@souk/kernel';
import type { AnyConsumer } from '@souk/messaging';
import { anEnvelope, consumerConformance, until } from '@souk/messaging/testing';
import { noteRefusedStockConsumer } from '../src/consumers/note-refused-stock.ts';
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

consumerConformance<ProductsContext>({
  service: 'products',
  consumer: noteRefusedStockConsumer as AnyConsumer<ProductsContext>,
  async open() {
    const shop = await openShop();
    const { context } = shop.service;
    return { db: context.db, context, close: () => shop.stop() };
  },
  async prepare({ db }) {
    const [import_id, forgotten] = [systemIds.uuid(), systemIds.uuid()];
    const products = [systemIds.uuid(), systemIds.uuid()];
    await db.query(
      `with import as (
         insert into imports (id, state, stock, dry_run, ignore_unknown, cause, stock_stated, created_at, ended_at)
         values ($1, 'done', 'set', false, false, '{}', 2, now(), now())
       )
       insert into import_statements (import_id, product_id, line) select $1, product_id, line from unnest($2::uuid[]) with ordinality p (product_id, line)`,
      [import_id, products],
    );
    const refused = (of: string, product_id: string): AnyEvent => {
      const numbers = { quantity: 4, on_hand: 7, reserved: 5, stock_version: 3 };
      return anEnvelope('inventory.stock_refused', { import_id: of, product_id, mode: 'set', reason: 'below_reserved', ...numbers });
    };
    return [...products.map((product_id) => refused(import_id, product_id)), refused(forgotten, systemIds.uuid())];
  },
  effects: async ({ db }) => ({
    imports: await db.query('select stock_refused from imports order by 1'),
    refusals: await db.query('select line, reason from import_refusals order by 1, 2'),
  }),
});
