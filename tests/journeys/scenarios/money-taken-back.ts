/** Money that banks take back and refunds that come back, at a stand-in for Stripe, from the webhook to what staff see. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  cancelOrder,
  explainOrder,
  getPayment,
  listDisputes,
  listPayments,
  type Order,
  type Payment,
  refundPayment,
  retryRefund,
  settleRefund,
} from '@souk/contracts';
import { required } from '@souk/kernel';
import { until } from '@souk/platform/testing';
import { StripeStandIn } from '@souk/stripe-stand-in';
import { buy, openShop, type Shop, type Shopper, type WorldName } from '../_support.ts';

const secret = 'whsec_0b5d3a7c9e1f24680b5d3a7c9e1f2468';

/** The scenarios, in the given world. */
export function moneyTakenBackScenarios(world: WorldName): void {
  describe(`money that is taken back, in the ${world} world`, () => {
    const stripe = new StripeStandIn();
    let shop: Shop;
    before(async () => {
      await stripe.open();
      const { host, port } = stripe.address;
      shop = await openShop({
        world,
        env: {
          PAYMENT_PROVIDER: 'stripe',
          STRIPE_SECRET_KEY: 'sk_of_a_stand_in_0b5d3a7c9e1f24680b5d',
          STRIPE_WEBHOOK_SECRETS: secret,
          STRIPE_ADDRESS: `http://${host}:${port}`,
          PAYMENT_RETURN_URL: 'https://shop.example/orders/{order_id}',
        },
      });
    });
    after(async () => {
      await shop?.souk.stop();
      await stripe.close();
    });

    const webhook = async (times = 1): Promise<void> => {
      const url = `${shop.souk.gateway_url}/api/payments/webhooks/stripe`;
      const event = required(stripe.events[0], 'what Stripe reports');
      const sent = await Promise.all(Array.from({ length: times }, () => stripe.send(event, { url, secret })));
      assert.deepEqual(new Set(sent), new Set([204]));
    };
    const paymentOf = async ({ id }: Pick<Order, 'id'>): Promise<Payment> => {
      const [listed] = (await shop.staff.expect(200, listPayments, { query: { order_id: id } })).body;
      return required(listed, 'the payment');
    };
    const becomes = async (order: Order, word: string, is: (payment: Payment) => boolean): Promise<Payment> => {
      let payment: Payment | undefined;
      await until(async () => {
        payment = await paymentOf(order);
        return is(payment) ? undefined : `not ${word} yet`;
      }, 30_000);
      return required(payment, 'the payment');
    };
    const stateIs = (state: string) => (payment: Payment) => payment.disputes?.[0]?.state === state;
    const why = async ({ id }: Order) => (await shop.staff.expect(200, explainOrder, { params: { order_id: id } })).body;
    async function anOrder(): Promise<[Order, Shopper]> {
      const [shopper, product] = [await shop.aShopper(), await shop.aProduct(2)];
      const order = await buy(shopper, product, { payment_method: 'pm_card_visa' });
      assert.equal(order.status, 'confirmed');
      return [order, shopper];
    }

    test('a dispute is seen by staff, holds the money, and is lost or won', async () => {
      for (const end of ['lost', 'won'] as const) {
        const [order, shopper] = await anOrder();
        const { id: payment_id } = await paymentOf(order);
        const { id: reference } = stripe.dispute(payment_id);
        await webhook(3);
        const open = await becomes(order, 'open', stateIs('open'));
        assert.deepEqual([open.disputed_amount, open.disputes?.length], [129.95, 1]);
        const [own] = (await shopper.api.expect(200, listPayments, { query: { order_id: order.id } })).body;
        assert.deepEqual([own?.disputes, own?.disputed_amount], [undefined, undefined], 'for staff only');
        const params = { payment_id };
        const refused = await shop.staff.refused(409, refundPayment, { params, body: { amount: 1, reason: 'a gesture' } });
        assert.match(refused.detail, /dispute is open/);
        await shop.souk.settle();
        const explained = await why(order);
        assert.match(explained.summary, new RegExp(`holds back 129\\.95 EUR \\(dispute ${reference}, fraudulent\\); give evidence`));
        assert.ok(explained.steps.some(({ kind, is_problem }) => kind === 'dispute_open' && is_problem));
        assert.ok(explained.steps.some(({ kind, because_of }) => kind === 'noted_payment_disputed' && because_of.length === 1));
        stripe.moveDispute(reference, end);
        await webhook();
        await becomes(order, end, stateIs(end));
        const listed = (await shop.staff.expect(200, listDisputes, { query: { state: end } })).body;
        assert.deepEqual(
          listed.map((one) => [one.reference, one.order_id]),
          [[reference, order.id]],
        );
        await shop.booksBalance();
      }
    });

    test('a refund that comes back without a word is found, and is made again, once', async () => {
      const [order] = await anOrder();
      const { id: payment_id } = await paymentOf(order);
      const params = { payment_id };
      const refund = (await shop.staff.expect(201, refundPayment, { params, body: { amount: 20, reason: 'a scratch' } })).body;
      await becomes(order, 'refunded', ({ refunded_amount }) => refunded_amount === 20);
      stripe.failRefund(refund.id);
      // No webhook comes.
      const failed = await becomes(order, 'failed', ({ refunds }) => refunds[0]?.failure !== undefined);
      assert.deepEqual([failed.refunded_amount, failed.refunds[0]?.status], [0, 'pending']);
      await shop.booksBalance();
      assert.match(
        (await why(order)).summary,
        /A refund of 20\.00 EUR by staff failed \(expired_or_canceled_card\): the money is with the shop/,
      );
      const again = { params: { ...params, refund_id: refund.id } };
      const answers = await Promise.all([1, 2].map(() => shop.staff.call(retryRefund, again)));
      assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409]);
      assert.equal((await shop.staff.refused(409, settleRefund, again)).code, 'refund_not_failed');
      await becomes(order, 'refunded again', ({ refunded_amount }) => refunded_amount === 20);
      await shop.booksBalance();
    });

    test('the refund of a cancelled order that comes back is settled by hand', async () => {
      const [order, shopper] = await anOrder();
      await shopper.api.expect(200, cancelOrder, { params: { order_id: order.id }, body: {} });
      const refunded = await becomes(order, 'refunded', ({ refunded_amount }) => refunded_amount === 129.95);
      const refund = required(refunded.refunds[0], 'the refund');
      stripe.failRefund(refund.id);
      await webhook(2);
      await becomes(order, 'failed', ({ refunds }) => refunds[0]?.failure !== undefined);
      await shop.booksBalance();
      const params = { payment_id: refunded.id, refund_id: refund.id };
      const settled = (await shop.staff.expect(200, settleRefund, { params })).body;
      assert.deepEqual([settled.status, settled.failure?.by_hand], ['done', true]);
      await shop.staff.refused(409, retryRefund, { params });
      const { body } = await shop.staff.expect(200, getPayment, { params });
      assert.equal(body.refunded_amount, 129.95);
      assert.match((await why(order)).summary, /staff gave the money back by other means/);
      await shop.booksBalance();
    });
  });
}
