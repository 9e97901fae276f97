/** Orders for other systems. */
import assert from 'node:assert/strict';
import { get, type IncomingMessage } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { exportOrders, getOrder, type Order } from '@souk/contracts';
import { type ManualClock, manualClock } from '@souk/kernel';
import { anOrder, openShop, type Shop } from './_support.ts';

const copies = 450;

describe('an export of orders', () => {
  let shop: Shop;
  let clock: ManualClock;
  let first: Order;
  before(async () => {
    clock = manualClock(Date.now());
    shop = await openShop({}, { clock });
    first = await anOrder(shop);
    await copyOrder(first.id, copies);
    clock.advance(10_001);
  });
  after(() => shop.stop());

  /** Later orders, as if they had been placed. */
  const copyOrder = async (order_id: string, many: number): Promise<void> => {
    await shop.ctx.db.query(
      `insert into orders select (jsonb_populate_record(o, jsonb_build_object('id', 'ffffffff-0000-7000-8000-' || lpad(n::text, 12, '0'),
         'order_number', 'S-' || (900000 + n), 'idempotency_key', null))).* from orders o, generate_series(1, $2::int) n where o.id = $1`,
      [order_id, many],
    );
  };
  const linesOf = (text: string): Order[] =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Order);
  const page = async (query: { limit?: number; cursor?: string } = {}) => {
    const { body, headers } = await shop.staff.expect(200, exportOrders, { query });
    assert.equal(headers['content-type'], 'application/x-ndjson');
    assert.equal(headers['cache-control'], 'private, no-store');
    const next = /<\/api\/orders\/export\?(?:limit=\d+&)?cursor=([^>]+)>; rel="next"/.exec(String(headers['link'] ?? ''))?.[1];
    return { orders: linesOf((body as string | undefined) ?? ''), next: next && decodeURIComponent(next) };
  };

  test('has every order once, oldest first, as it is read elsewhere, whatever the length of its pages', async () => {
    const { orders, next } = await page();
    assert.equal(orders.length, copies + 1);
    assert.deepEqual(orders[0], await shop.staff.must(getOrder, { params: { order_id: first.id } }));
    const ids = orders.map(({ id }) => id);
    assert.deepEqual(ids, ids.toSorted());
    for (const limit of [1, 199, 200, 201, 451, 452]) {
      const found: string[] = [];
      let cursor: string | undefined;
      for (let rounds = 0; rounds < (limit === 1 ? 5 : 10); rounds += 1) {
        const part = await page({ limit, ...(cursor === undefined ? {} : { cursor }) });
        assert.ok(part.orders.length <= limit);
        assert.equal(part.next === undefined, part.orders.length === 0);
        if (part.next === undefined) break;
        found.push(...part.orders.map(({ id }) => id));
        cursor = part.next;
      }
      assert.deepEqual(found, ids.slice(0, limit === 1 ? 5 : undefined), `pages of ${limit}`);
    }
    assert.deepEqual(await page({ cursor: next ?? '' }), { orders: [], next: undefined });
  });

  test('goes on with what was placed since, once none can come before it any more', async () => {
    const { next } = await page();
    const cursor = next ?? '';
    await shop.ctx.db.query("update orders set id = 'ffffffff-0000-7000-8000-00000000fff0' where id = $1", [
      'ffffffff-0000-7000-8000-000000000450',
    ]);
    await shop.ctx.db.query("update orders set created_at = $1 where id = 'ffffffff-0000-7000-8000-00000000fff0'", [
      new Date(clock.now()).toISOString(),
    ]);
    assert.deepEqual((await page({ cursor })).orders, []);
    clock.advance(10_000);
    assert.deepEqual((await page({ cursor })).orders, []);
    clock.advance(1);
    assert.deepEqual(
      (await page({ cursor })).orders.map(({ id }) => id),
      ['ffffffff-0000-7000-8000-00000000fff0'],
    );
  });

  test('is for staff, and refuses what is no cursor of it', async () => {
    await shop.customer.refused(403, exportOrders);
    for (const cursor of ['x', 'eyJ4IjoxfQ', 'IngiCg'])
      assert.equal((await shop.staff.refused(400, exportOrders, { query: { cursor } })).code, 'cursor_invalid');
    for (const limit of [0, 10_001]) await shop.staff.refused(400, exportOrders, { query: { limit } });
  });

  test('is read as fast as its client takes it, and breaks off where it cannot go on', async () => {
    // Enough that it does not fit between service and client.
    await shop.ctx.db.query("update orders set shipping_address = jsonb_set(shipping_address, '{street}', to_jsonb(repeat('x', 60000)))");
    const { query } = shop.ctx.db;
    let statements = 0;
    shop.ctx.db.query = ((...args: Parameters<typeof query>) => {
      statements += /from orders where id > /.test(String(args[0])) ? 1 : 0;
      return query.apply(shop.ctx.db, args);
    }) as typeof query;
    const authorization = `Bearer ${await shop.tokenFor({ role: 'staff' })}`;
    const answer = await new Promise<IncomingMessage>((resolve, reject) =>
      get(`${shop.url}/api/orders/export`, { headers: { authorization } }, resolve).on('error', reject),
    );
    answer.pause();
    const before = statements;
    await shop.ctx.db.query('alter table orders rename to orders_away');
    let bytes = 0;
    answer.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    const ended = await new Promise<string>((resolve) => {
      answer.resume();
      answer.on('end', () => resolve('whole'));
      answer.on('error', () => resolve('broken off'));
    });
    assert.equal(ended, 'broken off');
    assert.ok(bytes > 0 && bytes < copies * 60_000, `${bytes} bytes`);
    assert.ok(before <= 3, `${before} statements before anything was taken`);
    shop.ctx.db.query = query;
    await shop.ctx.db.query('alter table orders_away rename to orders');
    assert.equal((await page()).orders.length, copies + 1);
  });
});
