import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Client, createTestClient } from '@souk/client/testing';
import { adjustStock, getStock, listAvailability, listMovements, listStock, readStockLevels, stockLevelsMax } from '@souk/contracts';
import { required } from '@souk/kernel';
import { type TestService, testService } from '@souk/service-kit/testing';
import { openStockConsumer } from '../src/consumers/open-stock.ts';
import { reserveStockConsumer } from '../src/consumers/reserve-stock.ts';
import { buildInventory, InventoryConfig } from '../src/index.ts';
import { anOrderCreated, aProductCreated, handle, uuid } from './_support.ts';

let shop: TestService<ReturnType<typeof buildInventory>>;
let anybody: Client;
let customer: Client;
let staff: Client;

before(async () => {
  shop = await testService(buildInventory, { name: 'inventory', schema: InventoryConfig });
  anybody = createTestClient({ base_url: shop.url });
  customer = createTestClient({ base_url: shop.url, token: await shop.tokenFor() });
  staff = createTestClient({ base_url: shop.url, token: await shop.tokenFor({ role: 'staff' }) });
});
after(() => shop.stop());

async function aProduct(quantity: number): Promise<string> {
  const product_id = uuid();
  await handle(shop.service.context, openStockConsumer, [aProductCreated({ product_id, initial_quantity: quantity })]);
  return product_id;
}

async function reserve(product_id: string, quantity: number): Promise<void> {
  await handle(shop.service.context, reserveStockConsumer, [anOrderCreated({ items: [{ product_id, quantity }] })]);
}

test('everybody sees what is available, staff also what there is and what is promised', async () => {
  const product_id = await aProduct(10);
  await reserve(product_id, 3);
  const { updated_at, ...seen } = await anybody.must(getStock, { params: { product_id } });
  assert.deepEqual(seen, { product_id, available: 7 });
  assert.deepEqual(await customer.must(getStock, { params: { product_id } }), { ...seen, updated_at });
  assert.deepEqual(await staff.must(getStock, { params: { product_id } }), { ...seen, updated_at, on_hand: 10, reserved: 3 });
});

test('a reading after a change shows the change, although readings are cached', async () => {
  const product_id = await aProduct(10);
  for (const expected of [9, 8, 7]) {
    await reserve(product_id, 1);
    assert.equal((await anybody.must(getStock, { params: { product_id } })).available, expected);
  }
  await staff.expect(201, adjustStock, { params: { product_id }, body: { quantity_change: 5, reason: 'found behind the shelf' } });
  assert.equal((await anybody.must(getStock, { params: { product_id } })).available, 12);
});

test('what is available of many products is read at once, as it is now, in the order asked for', async () => {
  const [one, other] = [await aProduct(10), await aProduct(4)];
  const listed = () => anybody.must(listAvailability, { query: { product_ids: [other, uuid(), one, other].join(',') } });
  const seen = await listed();
  assert.deepEqual(
    seen.map(({ product_id, available }) => [product_id, available]),
    [
      [other, 4],
      [one, 10],
    ],
  );
  await reserve(one, 3);
  const [, changed] = await listed();
  assert.deepEqual([changed?.available, changed?.stock_version], [7, (seen[1]?.stock_version ?? 0) + 1]);
  const { available, updated_at } = await anybody.must(getStock, { params: { product_id: one } });
  assert.deepEqual([changed?.available, changed?.updated_at], [available, updated_at]);
  const ask = (product_ids: string) => anybody.refused(400, listAvailability, { query: { product_ids } });
  const hundred = Array.from({ length: 100 }, uuid);
  assert.deepEqual(await anybody.must(listAvailability, { query: { product_ids: hundred.join(',') } }), []);
  for (const wrong of ['', 'x', `${one},`, `,${one}`, `${one} ,${other}`, [...hundred, one].join(',')])
    assert.equal((await ask(wrong)).code, 'validation_failed', wrong);
});

test('services ask for up to 200 levels at once, others may not', async () => {
  const product_id = await aProduct(6);
  const ask = (product_ids: string[], token = shop.internal_token): Promise<Response> =>
    fetch(shop.url + readStockLevels.path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ product_ids }),
    });
  const many = [product_id, ...Array.from({ length: stockLevelsMax - 1 }, uuid)];
  const levels = (await (await ask(many)).json()) as { product_id: string; available: number }[];
  assert.deepEqual(
    levels.map((level) => [level.product_id, level.available]),
    [[product_id, 6]],
  );
  assert.equal((await ask([...many, uuid()])).status, 400);
  assert.equal((await ask([])).status, 400);
  assert.equal((await ask([product_id], await shop.tokenFor({ role: 'admin' }))).status, 403);
});

test('an unknown product is not found, also for adjustments and its ledger', async () => {
  const params = { product_id: uuid() };
  assert.equal((await anybody.refused(404, getStock, { params })).code, 'not_found');
  assert.equal((await staff.refused(404, getStock, { params })).code, 'not_found');
  assert.equal((await staff.refused(404, listMovements, { params })).code, 'not_found');
  assert.equal((await staff.refused(404, adjustStock, { params, body: { quantity_change: 1, reason: 'found' } })).code, 'not_found');
});

test('only staff list, adjust and read the ledger', async () => {
  const params = { product_id: await aProduct(1) };
  const body = { quantity_change: 1, reason: 'found' };
  for (const [client, status] of [
    [anybody, 401],
    [customer, 403],
  ] as const) {
    await client.refused(status, listStock, {});
    await client.refused(status, listMovements, { params });
    await client.refused(status, adjustStock, { params, body });
  }
});

test('an adjustment is checked against what is promised, what was expected and the limit', async () => {
  const params = { product_id: await aProduct(10) };
  await reserve(params.product_id, 4);
  const refused = async (status: number, body: { quantity_change: number; expected_on_hand?: number }) =>
    (await staff.refused(status, adjustStock, { params, body: { reason: 'counted', ...body } })).code;
  assert.equal(await refused(409, { quantity_change: -7 }), 'stock_reserved');
  assert.equal(await refused(409, { quantity_change: -11 }), 'stock_reserved');
  assert.equal(await refused(409, { quantity_change: 1, expected_on_hand: 9 }), 'stock_mismatch');
  assert.equal(await refused(400, { quantity_change: 1_000_000_000 }), 'stock_too_large');
  assert.equal(await refused(400, { quantity_change: 0 }), 'validation_failed');
  const adjusted = await staff.must(adjustStock, { params, body: { quantity_change: -6, reason: 'broken', expected_on_hand: 10 } });
  assert.deepEqual([adjusted.on_hand, adjusted.reserved, adjusted.available], [4, 4, 0]);
  assert.deepEqual(adjusted, await staff.must(getStock, { params }));
});

test('an adjustment with a key is made once, also when it is asked for twice at the same moment', async () => {
  const params = { product_id: await aProduct(10) };
  const body = { quantity_change: 5, reason: 'delivered' };
  const duplicates = await Promise.all([1, 2, 3].map(() => staff.call(adjustStock, { params, body, idempotency_key: 'delivery-1' })));
  assert.deepEqual(
    duplicates.map((duplicate) => duplicate.status),
    [201, 201, 201],
  );
  assert.deepEqual(duplicates[0]?.body, duplicates[1]?.body);
  assert.equal((await staff.must(getStock, { params })).on_hand, 15);
  const other = await staff.refused(422, adjustStock, { params, body: { ...body, quantity_change: 6 }, idempotency_key: 'delivery-1' });
  assert.equal(other.code, 'idempotency_key_reused');
});

test('the ledger of a product is listed newest first, page by page', async () => {
  const params = { product_id: await aProduct(10) };
  await reserve(params.product_id, 2);
  await staff.must(adjustStock, { params, body: { quantity_change: -1, reason: 'broken' } });
  const first = await staff.call(listMovements, { params, query: { limit: 2 } });
  const second = await staff.call(listMovements, { params, query: { limit: 2, cursor: cursorOf(first.next) } });
  const lines = [...required(first.body as Line[], 'a page'), ...required(second.body as Line[], 'a page')];
  assert.deepEqual(
    lines.map(({ kind, on_hand_change, reserved_change, reason }) => [kind, on_hand_change, reserved_change, reason]),
    [
      ['adjusted', -1, 0, 'broken'],
      ['reserved', 0, 2, null],
      ['received', 10, 0, 'opening stock'],
    ],
  );
  assert.equal(second.next, undefined);
  assert.match(lines[0]?.actor ?? '', /^staff:/);
});

type Line = { kind: string; on_hand_change: number; reserved_change: number; reason: string | null; actor: string };

test('all stock is listed page by page, and what is short alone', async () => {
  const short = [await aProduct(2), await aProduct(1)];
  const low = await staff.must(listStock, { query: { low_stock_below: 3, limit: 100 } });
  assert.ok(short.every((product_id) => low.some((row) => row.product_id === product_id)));
  assert.ok(low.every((row) => row.available < 3));
  const seen: string[] = [];
  for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
    const page = await staff.call(listStock, { query: { limit: 3, ...(cursor !== undefined && { cursor }) } });
    seen.push(...(page.body as { product_id: string }[]).map((row) => row.product_id));
    cursor = page.next === undefined ? undefined : cursorOf(page.next);
  }
  assert.deepEqual(seen, [...new Set(seen)].sort().reverse());
  assert.ok(short.every((product_id) => seen.includes(product_id)));
  assert.equal((await staff.refused(400, listStock, { query: { cursor: 'nonsense' } })).code, 'cursor_invalid');
});

function cursorOf(next: string | undefined): string {
  return required(new URL(next ?? '', 'http://shop').searchParams.get('cursor'), 'the cursor of the next page');
}

test('the auditor gets stock with the sums of its ledger, and every reservation', async () => {
  const product_id = await aProduct(10);
  await reserve(product_id, 3);
  const records = async (kind: string): Promise<Record<string, unknown>[]> => {
    const all: Record<string, unknown>[] = [];
    for (let after = ''; ; ) {
      const response = await fetch(`${shop.url}/internal/audit/records?kind=${kind}&limit=2${after}`, {
        headers: { authorization: `Bearer ${shop.internal_token}` },
      });
      assert.equal(response.status, 200);
      const page = (await response.json()) as { records: Record<string, unknown>[]; next: string | null };
      all.push(...page.records);
      if (page.next === null) return all;
      after = `&after=${page.next}`;
    }
  };
  const stock = await records('stock');
  assert.deepEqual(
    stock.map((record) => record['key']),
    stock.map((record) => String(record['key'])).sort(),
  );
  const { updated_at_ms, stock_version, published_version, published_at_ms, ...mine } = required(
    stock.find((record) => record['product_id'] === product_id),
    'the record of the product',
  );
  assert.equal(typeof updated_at_ms, 'number');
  assert.ok(Number(published_version) <= Number(stock_version) && (published_at_ms === null || typeof published_at_ms === 'number'));
  assert.deepEqual(mine, {
    key: product_id,
    product_id,
    on_hand: 10,
    reserved: 3,
    movements_on_hand: 10,
    movements_reserved: 3,
    movements_misplaced: 0,
    openings: 1,
    movements: 2,
  });
  const reservations = await records('reservations');
  const held = reservations.find((record) => JSON.stringify(record['items']).includes(product_id));
  const reserved = { product_id, kind: 'reserved', on_hand_change: 0, reserved_change: 3, movements: 1 };
  assert.deepEqual([held?.['status'], held?.['items'], held?.['movements']], ['held', [{ product_id, quantity: 3 }], [reserved]]);
});
