import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  cancelOrder,
  completeOrder,
  createShippingMethod,
  createShippingZone,
  createTaxRate,
  deleteShippingMethod,
  deleteShippingZone,
  deleteTaxCountry,
  getNotificationHistory,
  getOrder,
  getOrderHistory,
  getPayment,
  listPayments,
  placeOrder,
  putTaxCountry,
  quoteOrder,
  refundPayment,
  shipOrder,
} from '@souk/contracts';
import { systemIds } from '@souk/kernel';
import { until } from '@souk/platform/testing';
import { available, becomes, buy, openShop, type Shop, shipping_address, type WorldName } from '../_support.ts';
import { catalogueScenarios } from './catalogue.ts';
import { guestScenarios } from './guests.ts';
import { parcelScenarios } from './parcels.ts';
import { promotionScenarios } from './promotions.ts';
import { returnScenarios } from './returns.ts';

/** The stories of checkout, in the given world. */
export function checkoutScenarios(world: WorldName): void {
  describe(`checkout in the ${world} world`, () => {
    let shop: Shop;
    before(async () => {
      shop = await openShop({ world });
    });
    after(() => shop.souk.stop());

    test('a shopper buys: the order is confirmed, paid once, its stock is held, and the mail is in the history', async () => {
      const [shopper, product] = [await shop.aShopper(), await shop.aProduct(10)];
      const order = await buy(shopper, product, { quantity: 2 });
      assert.equal(order.status, 'confirmed');
      assert.equal(order.total_amount, 259.9);
      assert.equal(await available(shop, product), 8);
      const [payment] = (await shopper.api.expect(200, listPayments, { query: { order_id: order.id } })).body;
      assert.equal(payment?.status, 'captured');
      assert.equal(payment?.captured_amount, 259.9);
      await until(async () => {
        const { notifications } = (await shopper.api.expect(200, getNotificationHistory, { query: { order_id: order.id } })).body;
        return notifications.some((row) => row.event_type === 'order.confirmed' && row.status === 'sent') ? undefined : 'no mail yet';
      });
      const history = (await shopper.api.expect(200, getOrderHistory, { params: { order_id: order.id } })).body;
      assert.deepEqual(history.map((step) => step.to).sort(), ['awaiting_payment', 'confirmed', 'pending']);
      await shop.booksBalance();
    });

    guestScenarios(() => shop);
    catalogueScenarios(() => shop);
    promotionScenarios(() => shop);
    parcelScenarios(() => shop);
    returnScenarios(() => shop);

    test('what is sold out is refused with out_of_stock and costs nothing', async () => {
      const [shopper, product] = [await shop.aShopper(), await shop.aProduct(1)];
      const order = await buy(shopper, product, { quantity: 2 });
      assert.equal(order.status, 'cancelled');
      assert.equal(order.cancel_reason, 'out_of_stock');
      assert.equal(await available(shop, product), 1);
      assert.deepEqual((await shopper.api.expect(200, listPayments, { query: { order_id: order.id } })).body, []);
    });

    test('a declined card cancels the order and frees its stock', async () => {
      const [shopper, product] = [await shop.aShopper(), await shop.aProduct(3)];
      for (const [payment_method, code] of [
        ['tok_declined', 'card_declined'],
        ['tok_insufficient_funds', 'insufficient_funds'],
      ] as const) {
        const order = await buy(shopper, product, { payment_method });
        assert.equal(order.status, 'cancelled');
        assert.equal(order.cancel_reason, 'payment_declined');
        const [payment] = (await shopper.api.expect(200, listPayments, { query: { order_id: order.id } })).body;
        assert.equal(payment?.decline_code, code);
      }
      await shop.souk.settle();
      assert.equal(await available(shop, product), 3);
    });

    test('a provider that charged but did not answer is asked until the truth is known, and charges once', async () => {
      const [shopper, product] = [await shop.aShopper(), await shop.aProduct(3)];
      const order = await buy(shopper, product, { payment_method: 'tok_timeout', wait_s: 1 });
      const confirmed = await becomes(shopper.api, order.id, 'confirmed', 'cancelled');
      assert.equal(confirmed.status, 'confirmed');
      await shop.booksBalance();
    });

    test('a customer who must finish the payment on a page does so without script, and the order is confirmed', async () => {
      const [shopper, product] = [await shop.aShopper(), await shop.aProduct(3)];
      const order = await buy(shopper, product, { payment_method: 'tok_requires_action' });
      assert.equal(order.status, 'awaiting_payment', 'nothing is gained by waiting longer');
      const payment = (await shopper.api.expect(200, getPayment, { params: { payment_id: order.action?.url.split('/').at(-1) ?? '' } }))
        .body;
      assert.equal(payment.action?.until, order.action?.until);
      const page = new URL(payment.action?.url ?? '', shop.souk.gateway_url);
      const button = /action="([^"]*paid)"/.exec(await (await fetch(page)).text())?.[1] ?? '';
      const pressed = await fetch(new URL(button, page), { method: 'POST', body: new URLSearchParams() });
      assert.equal(pressed.status, 200);
      const confirmed = await becomes(shopper.api, order.id, 'confirmed', 'cancelled');
      assert.equal(confirmed.status, 'confirmed');
      assert.equal(confirmed.action, undefined);
      const history = (await shopper.api.expect(200, getOrderHistory, { params: { order_id: order.id } })).body;
      assert.deepEqual(history.map(({ cause, to }) => [cause, to]).slice(-2), [
        ['payment.action_required', 'awaiting_payment'],
        ['payment.processed', 'confirmed'],
      ]);
      await shop.booksBalance();
    });

    test('an order that is cancelled while its customer could pay cannot be paid any more', async () => {
      const [shopper, product] = [await shop.aShopper(), await shop.aProduct(3)];
      const order = await buy(shopper, product, { payment_method: 'tok_requires_action' });
      await shopper.api.expect(200, cancelOrder, { params: { order_id: order.id }, body: {} });
      await until(async () => {
        const [payment] = (await shopper.api.expect(200, listPayments, { query: { order_id: order.id } })).body;
        return payment?.status === 'declined' ? undefined : `the payment is ${payment?.status}`;
      });
      const payment_id = order.action?.url.split('/').at(-1) ?? '';
      const late = await fetch(`${shop.souk.gateway_url}/api/payments/sandbox/pages/${payment_id}/paid`, { method: 'POST' });
      assert.match(await late.text(), /closed/);
      await shop.booksBalance();
      assert.equal(await available(shop, product), 3);
    });

    test('a provider that fails once is tried again', async () => {
      const [shopper, product] = [await shop.aShopper(), await shop.aProduct(3)];
      const order = await buy(shopper, product, { payment_method: 'tok_error_once', wait_s: 1 });
      assert.equal((await becomes(shopper.api, order.id, 'confirmed', 'cancelled')).status, 'confirmed');
    });

    test('cancelling before the money is taken ends in cancelled with nothing kept', async () => {
      const [shopper, product] = [await shop.aShopper(), await shop.aProduct(3)];
      const order = await buy(shopper, product, { payment_method: 'tok_slow', wait_s: 0 });
      const { body } = await shopper.api.expect(200, cancelOrder, { params: { order_id: order.id }, body: { reason: 'changed my mind' } });
      assert.equal(body.status, 'cancelled');
      assert.equal(body.cancel_reason, 'customer_request');
      await until(async () => ((await available(shop, product)) === 3 ? undefined : 'stock is still held'), 20_000);
      await shop.booksBalance();
    });

    test('cancelling a confirmed order gives back money and stock', async () => {
      const [shopper, product] = [await shop.aShopper(), await shop.aProduct(3)];
      const order = await buy(shopper, product);
      await shopper.api.expect(200, cancelOrder, { params: { order_id: order.id }, body: {} });
      await shopper.api.expect(200, cancelOrder, { params: { order_id: order.id }, body: {} });
      await shop.booksBalance();
      assert.equal(await available(shop, product), 3);
      const [payment] = (await shopper.api.expect(200, listPayments, { query: { order_id: order.id } })).body;
      assert.equal(payment?.refunded_amount, 129.95);
    });

    test('staff ship and complete an order; after that it cannot be cancelled', async () => {
      const [shopper, product] = [await shop.aShopper(), await shop.aProduct(3)];
      const order = await buy(shopper, product);
      const params = { order_id: order.id };
      assert.equal((await shop.staff.refused(409, completeOrder, { params, body: {} })).code, 'order_not_completable');
      assert.equal(
        (await shopper.api.refused(403, shipOrder, { params, body: { carrier: 'Post', tracking_number: 'P1' } })).code,
        'forbidden',
      );
      for (const _ of ['once', 'again']) {
        const { body } = await shop.staff.expect(200, shipOrder, { params, body: { carrier: 'Post', tracking_number: 'P1' } });
        assert.equal(body.status, 'shipped');
      }
      assert.equal((await shopper.api.refused(409, cancelOrder, { params, body: {} })).code, 'order_not_cancellable');
      assert.equal((await shop.staff.expect(200, completeOrder, { params, body: {} })).body.status, 'completed');
      await shop.booksBalance();
    });

    test('two shoppers want the last one: one gets it', async () => {
      const product = await shop.aProduct(1);
      const shoppers = await Promise.all([shop.aShopper(), shop.aShopper()]);
      const orders = await Promise.all(shoppers.map((shopper) => buy(shopper, product)));
      assert.deepEqual(orders.map((order) => order.status).sort(), ['cancelled', 'confirmed']);
      assert.equal(await available(shop, product), 0);
      await shop.booksBalance();
    });

    test('a retry with the same idempotency key is the same order; another body with it is refused', async () => {
      const [shopper, product] = [await shop.aShopper(), await shop.aProduct(10)];
      const idempotency_key = systemIds.uuid();
      const orders = await Promise.all(Array.from({ length: 8 }, () => buy(shopper, product, { idempotency_key })));
      assert.equal(new Set(orders.map((order) => order.id)).size, 1);
      const again = await shopper.api.expect(201, placeOrder, {
        body: { items: [{ product_id: product.id, quantity: 1 }], shipping_address, payment_method: 'tok_visa' },
        idempotency_key,
      });
      assert.equal(again.headers['idempotency-replayed'], 'true');
      const refused = await shopper.api.refused(422, placeOrder, {
        body: { items: [{ product_id: product.id, quantity: 2 }], shipping_address, payment_method: 'tok_visa' },
        idempotency_key,
      });
      assert.equal(refused.code, 'idempotency_key_reused');
      await shop.souk.settle();
      assert.equal(await available(shop, product), 9);
    });

    test('staff refund a part; never more than was captured', async () => {
      const [shopper, product] = [await shop.aShopper(), await shop.aProduct(3)];
      const order = await buy(shopper, product);
      const [payment] = (await shop.staff.expect(200, listPayments, { query: { order_id: order.id } })).body;
      const params = { payment_id: payment?.id as string };
      await shop.staff.expect(201, refundPayment, { params, body: { amount: 29.95, reason: 'scratch on the lid' } });
      assert.equal(
        (await shop.staff.refused(409, refundPayment, { params, body: { amount: 100.01, reason: 'all of it' } })).code,
        'refund_exceeds_captured',
      );
      await shop.souk.settle();
      assert.equal((await shopper.api.expect(200, getOrder, { params: { order_id: order.id } })).body.status, 'confirmed');
      await shop.booksBalance();
    });

    test('a shop with tax and shipping charges what it quoted, inside or on top, and says what changed', async () => {
      const { staff } = shop;
      const [shopper, product] = [await shop.aShopper(), await shop.aProduct(10)];
      await staff.must(createTaxRate, { body: { country: 'PT', name: 'IVA', rate_percent: 23 } });
      await staff.must(createTaxRate, { body: { country: 'CA', region: 'QC', name: 'GST', rate_percent: 5 } });
      await staff.must(createTaxRate, { body: { country: 'CA', region: 'QC', name: 'QST', rate_percent: 9.975 } });
      await staff.must(putTaxCountry, { params: { country: 'PT' }, body: { included: true } });
      await staff.must(putTaxCountry, { params: { country: 'CA' }, body: { included: false } });
      const zone = await staff.must(createShippingZone, { body: { name: 'All', countries: [] } });
      const post = { zone_id: zone.id, code: 'post', name: 'Post', kind: 'flat', currency: 'EUR', days_min: 1, days_max: 3 } as const;
      const method = await staff.must(createShippingMethod, { body: { ...post, steps: [{ from: 0, amount: 4.9 }] } });
      const quebec = { ...shipping_address, city: 'Montréal', state: 'Québec', country: 'Canada' };
      for (const [address, total, tax] of [
        [shipping_address, 134.85, 25.22],
        [quebec, 155.04, 20.19],
      ] as const) {
        const body = { items: [{ product_id: product.id, quantity: 1 }], shipping_address: address };
        const quote = (await shop.anonymous.expect(200, quoteOrder, { body })).body;
        assert.deepEqual([quote.total, quote.tax_total, quote.shipping_total], [total, tax, 4.9]);
        const refused = await shopper.api.refused(409, placeOrder, {
          body: { ...body, payment_method: 'tok_visa', expected_total: 129.95 },
        });
        assert.deepEqual([refused.code, refused.quote?.total], ['total_changed', total]);
        const order = await shopper.api.must(placeOrder, {
          body: { ...body, payment_method: 'tok_visa', expected_total: quote.total },
          wait_s: 20,
        });
        assert.deepEqual([order.status, order.total_amount, order.totals?.tax_total], ['confirmed', total, tax]);
        const [payment] = (await shopper.api.expect(200, listPayments, { query: { order_id: order.id } })).body;
        assert.equal(payment?.captured_amount, total);
      }
      await shop.booksBalance();
      await staff.must(deleteShippingMethod, { params: { method_id: method.id } });
      await staff.must(deleteShippingZone, { params: { zone_id: zone.id } });
      for (const country of ['PT', 'CA']) await staff.must(deleteTaxCountry, { params: { country } });
    });

    test("another customer's order does not exist for a stranger", async () => {
      const [shopper, stranger, product] = [await shop.aShopper(), await shop.aShopper(), await shop.aProduct(3)];
      const order = await buy(shopper, product);
      const params = { order_id: order.id };
      assert.equal((await stranger.api.refused(404, getOrder, { params })).code, 'not_found');
      assert.equal((await stranger.api.refused(404, getOrderHistory, { params })).code, 'not_found');
      assert.equal((await stranger.api.refused(404, cancelOrder, { params, body: {} })).code, 'not_found');
    });

    test('300 buyers at once for a stock of 50: 50 get it, 250 do not, and the books balance', async () => {
      const product = await shop.aProduct(50);
      const shoppers = await Promise.all(Array.from({ length: 30 }, () => shop.aShopper()));
      const orders = await Promise.all(
        Array.from({ length: 300 }, (_, index) => buy(shoppers[index % 30] as (typeof shoppers)[number], product, { wait_s: 30 })),
      );
      assert.equal(orders.filter((order) => order.status === 'confirmed').length, 50);
      assert.equal(orders.filter((order) => order.cancel_reason === 'out_of_stock').length, 250);
      assert.equal(await available(shop, product), 0);
      await shop.booksBalance();
    });
  });
}
