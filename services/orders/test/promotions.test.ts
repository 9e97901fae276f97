/** Promotions on a real database: what staff say of them, quotes and orders by them, and limits that hold whoever comes at once. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createTestClient } from '@souk/client/testing';
import {
  cancelOrder,
  changePromotion,
  createPromotion,
  createPromotionCodes,
  getOrder,
  getPromotion,
  listPromotionCodes,
  listPromotions,
  type Order,
  type Promotion,
  placeOrder,
  quoteOrder,
  simulatePromotion,
  type WritePromotion,
} from '@souk/contracts';
import { anEnvelope } from '@souk/messaging/testing';
import { eraseUserConsumer } from '../src/consumers/erase-user.ts';
import { expireOrders } from '../src/use-cases/expire-orders.ts';
import { trackProducts } from '../src/use-cases/track-products.ts';
import { aCustomer, anId, anOrderRequest, aProduct, declined, deliver, openShop, reserved, type Shop } from './_support.ts';

let shop: Shop;
before(async () => {
  shop = await openShop({ products_url: 'http://127.0.0.1:9', users_url: 'http://127.0.0.1:9' });
});
after(() => shop.stop());

const aPromotion = (overrides: Partial<WritePromotion> = {}): Promise<Promotion> =>
  shop.staff.must(createPromotion, { body: { label: 'Ten off', kind: 'percent', value: 10, active: true, ...overrides } });
async function aCode(overrides: Partial<WritePromotion> = {}, uses_max?: number): Promise<{ code: string; promotion: Promotion }> {
  const promotion = await aPromotion(overrides);
  const body = { count: 1, ...(uses_max !== undefined && { uses_max }) };
  const { codes } = await shop.staff.must(createPromotionCodes, { params: { promotion_id: promotion.id }, body });
  return { code: codes[0] as string, promotion };
}
const usedOf = async (promotion: Promotion) => (await shop.staff.must(getPromotion, { params: { promotion_id: promotion.id } })).used;
const end = (promotion: Promotion) => shop.staff.must(changePromotion, { params: { promotion_id: promotion.id }, body: { active: false } });
const to_germany = { street: 'Alte Allee 1', city: 'Berlin', postal_code: '10115', country: 'DE' };
const quoted = (product: { product_id: string }, more: object = {}) =>
  shop.customer.must(quoteOrder, {
    body: { items: [{ product_id: product.product_id, quantity: 2 }], shipping_address: to_germany, ...more },
  });

describe('what staff say of promotions', () => {
  test('is checked, changed at the version that is named, and shown as it is', async () => {
    const promotion = await aPromotion({ label: 'Lamps', target: 'lines', scope: { categories: ['Lamps'] }, uses_max: 3, active: false });
    const params = { promotion_id: promotion.id };
    assert.deepEqual([promotion.used, promotion.version, promotion.value, promotion.target], [0, 1, 10, 'lines']);
    const change = (body: object, if_match: string) => ({ params, body, headers: { 'if-match': if_match } });
    const tag = (await shop.staff.expect(200, getPromotion, { params })).headers['etag'] as string;
    const after_it = await shop.staff.must(changePromotion, change({ value: 12.5, label: 'More lamps' }, tag));
    assert.deepEqual(after_it, { ...promotion, value: 12.5, label: 'More lamps', version: 2 });
    await shop.staff.refused(412, changePromotion, change({ active: true }, tag));
    assert.ok((await shop.staff.must(listPromotions, { query: { limit: 100 } })).some(({ id }) => id === promotion.id));
    await shop.staff.refused(404, getPromotion, { params: { promotion_id: anId() } });
    await shop.customer.refused(403, listPromotions);
    const wrong: [Partial<WritePromotion>, string][] = [
      [{ value: 0 }, '/value'],
      [{ value: 100.5 }, '/value'],
      [{ value: 1.23456 }, '/value'],
      [{ kind: 'fixed', value: 5 }, '/currency'],
      [{ min_subtotal: 5 }, '/currency'],
      [{ kind: 'free_shipping' }, '/value'],
      [{ kind: 'free_shipping', value: 0, target: 'order' }, '/target'],
      [{ kind: 'buy_get', value: 0 }, '/buy_quantity'],
      [{ sets_max: 1 }, '/sets_max'],
      [{ scope: { products: [anId()] } }, '/scope'],
      [{ starts_at: '2026-11-30T00:00:00Z', ends_at: '2026-11-30T00:00:00Z' }, '/ends_at'],
      [{ starts_at: '2026-02-31T00:00:00Z' }, '/starts_at'],
    ];
    for (const [overrides, pointer] of wrong) {
      const { errors } = await shop.staff.refused(400, createPromotion, { body: { label: 'x', kind: 'percent', value: 10, ...overrides } });
      assert.equal(errors?.[0]?.pointer, pointer, JSON.stringify(overrides));
    }
  });

  test('at most 50 apply by themselves at a time', async () => {
    const { db } = shop.ctx;
    const promotion = await aPromotion({ automatic: true, active: false });
    await db.query(
      `insert into promotions select (json_populate_record(p, json_build_object('id', gen_random_uuid(), 'label', 'crowd', 'active', true))).*
       from promotions p, generate_series(1, 50) where id = $1`,
      [promotion.id],
    );
    const refusal = await shop.staff.refused(409, changePromotion, { params: { promotion_id: promotion.id }, body: { active: true } });
    assert.equal(refusal.code, 'too_many_automatic_promotions');
    await db.query(`delete from promotions where label = 'crowd'`);
  });

  test('codes are random or named, each once whatever its case', async () => {
    const { id: promotion_id } = await aPromotion();
    const make = { params: { promotion_id } };
    const { codes } = await shop.staff.must(createPromotionCodes, { ...make, body: { count: 10_000 } });
    assert.equal(new Set(codes).size, 10_000);
    for (const code of codes) assert.match(code, /^[0-9A-HJKMNP-TV-Z]{12}$/);
    const named = await shop.staff.must(createPromotionCodes, { ...make, body: { code: 'Straße 1', uses_max: 7 } });
    assert.deepEqual(named.codes, ['STRASSE 1']);
    assert.equal((await shop.staff.refused(409, createPromotionCodes, { ...make, body: { code: 'strasse 1' } })).code, 'code_exists');
    for (const body of [{}, { count: 1, code: 'x' }, { count: 10_001 }])
      await shop.staff.refused(400, createPromotionCodes, { ...make, body });
    const first = await shop.staff.expect(200, listPromotionCodes, { params: { promotion_id }, query: { limit: 1_000 } });
    assert.equal(first.body.length, 1_000);
    assert.ok(first.headers['link']);
  });
});

describe('quotes and orders', () => {
  test('an order costs what was quoted, freezes why, and keeps it when the promotion ends', async () => {
    const product = await aProduct(shop.ctx, { price: 1_999 });
    const { code, promotion } = await aCode({ label: 'Welcome' });
    const quote = await quoted(product, { codes: [code.toLowerCase()] });
    const discount = { promotion_id: promotion.id, code: code.toLowerCase(), label: 'Welcome', target: 'order', amount: 4 };
    assert.deepEqual([quote.discounts, quote.discount_total, quote.total, quote.refused_codes], [[discount], 4, 35.98, []]);
    const body = anOrderRequest(product, { codes: [code.toLowerCase()], expected_total: 35.98 });
    const order = await shop.customer.must(placeOrder, { body });
    assert.deepEqual([order.total_amount, order.totals?.discounts, order.items[0]?.discount], [35.98, [discount], 4]);
    await end(promotion);
    assert.deepEqual(await shop.customer.must(getOrder, { params: { order_id: order.id } }), order);
    const refused = await shop.customer.refused(409, placeOrder, { body });
    assert.deepEqual(
      [refused.code, refused.quote?.refused_codes, refused.quote?.total],
      ['code_refused', [{ code: code.toLowerCase(), reason: 'unknown' }], 39.98],
    );
    const tried = { items: body.items, shipping_address: to_germany, codes: [code, 'NONE'] };
    const { body: answered, headers } = await shop.customer.expect(200, quoteOrder, { body: tried });
    assert.equal(headers['x-souk-requests'], '41', 'trying codes is counted as many requests');
    const { refused_codes, total } = answered;
    assert.deepEqual([refused_codes?.map(({ reason }) => reason), total], [['unknown', 'unknown'], 39.98]);
    assert.equal(
      (await shop.customer.refused(400, placeOrder, { body: { ...body, codes: ['a', 'b', 'c', 'd', 'e', 'f'] } })).code,
      'validation_failed',
    );
  });

  test('what applies by itself applies from the next order on, and changes the total that was expected', async () => {
    const product = await aProduct(shop.ctx, { price: 1_000 });
    const promotion = await aPromotion({
      automatic: true,
      kind: 'fixed',
      value: 5,
      currency: 'EUR',
      target: 'lines',
      scope: { products: [product.product_id] },
    });
    const refused = await shop.customer.refused(409, placeOrder, { body: anOrderRequest(product, { expected_total: 20 }) });
    assert.deepEqual([refused.code, refused.quote?.total], ['total_changed', 15]);
    const order = await shop.customer.must(placeOrder, { body: anOrderRequest(product, { expected_total: 15 }) });
    const rows = await shop.ctx.db.query('select 1 from redemptions where order_id = $1', [order.id]);
    assert.deepEqual([order.total_amount, rows.length], [15, 0], 'without a limit nothing is counted');
    await end(promotion);
    assert.equal((await quoted(product)).total, 20);
  });

  test('staff see what an order would cost with one that is not active', async () => {
    const product = await aProduct(shop.ctx, { price: 1_000 });
    const promotion = await aPromotion({ active: false, ends_at: '2020-01-01T00:00:00Z' });
    const body = { items: [{ product_id: product.product_id, quantity: 1 }], shipping_address: to_germany };
    const quote = await shop.staff.must(simulatePromotion, { params: { promotion_id: promotion.id }, body });
    assert.deepEqual([quote.total, quote.discounts?.[0]?.code], [9, null]);
    assert.equal((await shop.customer.must(quoteOrder, { body })).total, 10);
    await shop.customer.refused(403, simulatePromotion, { params: { promotion_id: promotion.id }, body });
  });
});

describe('limits', () => {
  test('are given back when an order is cancelled, once, whatever cancels it', async () => {
    const { code, promotion } = await aCode({ uses_max: 1 }, 1);
    const product = await aProduct(shop.ctx);
    const place = async (): Promise<Order> =>
      (await aCustomer(shop)).must(placeOrder, { body: anOrderRequest(product, { codes: [code] }) });
    const usedUp = async () => {
      const problem = await shop.customer.refused(409, placeOrder, { body: anOrderRequest(product, { codes: [code] }) });
      assert.deepEqual(problem.quote?.refused_codes, [{ code, reason: 'used_up' }]);
      assert.deepEqual((await quoted(product, { codes: [code] })).refused_codes, [{ code, reason: 'used_up' }]);
      assert.equal(await usedOf(promotion), 1);
    };
    const asked = await place();
    await usedUp();
    for (let again = 0; again < 2; again += 1) await shop.staff.must(cancelOrder, { params: { order_id: asked.id }, body: {} });
    assert.equal(await usedOf(promotion), 0);
    const unpaid = await place();
    await usedUp();
    await deliver(shop.ctx, [reserved(unpaid)]);
    await deliver(shop.ctx, [declined(unpaid), declined(unpaid)]);
    assert.equal(await usedOf(promotion), 0);
    const late = await place();
    await shop.ctx.db.query(`update orders set deadline_at = now() - interval '1 hour' where id = $1`, [late.id]);
    await expireOrders(shop.ctx, Date.now());
    assert.equal(await usedOf(promotion), 0);
    const kept = await place();
    await usedUp();
    const [listed] = await shop.staff.must(listPromotionCodes, { params: { promotion_id: promotion.id } });
    assert.deepEqual(listed, { code, uses_max: 1, used: 1, withdrawn_at: null });
    const states = await shop.ctx.db.query<{ order_id: string; state: string }>(
      'select order_id, state from redemptions where promotion_id = $1',
      [promotion.id],
    );
    const stateOf = ({ id }: Order) => states.find(({ order_id }) => order_id === id)?.state;
    assert.deepEqual([asked, unpaid, late, kept].map(stateOf), ['released', 'released', 'released', 'held']);
    const second = await aCode({ uses_max: 2 });
    for (let n = 0; n < 2; n += 1)
      await (await aCustomer(shop)).must(placeOrder, { body: anOrderRequest(product, { codes: [second.code] }) });
    const params = { promotion_id: second.promotion.id };
    assert.equal((await shop.staff.refused(409, changePromotion, { params, body: { uses_max: 1 } })).code, 'promotion_used_more');
  });

  test('of a customer count the address behind all accounts and guests, and are forgotten with the person', async () => {
    const product = await aProduct(shop.ctx);
    const { code, promotion } = await aCode({ uses_per_customer: 1 });
    const customer_key = 'k'.repeat(43);
    const asAccount = async (user_id: string) =>
      createTestClient({ base_url: shop.url, token: await shop.tokenFor({ user_id, customer_key }) });
    const [first, second] = [anId(), anId()];
    const body = anOrderRequest(product, { codes: [code] });
    const order = await (await asAccount(first)).must(placeOrder, { body });
    const problem = await (await asAccount(second)).refused(409, placeOrder, { body });
    assert.deepEqual(problem.quote?.refused_codes, [{ code, reason: 'used_by_customer' }]);
    await (await aCustomer(shop)).must(placeOrder, { body });
    assert.equal(await usedOf(promotion), 2);
    const erased = [anEnvelope('user.deleted', { user_id: first, user_version: 2 })];
    await shop.ctx.db.transaction(async (tx) => eraseUserConsumer.handle(shop.ctx, tx, erased as never));
    const rows = await shop.ctx.db.query('select state, customer_key from redemptions where order_id = $1', [order.id]);
    assert.deepEqual(rows, [{ state: 'released', customer_key: null }]);
  });
});

test('the group and the category of a product come with its events, and are scopes', async () => {
  // Known without them before, from a version of products that does not say them.
  const [{ product_id }, group_id] = [await aProduct(shop.ctx), anId()];
  const names = { sku: 'S', name: 'N', price: 10, currency: 'EUR', status: 'active' };
  const event = anEnvelope('product.updated', { product_id, product_version: 1, ...names, group_id, category: 'Lamps' });
  await shop.ctx.db.transaction((tx) => trackProducts(tx, [event] as never));
  const of_group = await aCode({ target: 'lines', scope: { groups: [group_id] } });
  const of_category = await aCode({ target: 'lines', scope: { categories: ['Lamps'] } });
  const quote = await quoted({ product_id }, { codes: [of_group.code, of_category.code] });
  assert.deepEqual([quote.total, quote.refused_codes], [16.2, []]);
});
