/** Many corrections of stock in one request. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Client, createTestClient } from '@souk/client/testing';
import { adjustStock, adjustStocks, getStock, listMovements } from '@souk/contracts';
import { type TestService, testService } from '@souk/service-kit/testing';
import { openStockConsumer } from '../src/consumers/open-stock.ts';
import { reserveStockConsumer } from '../src/consumers/reserve-stock.ts';
import { buildInventory, InventoryConfig } from '../src/index.ts';
import { anOrderCreated, aProductCreated, handle, uuid } from './_support.ts';

describe('a batch of corrections', () => {
  let shop: TestService<ReturnType<typeof buildInventory>>;
  let staff: Client;
  let staff_id: string;
  before(async () => {
    shop = await testService(buildInventory, { name: 'inventory', schema: InventoryConfig });
    staff_id = uuid();
    staff = createTestClient({ base_url: shop.url, token: await shop.tokenFor({ role: 'staff', user_id: staff_id }) });
  });
  after(() => shop.stop());

  const aProduct = async (quantity: number): Promise<string> => {
    const product_id = uuid();
    await handle(shop.service.context, openStockConsumer, [aProductCreated({ product_id, initial_quantity: quantity })]);
    return product_id;
  };
  const stockOf = async (product_id: string) => (await staff.must(getStock, { params: { product_id } })).on_hand;
  const adjustmentsOf = async (product_id: string) =>
    (await staff.must(listMovements, { params: { product_id } })).filter(({ kind }) => kind === 'adjusted');
  const versionOf = async (product_id: string): Promise<number> => {
    const [row] = await shop.service.context.db.query<{ stock_version: number }>('select stock_version from stock where product_id = $1', [
      product_id,
    ]);
    return row?.stock_version ?? 0;
  };
  const reason = 'counted';

  it('has a result for each item, in their order; what is refused leaves the others done', async () => {
    const [one, promised, unknown] = [await aProduct(10), await aProduct(5), uuid()];
    await handle(shop.service.context, reserveStockConsumer, [anOrderCreated({ items: [{ product_id: promised, quantity: 4 }] })]);
    const version = await versionOf(one);
    const items = [
      { product_id: one, quantity_change: 5, reason },
      { product_id: promised, quantity_change: -2, reason },
      { product_id: unknown, quantity_change: 1, reason },
      { product_id: one, quantity_change: -3, reason, expected_on_hand: 15 },
      { product_id: one, quantity_change: 1, reason, expected_on_hand: 10 },
      { product_id: one, quantity_change: 0, reason },
      { product_id: promised, quantity_change: 1, reason },
    ];
    const results = await staff.must(adjustStocks, { body: { items } });
    assert.deepEqual(
      results.map(({ status, stock, problem }) => [status, stock?.on_hand ?? problem?.code]),
      [
        [201, 15],
        [409, 'stock_reserved'],
        [404, 'not_found'],
        [201, 12],
        [409, 'stock_mismatch'],
        [400, 'validation_failed'],
        [201, 6],
      ],
    );
    assert.equal(results[5]?.problem?.errors?.[0]?.pointer, '/items/5/quantity_change');
    assert.equal(results[1]?.problem?.instance, '/api/inventory/adjustments/batch');
    assert.deepEqual([await stockOf(one), await stockOf(promised)], [12, 6]);
    const lines = await adjustmentsOf(one);
    assert.deepEqual(
      lines.map(({ on_hand_change, actor }) => [on_hand_change, actor]),
      [
        [-3, `staff:${staff_id}`],
        [5, `staff:${staff_id}`],
      ],
    );
    assert.equal((await versionOf(one)) - version, 1, 'the row changes once, and is announced once');
  });

  it('is done once for its idempotency key, its refusals too, however many ask at once', async () => {
    const [one, other] = [await aProduct(1), await aProduct(1)];
    const items = [
      { product_id: one, quantity_change: 1, reason },
      { product_id: other, quantity_change: -2, reason },
    ];
    const call = () => staff.expect(200, adjustStocks, { body: { items }, idempotency_key: 'count-7' });
    const answers = await Promise.all([call(), call(), call()]);
    assert.deepEqual(answers.map(({ headers }) => headers['idempotency-replayed'] ?? 'first').sort(), ['first', 'true', 'true']);
    for (const { body } of answers)
      assert.deepEqual(
        body.map(({ status }) => status),
        [201, 409],
      );
    await staff.must(adjustStock, { params: { product_id: other }, body: { quantity_change: 5, reason } });
    assert.deepEqual(
      (await call()).body.map(({ status }) => status),
      [201, 409],
      'as it was answered',
    );
    assert.deepEqual([await stockOf(one), (await adjustmentsOf(one)).length], [2, 1]);
    const changed = { items: items.slice(0, 1) };
    assert.equal((await staff.refused(422, adjustStocks, { body: changed, idempotency_key: 'count-7' })).code, 'idempotency_key_reused');
  });

  it('has 1 to 100 items, of a valid form, and is for staff', async () => {
    const product_id = await aProduct(1);
    const item = { product_id, quantity_change: 1, reason };
    assert.equal((await staff.must(adjustStocks, { body: { items: Array(100).fill(item) } })).length, 100);
    assert.deepEqual([await stockOf(product_id), (await adjustmentsOf(product_id)).length >= 20], [101, true]);
    for (const items of [[], Array(101).fill(item), [item, { ...item, quantity_change: 1.5 }], [{ ...item, color: 'red' }]])
      assert.equal((await staff.refused(400, adjustStocks, { body: { items } })).code, 'validation_failed');
    assert.equal(await stockOf(product_id), 101, 'a body that is not valid changes nothing');
    await createTestClient({ base_url: shop.url, token: await shop.tokenFor() }).refused(403, adjustStocks, { body: { items: [item] } });
  });

  it('does not wait for another in a circle, whatever the order of its items', async () => {
    const products = await Promise.all(Array.from({ length: 8 }, () => aProduct(0)));
    const items = (order: readonly string[]) => order.map((product_id) => ({ product_id, quantity_change: 1, reason }));
    const batches = Array.from({ length: 12 }, (_, round) => (round % 2 === 0 ? products : products.toReversed()));
    const answers = await Promise.all(batches.map((order) => staff.must(adjustStocks, { body: { items: items(order) } })));
    assert.ok(answers.flat().every(({ status }) => status === 201));
    for (const product_id of products) assert.equal(await stockOf(product_id), 12);
  });
});
