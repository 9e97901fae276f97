/** What the auditor finds that no single service could know: what should have been said or counted, and was not. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { cancelOrder, completeOrder, getAudit, type Order, shipOrder } from '@souk/contracts';
import { buy, openShop, type Shop } from './_support.ts';

describe('the books of a shop where time has passed', () => {
  let shop: Shop;
  let completed: Order;

  const violations = async () => {
    const { body } = await shop.staff.expect(200, getAudit, { query: { run: 'now' } });
    return body.violations.map(({ rule, ids }) => [rule, ...ids]);
  };

  before(async () => {
    shop = await openShop({ env: { AUDIT_GRACE_MS: '0' } });
  });
  after(() => shop?.souk.stop());

  test('balance hours after orders were confirmed, completed, cancelled, declined and sold out', async () => {
    const [shopper, product] = [await shop.aShopper(), await shop.aProduct(4)];
    await buy(shopper, product);
    completed = await buy(shopper, product);
    const cancelled = await buy(shopper, product);
    assert.equal((await buy(shopper, product, { payment_method: 'tok_declined' })).status, 'cancelled');
    assert.equal((await buy(shopper, product, { quantity: 9 })).status, 'cancelled');
    const params = { order_id: completed.id };
    await shop.staff.expect(200, shipOrder, { params, body: { carrier: 'Post', tracking_number: 'P1' } });
    await shop.staff.expect(200, completeOrder, { params, body: {} });
    await shopper.api.expect(200, cancelOrder, { params: { order_id: cancelled.id }, body: {} });
    await shop.souk.settle();
    await shop.souk.databaseOf('orders').query(`update orders set updated_at = updated_at - interval '2 hours'`);
    await shop.souk.databaseOf('products').query(`update products set created_at = created_at - interval '2 hours'`);
    assert.deepEqual(await violations(), []);
  });

  test('do not when a customer was never told of the parcel', async () => {
    const notifications = shop.souk.databaseOf('notifications');
    const taken = await notifications.query(`delete from notifications where order_id = $1 and event_type = 'order.shipped' returning *`, [
      completed.id,
    ]);
    assert.equal(taken.length, 1);
    assert.deepEqual(await violations(), [['never_told', completed.id]]);
    await notifications.query('insert into notifications select * from json_populate_recordset(null::notifications, $1)', [
      JSON.stringify(taken),
    ]);
    assert.deepEqual(await violations(), []);
  });

  test('do not when one shipment was told as two', async () => {
    await shop.souk.databaseOf('notifications').query(
      `insert into notifications
       select (n).* from (
         select json_populate_record(n, json_build_object('id', gen_random_uuid(), 'event_id', gen_random_uuid())) n
         from notifications n where order_id = $1 and event_type = 'order.shipped'
       ) twin`,
      [completed.id],
    );
    assert.deepEqual(await violations(), [['told_twice', completed.id]]);
  });

  test('do not when the stock of a product that was never sold is gone', async () => {
    const { id } = await shop.aProduct(7);
    await shop.souk.databaseOf('products').query(`update products set created_at = created_at - interval '2 hours' where id = $1`, [id]);
    await shop.souk.databaseOf('inventory').query('delete from stock where product_id = $1', [id]);
    assert.ok((await violations()).some(([rule, product_id]) => rule === 'stock_missing' && product_id === id));
  });
});
