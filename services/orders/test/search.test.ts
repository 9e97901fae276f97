import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { countOrders, listOrders, type OrderCount, placeOrder } from '@souk/contracts';
import { placedWithin } from '../src/domain/placed-within.ts';
import { listOrders as listStored } from '../src/store/orders.ts';
import { aCustomer, anId, anOrder, anOrderRequest, aProduct, openShop, type Shop } from './_support.ts';

let shop: Shop;
before(async () => {
  shop = await openShop();
});
after(() => shop.stop());

test('staff find orders by SKU and by the time they were placed, page by page, and a customer only the own ones by time', async () => {
  const customer = await aCustomer(shop);
  const [tea, cup] = [await aProduct(shop.ctx, { sku: `TEA-${anId()}` }), await aProduct(shop.ctx, { sku: `CUP-${anId()}` })];
  const both = { items: [tea, cup, tea].map(({ product_id }) => ({ product_id, quantity: 1 })) };
  const first = await customer.must(placeOrder, { body: anOrderRequest(tea) });
  const second = await shop.customer.must(placeOrder, { body: anOrderRequest(tea, both) });
  const third = await customer.must(placeOrder, { body: anOrderRequest(tea) });
  await customer.must(placeOrder, { body: anOrderRequest(cup) });
  const { user_id } = first;
  const found = async (query: object, client = shop.staff) => (await client.must(listOrders, { query })).map(({ id }) => id);
  assert.deepEqual(await found({ sku: tea.sku }), [third.id, second.id, first.id]);
  assert.deepEqual(await found({ sku: tea.sku, user_id }), [third.id, first.id]);
  assert.deepEqual(await found({ sku: tea.sku, status: 'cancelled' }), []);
  assert.deepEqual(await found({ sku: tea.sku, number: second.order_number }), [second.id]);
  const page = await shop.staff.call(listOrders, { query: { sku: tea.sku ?? '', limit: 2 } });
  const cursor = new URL(page.next ?? '', shop.url).searchParams.get('cursor') ?? '';
  assert.deepEqual(await found({ sku: tea.sku, limit: 2, cursor }), [first.id]);
  const { created_at: from } = second;
  const to = third.created_at;
  assert.deepEqual(
    await found({ sku: tea.sku, from }),
    [third.id, second.id].filter((id) => id !== third.id || to >= from),
  );
  assert.deepEqual(await found({ user_id, from: third.created_at }, customer), (await found({ user_id })).slice(0, 2));
  assert.deepEqual(await found({ user_id, to: first.created_at }, customer), []);
  assert.equal((await customer.refused(403, listOrders, { query: { sku: tea.sku ?? '' } })).code, 'forbidden');
  assert.equal((await customer.refused(403, listOrders, { query: { email: 'carla@example.com' } })).code, 'forbidden');
});

test('neither SKU, time nor the two together read the table of orders as a whole', async () => {
  const ids = Array.from({ length: 3_000 }, (_one, at) => `0198c5a4-${String(at).padStart(4, '0')}-7000-8000-000000000000`);
  await shop.ctx.db.query(
    `insert into orders (id, user_id, status, items, total_amount, currency, version, created_at, updated_at, cancel_reason)
     select id, id, 'cancelled', '[]', 0, 'EUR', 2, '2025-08-20', '2025-08-20', 'out_of_stock' from unnest($1::uuid[]) id`,
    [ids],
  );
  await shop.ctx.db.query(
    `insert into order_skus (sku, order_id) select 'sold' || (n % 50), id from unnest($1::uuid[]) with ordinality u (id, n)`,
    [ids],
  );
  await shop.ctx.db.query('analyze orders, order_skus');
  const placed = placedWithin('2025-08-20T00:00:00Z', '2025-08-20T01:00:00Z');
  const nothing = {
    user_ids: undefined,
    status: undefined,
    order_number: undefined,
    sku: undefined,
    before: undefined,
    skip: 0,
    limit: 21,
  };
  const plans: string[] = [];
  const asking = {
    async query(text: string, values: readonly unknown[]) {
      const rows = await shop.ctx.db.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values);
      plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
      return [];
    },
  } as unknown as Parameters<typeof listStored>[0];
  const anywhere = placedWithin(undefined, undefined);
  await listStored(asking, { ...nothing, placed });
  await listStored(asking, { ...nothing, placed: anywhere, sku: 'never sold' });
  await listStored(asking, { ...nothing, placed, sku: 'never sold', before: ids[9] });
  await listStored(asking, { ...nothing, placed, sku: 'never sold', user_ids: [anId(), anId()] });
  for (const plan of plans) assert.ok(!/Seq Scan/.test(plan), plan);
  assert.ok(
    // The few parcels of one order are sorted; orders are not.
    plans.slice(1, 3).every((plan) => !plan.split('SubPlan')[0]?.includes('Sort')),
    plans.join('\n\n'),
  );
  await shop.ctx.db.query('delete from order_skus where order_id = any($1::uuid[])', [ids]);
  await shop.ctx.db.query('delete from orders where id = any($1::uuid[])', [ids]);
});

test('staff see how many orders have each status, and since when', async () => {
  const before = await shop.staff.must(countOrders);
  const pending = await anOrder(shop);
  const after = await shop.staff.must(countOrders);
  const countOf = (counts: OrderCount[]) => counts.find(({ status }) => status === 'pending');
  assert.equal(countOf(after)?.orders, (countOf(before)?.orders ?? 0) + 1);
  assert.ok((countOf(after)?.oldest_at ?? '') <= pending.created_at);
  assert.deepEqual(
    after.map(({ status, more }) => [status, more]),
    ['pending', 'awaiting_payment', 'confirmed', 'shipped', 'completed', 'cancelled'].map((status) => [status, false]),
  );
});
