import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { getOrder, listOrders, type Order, placeOrder } from '@souk/contracts';
import { until } from '@souk/messaging/testing';
import {
  aCustomer,
  aNeighbour,
  anAddress,
  anId,
  anOrder,
  anOrderRequest,
  aProduct,
  attached,
  deliver,
  openShop,
  paid,
  publish,
  reserved,
  type Shop,
} from './_support.ts';

let shop: Shop;
before(async () => {
  // Nobody listens at these addresses: the neighbours are away.
  shop = await openShop({ products_url: 'http://127.0.0.1:9', users_url: 'http://127.0.0.1:9' });
  await attached(shop);
});
after(() => shop.stop());

describe('placing an order', () => {
  test('an order is pending, priced from the catalogue, and can be read back', async () => {
    const product = await aProduct(shop.ctx, { price: 12_995, name: 'Lamp', sku: 'L-1' });
    const { body, headers } = await shop.customer.expect(201, placeOrder, { body: anOrderRequest(product, { expected_total: 259.9 }) });
    assert.match(body.order_number, /^S-1\d{4}$/);
    assert.deepEqual(body.items, [
      { product_id: product.product_id, sku: 'L-1', name: 'Lamp', quantity: 2, price: 129.95, line_total: 259.9 },
    ]);
    assert.deepEqual(
      [body.status, body.total_amount, body.currency, body.version, body.user_id],
      ['pending', 259.9, 'EUR', 1, shop.customer_id],
    );
    assert.deepEqual(body.shipping_address, anAddress);
    assert.equal(headers['location'], `/api/orders/${body.id}`);
    assert.match(String(headers['etag']), /^"1~/);
    assert.deepEqual(await shop.customer.must(getOrder, { params: { order_id: body.id } }), body);
  });

  test('what cannot be sold is refused and leaves no trace', async () => {
    const product = await aProduct(shop.ctx);
    const archived = await aProduct(shop.ctx, { status: 'archived' });
    const dollar = await aProduct(shop.ctx, { currency: 'USD' });
    const idempotency_key = anId();
    const place = (status: number, orderRequest: object) =>
      shop.customer.refused(status, placeOrder, { body: { ...anOrderRequest(product), ...orderRequest }, idempotency_key });
    assert.equal((await place(400, anOrderRequest(archived))).code, 'product_unknown');
    assert.equal(
      (await place(400, { items: [product, dollar].map(({ product_id }) => ({ product_id, quantity: 1 })) })).code,
      'currency_mismatch',
    );
    assert.equal((await place(409, { expected_total: 1 })).code, 'total_changed');
    assert.equal(
      (await place(400, { items: [1, 2].map(() => ({ product_id: product.product_id, quantity: 9_000 })) })).code,
      'validation_failed',
    );
    assert.equal((await place(400, { total_amount: 1 })).code, 'validation_failed');
    // The key was not used up by the refusals.
    const { headers } = await shop.customer.expect(201, placeOrder, { body: anOrderRequest(product), idempotency_key });
    assert.equal(headers['idempotency-replayed'], undefined);
  });

  test('a product that no event has announced is asked for and then known; one that does not exist is named', async () => {
    const [product_id, missing] = [anId(), anId()];
    const products = await aNeighbour({
      [`/api/products/${product_id}`]: {
        status: 200,
        body: { id: product_id, version: 3, sku: 'N-1', name: 'New', price: 5, currency: 'EUR', status: 'active' },
      },
    });
    const asking = await openShop({ products_url: products.url });
    try {
      const orders = await Promise.all([1, 2, 3].map(() => asking.customer.must(placeOrder, { body: anOrderRequest({ product_id }) })));
      assert.deepEqual(
        orders.map((order) => order.total_amount),
        [10, 10, 10],
      );
      const asked = products.asked.length;
      assert.ok(asked <= 3, 'those who ask at the same time share the answer, those a moment later may ask again');
      await asking.customer.must(placeOrder, { body: anOrderRequest({ product_id }) });
      assert.equal(products.asked.length, asked, 'once known it is not asked for any more');
      const problem = await asking.customer.refused(400, placeOrder, { body: anOrderRequest({ product_id: missing }) });
      assert.equal(problem.code, 'product_unknown');
      assert.ok(JSON.stringify(problem.errors).includes(missing));
    } finally {
      await asking.stop();
      await products.close();
    }
  });

  test('while products is away an unknown product can be ordered later, a known one now', async () => {
    assert.equal(
      (await shop.customer.refused(503, placeOrder, { body: anOrderRequest({ product_id: anId() }) })).code,
      'service_unavailable',
    );
    assert.equal((await anOrder(shop)).status, 'pending');
  });

  test('staff order for a customer who exists; customers only for themselves', async () => {
    const user_id = anId();
    const users = await aNeighbour({ [`/api/users/${user_id}`]: { status: 200, body: { id: user_id } } });
    const asking = await openShop({ users_url: users.url });
    try {
      assert.equal((await anOrder(asking, { user_id }, asking.staff)).user_id, user_id);
      const product = await aProduct(asking.ctx);
      assert.equal(
        (await asking.staff.refused(400, placeOrder, { body: anOrderRequest(product, { user_id: anId() }) })).code,
        'user_unknown',
      );
      assert.equal((await asking.customer.refused(403, placeOrder, { body: anOrderRequest(product, { user_id }) })).code, 'forbidden');
    } finally {
      await asking.stop();
      await users.close();
    }
    assert.equal(
      (await shop.staff.refused(503, placeOrder, { body: anOrderRequest(await aProduct(shop.ctx), { user_id }) })).code,
      'service_unavailable',
    );
  });
});

describe('idempotency', () => {
  test('fifty concurrent duplicates with one key place one order', async () => {
    const product = await aProduct(shop.ctx);
    const customer = await aCustomer(shop);
    const idempotency_key = 'checkout-1';
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => customer.expect(201, placeOrder, { body: anOrderRequest(product), idempotency_key })),
    );
    assert.equal(new Set(answers.map(({ body }) => body.id)).size, 1);
    assert.equal(answers.filter(({ headers }) => headers['idempotency-replayed'] === 'true').length, 49);
    assert.equal((await customer.must(listOrders)).length, 1);
  });

  test('the same key with another body is refused; of another customer it is another key', async () => {
    const product = await aProduct(shop.ctx);
    const idempotency_key = anId();
    const first = await shop.customer.must(placeOrder, { body: anOrderRequest(product), idempotency_key });
    const problem = await shop.customer.refused(422, placeOrder, {
      body: anOrderRequest(product, { payment_method: 'tok_slow' }),
      idempotency_key,
    });
    assert.equal(problem.code, 'idempotency_key_reused');
    assert.deepEqual((problem as { current?: unknown }).current, { order_id: first.id });
    const other = await (await aCustomer(shop)).must(placeOrder, { body: anOrderRequest(product), idempotency_key });
    assert.notEqual(other.id, first.id);
  });

  test('a replay answers the order as it is now, even where it would be refused today', async () => {
    const product = await aProduct(shop.ctx);
    const body = anOrderRequest(product, { expected_total: 25 });
    const idempotency_key = anId();
    const first = await shop.customer.must(placeOrder, { body, idempotency_key });
    await aProduct(shop.ctx, { ...product, product_version: 2, price: 9_900 });
    await deliver(shop.ctx, [reserved(first)]);
    const replay = await shop.customer.expect(201, placeOrder, { body, idempotency_key });
    assert.equal(replay.headers['idempotency-replayed'], 'true');
    assert.deepEqual([replay.body.id, replay.body.status], [first.id, 'awaiting_payment']);
  });
});

describe('Prefer: wait', () => {
  test('the answer is held until the checkout is over', async () => {
    const product = await aProduct(shop.ctx);
    const customer = await aCustomer(shop);
    const answer = customer.must(placeOrder, { body: anOrderRequest(product), wait_s: 20 });
    const order = await firstOrderOf(customer);
    await publish(shop, [reserved(order)]);
    await publishWhen(customer, order, 'awaiting_payment', paid(order));
    const ended = await answer;
    assert.deepEqual([ended.id, ended.status, ended.version], [order.id, 'confirmed', 3]);
    assert.deepEqual(await customer.must(getOrder, { params: { order_id: order.id } }), ended);
  });

  test('a decision made by another replica is found', async () => {
    const customer = await aCustomer(shop);
    const answer = customer.must(placeOrder, { body: anOrderRequest(await aProduct(shop.ctx)), wait_s: 20 });
    const order = await firstOrderOf(customer);
    await shop.ctx.db.query(
      `update orders set status = 'cancelled', cancel_reason = 'out_of_stock', deadline_at = null, payment_method = null, version = 2 where id = $1`,
      [order.id],
    );
    const { status, cancel_reason } = await answer;
    assert.deepEqual([status, cancel_reason], ['cancelled', 'out_of_stock']);
  });

  test('after the wait the answer is the order as it is', async () => {
    const { status, body } = await shop.customer.expect(201, placeOrder, {
      body: anOrderRequest(await aProduct(shop.ctx)),
      wait_s: 1,
    });
    assert.deepEqual([status, body.status], [201, 'pending']);
  });

  test('after the wait the answer says how far the checkout has come by then', async () => {
    const customer = await aCustomer(shop);
    const answer = customer.must(placeOrder, { body: anOrderRequest(await aProduct(shop.ctx)), wait_s: 1 });
    await publish(shop, [reserved(await firstOrderOf(customer))]);
    const { status, version } = await answer;
    assert.deepEqual([status, version], ['awaiting_payment', 2]);
  });
});

test('a message that cannot be true for its order becomes a dead letter, and the order stays as it is', async () => {
  const order = await anOrder(shop);
  await publish(shop, [paid(order)]);
  const { deadLetters } = shop.ctx.messaging;
  await until(async () => ((await deadLetters.count()) === 1 ? undefined : 'no dead letter yet'));
  const [letter] = await deadLetters.list({ limit: 2 });
  assert.deepEqual([letter?.queue, letter?.reason], ['orders.checkout', 'saga_impossible']);
  assert.equal((await shop.customer.must(getOrder, { params: { order_id: order.id } })).status, 'pending');
});

async function firstOrderOf(customer: Shop['customer']): Promise<Order> {
  for (;;) {
    const [order] = await customer.must(listOrders);
    if (order) return order;
  }
}

async function publishWhen(
  customer: Shop['customer'],
  order: Order,
  status: Order['status'],
  event: ReturnType<typeof paid>,
): Promise<void> {
  while ((await customer.must(getOrder, { params: { order_id: order.id } })).status !== status);
  await publish(shop, [event]);
}
