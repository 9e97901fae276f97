import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  approveReturn,
  getNotificationHistory,
  getPayment,
  getReturn,
  listPayments,
  listReturns,
  previewReturnRefund,
  type Return,
  receiveReturn,
  refundPayment,
  refundReturn,
  requestReturn,
  sendParcel,
} from '@souk/contracts';
import { systemIds } from '@souk/kernel';
import { until } from '@souk/platform/testing';
import { available, buy, type Shop, type Shopper } from '../_support.ts';

/** Goods that come back. */
export function returnScenarios(shopOf: () => Shop): void {
  const becomes = async (shop: Shop, { id: return_id }: Return, ...states: Return['state'][]): Promise<Return> => {
    let found: Return | undefined;
    await until(async () => {
      found = (await shop.staff.expect(200, getReturn, { params: { return_id } })).body;
      return states.includes(found.state) ? undefined : `the return is ${found.state}`;
    });
    return found ?? assert.fail('there is no return');
  };

  /** Subjects of the mails about returns of an order and their money, in order of time. */
  const mailsAbout = async ({ api }: Shopper, order_id: string): Promise<(string | null)[]> => {
    const { notifications } = (await api.expect(200, getNotificationHistory, { query: { order_id } })).body;
    return notifications
      .filter(({ event_type }) => event_type === 'return.updated' || event_type === 'payment.refunded')
      .map(({ subject }) => subject)
      .reverse();
  };

  test('one of two pieces comes back: its share is refunded, it is in stock again, and the books balance', async () => {
    const shop = shopOf();
    const [shopper, product] = [await shop.aShopper(), await shop.aProduct(5)];
    const order = await buy(shopper, product, { quantity: 3 });
    const params = { order_id: order.id };
    const asked = (quantity: number) => ({ params, body: { items: [{ product_id: product.id, quantity, reason: 'too small' }] } });
    assert.equal((await shopper.api.refused(409, requestReturn, asked(1))).code, 'return_too_large', 'nothing was sent');
    const sent = { carrier: 'Post', tracking_number: 'P1', items: [{ product_id: product.id, quantity: 2 }] };
    await shop.staff.expect(201, sendParcel, { params, body: sent });
    assert.equal((await shopper.api.refused(409, requestReturn, asked(3))).code, 'return_too_large', 'one piece never left');
    await (await shop.aShopper()).api.refused(404, requestReturn, asked(1));

    const answers = await Promise.all([1, 2].map(() => shopper.api.call(requestReturn, asked(2))));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409], 'the same pieces at once');
    const [open] = (await shopper.api.expect(200, listReturns, { query: { order_id: order.id } })).body;
    assert.ok(open);
    const of_return = { params: { return_id: open.id } };
    await shopper.api.refused(403, approveReturn, { ...of_return, body: {} });
    await shop.staff.expect(200, approveReturn, { ...of_return, body: {}, headers: { 'if-match': '"1"' } });
    assert.equal(
      (await shop.staff.refused(412, approveReturn, { ...of_return, body: {}, headers: { 'if-match': '"1"' } })).code,
      'precondition_failed',
    );
    assert.equal((await shop.staff.refused(409, refundReturn, { ...of_return, body: { shipping: 'none' } })).code, 'return_not_open');
    const arrived = { items: [{ product_id: product.id, restock: 1, write_off: 0 }] };
    await shop.staff.expect(200, receiveReturn, { ...of_return, body: arrived });
    assert.equal((await shop.staff.refused(409, receiveReturn, { ...of_return, body: arrived })).code, 'return_not_open');
    assert.equal((await shop.staff.expect(200, previewReturnRefund, of_return)).body.amount, 129.95);
    await shop.staff.expect(200, refundReturn, { ...of_return, body: { shipping: 'all', deduction: 10, reason: 'worn' } });
    const refunded = await becomes(shop, open, 'refunded');
    assert.equal(refunded.refund?.amount, 119.95);
    await shop.booksBalance();
    assert.equal(await available(shop, product), 3, 'two of five are left, and one came back');
    assert.deepEqual(
      (await mailsAbout(shopper, order.id)).sort(),
      [
        `Your return ${open.number}: we have your request`,
        `Your return ${open.number} is approved`,
        `Your return ${open.number} has arrived`,
        'Your money is on its way back',
      ].sort(),
    );
    const [payment] = (await shopper.api.expect(200, listPayments, { query: { order_id: order.id } })).body;
    assert.deepEqual([payment?.refunded_amount, payment?.refunds.map(({ id }) => id)], [119.95, [refunded.refund?.refund_id]]);
    await shopper.api.expect(201, requestReturn, asked(1));
  });

  test('a refund that the payment cannot bear is refused, and the return can be refunded by less', async () => {
    const shop = shopOf();
    const [shopper, product] = [await shop.aShopper(), await shop.aProduct(2)];
    const order = await buy(shopper, product);
    const params = { order_id: order.id };
    await shop.staff.expect(201, sendParcel, { params, body: { carrier: 'Post', tracking_number: 'P1' } });
    const items = [{ product_id: product.id, quantity: 1 }];
    const call = { params, body: { items }, idempotency_key: systemIds.uuid() };
    const { body: open } = await shopper.api.expect(201, requestReturn, call);
    assert.equal((await shopper.api.expect(201, requestReturn, call)).body.id, open.id);
    const of_return = { params: { return_id: open.id } };
    await shop.staff.expect(200, approveReturn, { ...of_return, body: {} });
    await shop.staff.expect(200, receiveReturn, { ...of_return, body: { items: [{ product_id: product.id, restock: 0, write_off: 1 }] } });
    const [payment] = (await shop.staff.expect(200, listPayments, { query: { order_id: order.id } })).body;
    const of_payment = { params: { payment_id: payment?.id ?? '' } };
    await shop.staff.expect(201, refundPayment, { ...of_payment, body: { amount: 100, reason: 'a gesture' } });
    await shop.staff.expect(200, refundReturn, { ...of_return, body: { shipping: 'none' } });
    await becomes(shop, open, 'received');
    await shop.booksBalance();
    await shop.staff.expect(200, refundReturn, { ...of_return, body: { shipping: 'none', deduction: 100 } });
    await becomes(shop, open, 'refunded');
    await shop.booksBalance();
    const arrivals = (await mailsAbout(shopper, order.id)).filter((subject) => subject?.endsWith('has arrived'));
    assert.equal(arrivals.length, 1, 'that a refund was refused is no arrival');
    assert.equal((await shop.staff.expect(200, getPayment, of_payment)).body.refunded_amount, 129.95);
    assert.equal(await available(shop, product), 1, 'what is written off is not sold again');
  });
}
