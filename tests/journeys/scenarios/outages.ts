import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ServiceName } from '@souk/contracts';
import { deleteUser, getOrder, getOrderDetails, shipOrder } from '@souk/contracts';
import { until } from '@souk/platform/testing';
import { becomes, buy, openShop, type Shop, type WorldName } from '../_support.ts';

/** The stories of outages, in the given world. */
export function outageScenarios(world: WorldName): void {
  describe(`outages in the ${world} world`, () => {
    let shop: Shop;
    before(async () => {
      shop = await openShop({ world });
    });
    after(() => shop.souk.stop());

    for (const name of ['inventory', 'payments', 'notifications', 'products', 'users'] as const satisfies ServiceName[]) {
      test(`orders are accepted while ${name} is away and reach their end when it is back`, async () => {
        const [shopper, product] = [await shop.aShopper(), await shop.aProduct(5)];
        await buy(shopper, product);
        await shop.souk.stopService(name);
        const order = await buy(shopper, product, { wait_s: 0 });
        await shop.souk.startService(name);
        assert.equal((await becomes(shopper.api, order.id, 'confirmed', 'cancelled')).status, 'confirmed');
        await shop.booksBalance();
      });
    }

    test('a restart of everything in the middle of checkouts loses nothing', async () => {
      const [shopper, product] = [await shop.aShopper(), await shop.aProduct(100)];
      const methods = ['tok_visa', 'tok_slow', 'tok_timeout', 'tok_declined', 'tok_error_once'];
      const orders = await Promise.all(
        Array.from({ length: 25 }, (_, index) => buy(shopper, product, { wait_s: 0, payment_method: methods[index % 5] as string })),
      );
      await shop.souk.restart();
      for (const order of orders) await becomes(shopper.api, order.id, 'confirmed', 'cancelled');
      await shop.booksBalance();
    });

    test('an erased customer: what waits is cancelled, what is paid is shipped and then forgets the address', async () => {
      const [shopper, product] = [await shop.aShopper(), await shop.aProduct(5)];
      const paid = await buy(shopper, product);
      const waiting = await buy(shopper, product, { payment_method: 'tok_slow', wait_s: 0 });
      await shopper.api.expect(204, deleteUser, { params: { user_id: shopper.user_id }, body: { current_password: shopper.password } });
      const cancelled = await becomes(shop.staff, waiting.id, 'cancelled', 'confirmed');
      assert.equal(cancelled.cancel_reason, 'customer_request');
      const params = { order_id: paid.id };
      assert.ok((await shop.staff.expect(200, getOrder, { params })).body.shipping_address, 'it is needed until the goods have left');
      await shop.staff.expect(200, shipOrder, { params, body: { carrier: 'Post', tracking_number: 'P1' } });
      await until(async () =>
        (await shop.staff.expect(200, getOrder, { params })).body.shipping_address === null ? undefined : 'the address is still there',
      );
      await shop.booksBalance();
    });

    test('details name the part that is missing instead of dropping it silently', async () => {
      const [shopper, product] = [await shop.aShopper(), await shop.aProduct(5)];
      const order = await buy(shopper, product);
      const whole = (await shopper.api.expect(200, getOrderDetails, { params: { order_id: order.id } })).body;
      assert.deepEqual(whole.incomplete, []);
      assert.equal(whole.user?.id, shopper.user_id);
      assert.equal(whole.products[0]?.id, product.id);
      await shop.souk.stopService('products');
      const part = (await shopper.api.expect(200, getOrderDetails, { params: { order_id: order.id } })).body;
      assert.deepEqual(part.incomplete, ['products']);
      await shop.souk.startService('products');
    });
  });
}
