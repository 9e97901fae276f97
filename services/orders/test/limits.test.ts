import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { cancelOrder, type Order, placeOrder, shipOrder } from '@souk/contracts';
import type { OrdersContext } from '../src/context.ts';
import { openOrdersContext } from '../src/service.ts';
import { getCart, mergeCart, putCart } from '../src/use-cases/change-cart.ts';
import {
  aCustomer,
  anId,
  anOrder,
  anOrderRequest,
  aProduct,
  deliver,
  openQuietly,
  openShop,
  paid,
  reserved,
  type Shop,
} from './_support.ts';

describe('the open orders of a customer', () => {
  let shop: Shop;
  before(async () => {
    shop = await openShop({ open_orders_max: 3, open_pieces_max: 10 });
  });
  after(() => shop.stop());

  test('are limited in number until one is shipped or cancelled, whatever has been paid', async () => {
    const customer = await aCustomer(shop);
    const orders: Order[] = [];
    for (let count = 0; count < 3; count += 1) orders.push(await anOrder(shop, {}, customer));
    const [first, second] = orders as [Order, Order];
    await deliver(shop.ctx, [reserved(first), paid(first), reserved(second)]);
    const body = anOrderRequest(await aProduct(shop.ctx));
    const idempotency_key = anId();
    const problem = await customer.refused(409, placeOrder, { body, idempotency_key });
    assert.equal(problem.code, 'too_many_open_orders');
    assert.match(problem.detail ?? '', /3 open orders; at most 3/);
    assert.equal((await anOrder(shop)).status, 'pending', 'another customer is not concerned');

    await shop.staff.must(shipOrder, { params: { order_id: first.id }, body: { carrier: 'Post', tracking_number: '1' } });
    const { headers } = await customer.expect(201, placeOrder, { body, idempotency_key });
    assert.equal(headers['idempotency-replayed'], undefined, 'the refusal did not use up the key');
    assert.equal((await customer.refused(409, placeOrder, { body })).code, 'too_many_open_orders');
    const replay = await customer.expect(201, placeOrder, { body, idempotency_key });
    assert.equal(replay.headers['idempotency-replayed'], 'true', 'a repeat is answered at the limit');
    await customer.must(cancelOrder, { params: { order_id: second.id }, body: {} });
    await customer.must(placeOrder, { body });
  });

  test('are limited in pieces, over all their lines', async () => {
    const customer = await aCustomer(shop);
    const [product, other] = [await aProduct(shop.ctx), await aProduct(shop.ctx)];
    const items = (...quantities: number[]) =>
      [product, other].flatMap(({ product_id }, index) => (quantities[index] ? [{ product_id, quantity: quantities[index] }] : []));
    const problem = await customer.refused(409, placeOrder, { body: anOrderRequest(product, { items: items(6, 5) }) });
    assert.equal(problem.code, 'too_many_open_pieces');
    assert.match(problem.detail ?? '', /hold 0 pieces; with 11 more they would be above 10/);
    await customer.must(placeOrder, { body: anOrderRequest(product, { items: items(4, 3) }) });
    assert.equal(
      (await customer.refused(409, placeOrder, { body: anOrderRequest(product, { items: items(4) }) })).code,
      'too_many_open_pieces',
    );
    await customer.must(placeOrder, { body: anOrderRequest(product, { items: items(3) }) });
  });

  test('that staff place for them are not limited', async () => {
    const body = { ...anOrderRequest(await aProduct(shop.ctx)), user_id: shop.staff_id };
    for (let count = 0; count < 4; count += 1) await shop.staff.must(placeOrder, { body });
  });
});

describe('under concurrency', () => {
  let fixture: Awaited<ReturnType<typeof openQuietly>>;
  let ctx: OrdersContext;
  let another: OrdersContext;
  before(async () => {
    fixture = await openQuietly({ open_orders_max: 7, open_pieces_max: 1_000, place_batch_max: 3, place_delay_ms: 0 });
    ({ ctx } = fixture);
    another = openOrdersContext(fixture.config, { broker: ctx.broker, log: ctx.log });
  });
  after(async () => {
    another.cache.close();
    await another.db.close();
    await fixture.close();
  });

  test('exactly as many orders are placed as may be open, by two replicas at once, and repeats are still replays', async () => {
    const product = await aProduct(ctx);
    for (let round = 0; round < 5; round += 1) {
      const [user_id, other_id] = [anId(), anId()];
      const place = (index: number, customer_id: string) => {
        const claim = { user_id: customer_id, key: `key-${index}`, body_hash: 'ab'.repeat(32) };
        const command = { user_id: customer_id, wanted: anOrderRequest(product), claim, cause: { correlation_id: anId() } };
        return (index % 2 === 0 ? ctx : another).place(command);
      };
      const requests = Array.from({ length: 24 }, (_, index) => [place(index, user_id), place(index, other_id)]).flat();
      const results = await Promise.allSettled(requests);
      const refusals = results.flatMap((result) => (result.status === 'rejected' ? [(result.reason as { code: string }).code] : []));
      assert.deepEqual(new Set(refusals), new Set(['too_many_open_orders']));
      const counts = await ctx.db.query('select count(*)::int count from orders where user_id = any($1::uuid[]) group by user_id', [
        [user_id, other_id],
      ]);
      assert.deepEqual(counts, [{ count: 7 }, { count: 7 }]);

      // The last order that fits, asked for twice at once in two processes: one is placed, the other finds it.
      const last_id = anId();
      for (let index = 0; index < 6; index += 1) await place(index, last_id);
      const claim = { user_id: last_id, key: 'the last', body_hash: 'ab'.repeat(32) };
      const command = { user_id: last_id, wanted: anOrderRequest(product), claim, cause: { correlation_id: anId() } };
      const kinds = (await Promise.all([ctx.place(command), another.place(command)])).map(({ kind }) => kind).sort();
      assert.deepEqual(kinds, ['placed', 'replayed']);
    }
  });

  test('two tabs and a sign-in change one cart in two replicas at once: each version is written over once, and no merged line is lost', async () => {
    for (let round = 0; round < 5; round += 1) {
      const user_id = anId();
      const both = [ctx, another];
      const { version } = await mergeCart(ctx, user_id, { lines: [{ product_id: anId(), quantity: 1 }] });
      const wrote = (index: number) =>
        putCart(both[index % 2] as OrdersContext, {
          user_id,
          wanted: { lines: [{ product_id: anId(), quantity: index + 1 }] },
          if_match: `"${version}"`,
        });
      const results = await Promise.allSettled(Array.from({ length: 8 }, (_, index) => wrote(index)));
      assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
      const written = (await getCart(ctx, user_id)).lines;

      const merged = Array.from({ length: 12 }, (_, index) => ({ product_id: anId(), quantity: index + 1 }));
      await Promise.all(
        [...merged, ...merged].map((line, index) => mergeCart(both[index % 2] as OrdersContext, user_id, { lines: [line] })),
      );
      const cart = await getCart(another, user_id);
      assert.deepEqual(
        cart.lines.map(({ product_id, quantity }) => ({ product_id, quantity })),
        [...written, ...merged.sort((left, right) => (left.product_id < right.product_id ? -1 : 1))],
      );
    }
  });

  test('of an order and a change of its cart at once, the cart is gone or it is the changed one', async () => {
    const product = await aProduct(ctx);
    const seen = new Set<string>();
    for (let round = 0; round < 12; round += 1) {
      const user_id = anId();
      const lines = [{ product_id: product.product_id, quantity: 1 }];
      const { version } = await mergeCart(ctx, user_id, { lines });
      const late = { product_id: anId(), quantity: 1 };
      const wanted = { ...anOrderRequest(product), cart_version: version };
      const place = () => ctx.place({ user_id, wanted, claim: null, cause: { correlation_id: anId() } });
      const change = () => mergeCart(another, user_id, { lines: [late] });
      await Promise.all(round % 2 === 0 ? [place(), change()] : [change(), place()]);
      const cart = await getCart(ctx, user_id);
      assert.ok(
        cart.lines.some(({ product_id }) => product_id === late.product_id),
        'the line that was added is there',
      );
      assert.notEqual(cart.version, version);
      seen.add(String(cart.lines.length));
    }
    assert.ok([...seen].every((count) => count === '1' || count === '2'));
  });
});
