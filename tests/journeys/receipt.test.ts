/** Receipts of orders: what they say, to whom, and that they are signed by a key of the shop. */
import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { cancelOrder, getMe, getReceipt, getReceiptKeys, listPayments, type Receipt, refundPayment, shipOrder } from '@souk/contracts';
import { systemIds } from '@souk/kernel';
import { buy, openShop, type Shop, type Shopper } from './_support.ts';

describe('the receipt of an order', () => {
  let shop: Shop;
  before(async () => {
    shop = await openShop();
  });
  after(() => shop?.souk.stop());

  /** Of a shop in which nothing is on its way; the signature is checked. */
  const receiptOf = async (shopper: Shopper, order_id: string): Promise<Receipt> => {
    await shop.souk.settle();
    const { receipt, jws } = (await shopper.api.expect(200, getReceipt, { params: { order_id } })).body;
    const [head = '', payload = '', signature = ''] = jws.split('.');
    assert.deepEqual(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')), receipt);
    const { kid, typ } = JSON.parse(Buffer.from(head, 'base64url').toString('utf8')) as Record<string, string>;
    assert.equal(typ, 'souk-receipt');
    const key = (await shop.anonymous.expect(200, getReceiptKeys)).body.keys.find((one) => one.kid === kid);
    assert.ok(key);
    const public_key = createPublicKey({ key: { kty: key.kty, crv: key.crv, x: key.x }, format: 'jwk' });
    assert.ok(verify(null, Buffer.from(`${head}.${payload}`), public_key, Buffer.from(signature, 'base64url')));
    assert.equal((await shop.anonymous.with({ token: jws }).refused(401, getMe)).code, 'token_invalid');
    return receipt;
  };
  const open = ({ checks }: Receipt) => checks.filter(({ outcome }) => outcome !== 'holds');

  test('says what the provider charged, what is held, and that every rule held', async () => {
    const [shopper, product] = [await shop.aShopper(), await shop.aProduct(5)];
    const order = await buy(shopper, product, { quantity: 2 });
    const receipt = await receiptOf(shopper, order.id);
    assert.deepEqual(
      [receipt.order.order_number, receipt.order.status, receipt.order.total_amount],
      [order.order_number, 'confirmed', 259.9],
    );
    assert.deepEqual([receipt.money.charged, receipt.money.refunded, receipt.money.charges.length], [259.9, 0, 1]);
    assert.deepEqual([receipt.stock.state, receipt.stock.pieces], ['held', [{ product_id: product.id, quantity: 2 }]]);
    assert.deepEqual(
      receipt.checks.map(({ rule }) => rule),
      ['history', 'idempotency_key', 'cart', 'promotions', 'deadline', 'stock', 'parcels', 'returns', 'payment', 'provider', 'messages'],
    );
    assert.deepEqual(open(receipt), []);
  });

  test('says what went back: in part by staff, and wholly after a cancellation', async () => {
    const [shopper, product] = [await shop.aShopper(), await shop.aProduct(5)];
    const [sent, cancelled] = [await buy(shopper, product), await buy(shopper, product)];
    const [payment] = (await shop.staff.expect(200, listPayments, { query: { order_id: sent.id } })).body;
    const params = { payment_id: payment?.id ?? '' };
    await shop.staff.expect(201, refundPayment, { params, body: { amount: 5, reason: 'a scratch' }, idempotency_key: sent.id });
    await shop.staff.expect(200, shipOrder, { params: { order_id: sent.id }, body: { carrier: 'Post', tracking_number: 'P1' } });
    await shopper.api.expect(200, cancelOrder, { params: { order_id: cancelled.id }, body: {} });
    const [of_sent, of_cancelled] = [await receiptOf(shopper, sent.id), await receiptOf(shopper, cancelled.id)];
    assert.deepEqual([of_sent.money.charged, of_sent.money.refunded, of_sent.stock.state], [129.95, 5, 'left']);
    assert.deepEqual([of_cancelled.money.charged, of_cancelled.money.refunded, of_cancelled.stock.state], [129.95, 129.95, 'released']);
    assert.deepEqual([...open(of_sent), ...open(of_cancelled)], []);
  });

  test('of an order without money says so', async () => {
    const [shopper, product] = [await shop.aShopper(), await shop.aProduct(1)];
    const [declined, sold_out] = [
      await buy(shopper, product, { payment_method: 'tok_declined' }),
      await buy(shopper, product, { quantity: 9 }),
    ];
    for (const [order, state] of [
      [declined, 'released'],
      [sold_out, 'none'],
    ] as const) {
      const receipt = await receiptOf(shopper, order.id);
      assert.deepEqual([receipt.money.charged, receipt.money.charges, receipt.stock.state, open(receipt)], [0, [], state, []]);
    }
  });

  test('names the rule that does not hold', async () => {
    const [shopper, product] = [await shop.aShopper(), await shop.aProduct(5)];
    const order = await buy(shopper, product);
    await shop.souk.settle();
    await shop.souk.databaseOf('payments').query('update sandbox.charges set amount = amount + 1 where reference = $1', [order.id]);
    const receipt = await receiptOf(shopper, order.id);
    assert.deepEqual(
      [receipt.money.charged, open(receipt).map(({ rule, found }) => [rule, found])],
      [129.96, [['provider', ['charged_differs']]]],
    );
    await shop.souk.databaseOf('payments').query('update sandbox.charges set amount = amount - 1 where reference = $1', [order.id]);
  });

  test('is for its owner and staff, and is not made where it would say less than it seems to', async () => {
    const [shopper, stranger, product] = [await shop.aShopper(), await shop.aShopper(), await shop.aProduct(5)];
    const order = await buy(shopper, product);
    const params = { order_id: order.id };
    await shop.staff.expect(200, getReceipt, { params });
    assert.equal((await stranger.api.refused(404, getReceipt, { params })).code, 'not_found');
    assert.equal((await shopper.api.refused(404, getReceipt, { params: { order_id: systemIds.uuid() } })).code, 'not_found');
    assert.equal((await shop.anonymous.refused(401, getReceipt, { params })).code, 'token_missing');
    await shop.souk.stopService('payments');
    assert.equal((await shopper.api.refused(503, getReceipt, { params })).code, 'service_unavailable');
    await shop.souk.startService('payments');
  });
});
