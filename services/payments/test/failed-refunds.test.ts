/** Refunds that come back, or never go, at a stand-in for Stripe: the money is owed until it has gone once. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { until } from '@souk/messaging/testing';
import { refundPaymentConsumer } from '../src/consumers/refund-payment.ts';
import { republishFailedRefunds } from '../src/use-cases/republish-refunds.ts';
import { retryRefund, settleRefundByHand } from '../src/use-cases/resolve-refund.ts';
import { cause, paid, startAtStripe } from './_stripe.ts';
import { aCancellation, hand } from './_support.ts';

const shop = await startAtStripe();
const { payments, context, db, stripe, published, sendNewest } = shop;
const { aPaid, booksOf, eventsAbout, staffRefund, refundOf, failed } = shop;
after(() => shop.stop());

test('a refund that comes back after it was done is owed again; tried again it goes once, whoever asks twice', async () => {
  const { id } = await aPaid();
  const refund_id = await staffRefund(id, 50);
  await failed(refund_id);
  await Promise.all([sendNewest(), sendNewest()]);
  await payments.settled();
  assert.deepEqual(await booksOf(id), paid);
  assert.deepEqual(await refundOf(refund_id), {
    status: 'failed',
    failed_from: 'done',
    failure_code: 'expired_or_canceled_card',
    kind: 'staff',
  });
  const command = { payment_id: id, refund_id, cause };
  const tries = await Promise.allSettled([1, 2, 3].map(() => db.transaction((tx) => retryRefund(context, tx, command))));
  const codes = tries.map((one) => (one.status === 'fulfilled' ? 'made' : (one.reason as { code: string }).code)).sort();
  assert.deepEqual(codes, ['made', 'refund_not_failed', 'refund_not_failed']);
  await assert.rejects(
    db.transaction((tx) => settleRefundByHand(context, tx, command)),
    { code: 'refund_not_failed' },
  );
  await payments.settled();
  assert.deepEqual(await booksOf(id), { disputed: 0, refunded: 5_000, refunding: 0, provider: 7_995, sales: -7_995 });
  const there = stripe.refunds.filter(
    ({ payment_intent, status }) => payment_intent === stripe.intentsOf(id)[0]?.id && status === 'succeeded',
  );
  assert.deepEqual(
    there.map(({ amount }) => amount),
    [5_000],
  );
  await until(() => (eventsAbout(id, 'payment.refunded').length === 2 ? undefined : 'not published'));
  assert.deepEqual(
    eventsAbout(id, 'payment.refunded').map((event) => event['first_refund_id']),
    [undefined, refund_id],
  );
  assert.deepEqual(
    eventsAbout(id, 'payment.refund_failed').map(({ amount, code }) => [amount, code]),
    [[50, 'expired_or_canceled_card']],
  );
});

test('a refund that fails while it is on its way is no longer tried, and is settled by hand, once', async () => {
  const { id, order_id } = await aPaid();
  stripe.state.refund_status = 'pending';
  await hand(context, refundPaymentConsumer, aCancellation({ order_id }));
  await until(() =>
    stripe.refunds.some(({ payment_intent }) => payment_intent === stripe.intentsOf(id)[0]?.id) ? undefined : 'not asked for',
  );
  stripe.state.refund_status = 'succeeded';
  const [refund] = await db.query<{ id: string }>('select id from refunds where payment_id = $1', [id]);
  const command = { payment_id: id, refund_id: refund?.id ?? '', cause };
  await assert.rejects(
    db.transaction((tx) => retryRefund(context, tx, command)),
    { code: 'refund_not_failed' },
  );
  await failed(command.refund_id);
  assert.deepEqual(await booksOf(id), paid);
  const settled = await Promise.allSettled([1, 2].map(() => db.transaction((tx) => settleRefundByHand(context, tx, command))));
  assert.equal(settled.filter(({ status }) => status === 'fulfilled').length, 1);
  assert.deepEqual(await booksOf(id), { disputed: 0, refunded: 12_995, refunding: 0, bank: -12_995, provider: 12_995 });
  await assert.rejects(
    db.transaction((tx) => retryRefund(context, tx, command)),
    { code: 'refund_not_failed' },
  );
});

test('after a restore failed refunds are published once more under the ids they had', async () => {
  const page = { since: '2026-01-01T00:00:00Z', after: undefined, limit: 100 };
  const { drafts } = await db.transaction((tx) => republishFailedRefunds(context, tx, page));
  const known = new Set(published.map((event) => event['event_id']));
  assert.equal(drafts.length, 2);
  assert.deepEqual(
    drafts.filter(({ event_id }) => !known.has(event_id)),
    [],
  );
});
