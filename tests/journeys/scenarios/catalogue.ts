import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  countGroupFacets,
  createProduct,
  getImport,
  getStock,
  listGroups,
  listImportRefusals,
  listImports,
  type PayloadOf,
  type Product,
  type ProductImport,
  type productStockStated,
  startImport,
} from '@souk/contracts';
import { required, systemIds } from '@souk/kernel';
import { until } from '@souk/platform/testing';
import { buy, type Shop } from '../_support.ts';

/** What staff and customers do with a catalogue: choose by what things are, and import with stock. */
export function catalogueScenarios(openedShop: () => Shop): void {
  const known = async (product: Product, available: number): Promise<void> =>
    until(async () => {
      const { body } = await openedShop().anonymous.call(getStock, { params: { product_id: product.id } });
      return body?.available === available ? undefined : `there are ${body?.available}`;
    }, 20_000);
  const imported = async (csv: string, stock: ProductImport['stock']): Promise<ProductImport> => {
    const { staff } = openedShop();
    const { body } = await staff.expect(202, startImport, { query: { stock }, content: csv });
    let found: ProductImport | undefined;
    await until(async () => {
      found = (await staff.expect(200, getImport, { params: { import_id: body.id } })).body;
      return found.ended_at === null ? `the import is ${found.state}` : undefined;
    }, 30_000);
    const ended = (await staff.expect(200, listImports, { query: { state: 'done' } })).body;
    assert.ok(
      ended.some(({ id }) => id === body.id),
      'it is listed',
    );
    return required(found, 'the import');
  };

  /** The message of an import once more, as a broker that lost the answer would bring it, and once more with another id. */
  const stateAgain = async (payload: PayloadOf<typeof productStockStated>): Promise<void> => {
    const bodies = [systemIds.uuid(), systemIds.uuid()].map((event_id) => ({
      event_id,
      event_type: 'product.stock_stated',
      timestamp: new Date().toISOString(),
      version: '1.0',
      correlation_id: systemIds.uuid(),
      metadata: {},
      ...payload,
    }));
    for (const body of bodies)
      await openedShop()
        .souk.databaseOf('products')
        .query('insert into outbox (event_id, event_type, body) values ($1, $2, $3)', [
          body.event_id,
          body.event_type,
          JSON.stringify(body),
        ]);
  };

  test('things are chosen by what they are, with the number of things for each choice', async () => {
    const { staff, anonymous } = openedShop();
    const category = `Of ${systemIds.uuid().slice(0, 8)}`;
    const group_id = systemIds.uuid();
    for (const [name, colour, size, stock_quantity] of [
      ['Coat', 'red', 'S', 1],
      ['Coat', 'blue', 'M', 0],
      ['Hat', 'red', 'M', 2],
    ] as const)
      await staff.expect(201, createProduct, {
        body: { name, price: 10, category, stock_quantity, options: { colour, size }, ...(name === 'Coat' && { group_id }) },
      });
    const filters = { category, 'option.colour': ['red'] };
    const { body: groups, headers } = await anonymous.expect(200, listGroups, { query: { ...filters, sort: 'name', count: '1' } });
    assert.deepEqual([groups.map(({ title }) => title), headers['total-count']], [['Coat', 'Hat'], '2']);
    const { facets } = (await anonymous.expect(200, countGroupFacets, { query: filters })).body;
    assert.deepEqual(
      Object.fromEntries(facets.map(({ name, values }) => [name, values.map(({ value, group_count }) => `${value} ${group_count}`)])),
      {
        'option.colour': ['red 2', 'blue 1'],
        'option.size': ['M 1', 'S 1'],
      },
    );
  });

  test('a file sets and adds stock once, also when its messages come twice, and never below what is promised', async () => {
    const shop = openedShop();
    const product = await shop.aProduct(10);
    const row = (quantity: number) => `sku,name,price,stock_quantity\n${product.sku},${product.name},${product.price},${quantity}\n`;
    const added = await imported(row(5), 'add');
    assert.deepEqual([added.state, added.unchanged, added.stock_stated], ['done', 1, 1]);
    await known(product, 15);
    await stateAgain({ import_id: added.id, product_id: product.id, mode: 'add', quantity: 5 });
    await shop.souk.settle();
    await known(product, 15);
    assert.equal((await buy(await shop.aShopper(), product, { quantity: 4 })).status, 'confirmed');
    const set = await imported(row(20), 'set');
    await known(product, 16);
    const low = await imported(row(3), 'set');
    await until(async () => {
      const { body } = await shop.staff.expect(200, getImport, { params: { import_id: low.id } });
      return body.stock_refused === 1 ? undefined : 'inventory has not answered';
    }, 20_000);
    const { body: refusals } = await shop.staff.expect(200, listImportRefusals, { params: { import_id: low.id } });
    assert.match(String(refusals), /the file says 3 pieces, and 4 of the 20 on hand are promised to orders/);
    await known(product, 16);
    assert.equal(set.stock_stated, 1);
    await shop.booksBalance();
  });
}
