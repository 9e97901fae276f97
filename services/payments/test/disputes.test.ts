/** Money that banks take back, at a stand-in for Stripe: whatever comes twice, late, early or never, the books follow. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { until } from '@souk/messaging/testing';
import type { StripeFault } from '@souk/stripe-stand-in';
import { refundPaymentConsumer } from '../src/consumers/refund-payment.ts';
import { readDisputes } from '../src/use-cases/read-disputes.ts';
import { refundPayment } from '../src/use-cases/refund-payment.ts';
import { republishDisputes } from '../src/use-cases/republish-refunds.ts';
import { settleRefundByHand } from '../src/use-cases/resolve-refund.ts';
import { cause, paid, startAtStripe } from './_stripe.ts';
import { aCancellation, hand } from './_support.ts';

const shop = await startAtStripe();
const { payments, context, db, stripe, published, send, sendNewest } = shop;
const { aPaid, booksOf, stateOf, becomes, eventsAbout, refundOf } = shop;
after(() => shop.stop());

test('a dispute holds the money back; won it comes back, lost it is gone, and each step is booked and published once', async () => {
  for (const [end, after_end] of [
    ['won', paid],
    ['lost', { disputed: 12_995, refunded: 0, refunding: 0, losses: 12_995, sales: -12_995 }],
  ] as const) {
    const { id } = await aPaid();
    const { id: reference } = stripe.dispute(id);
    assert.deepEqual(await Promise.all([sendNewest(), sendNewest(), sendNewest()]), [204, 204, 204]);
    await becomes(reference, 'open');
    assert.deepEqual(await booksOf(id), { disputed: 12_995, refunded: 0, refunding: 0, sales: -12_995 });
    await assert.rejects(
      db.transaction((tx) => refundPayment(context, tx, { payment_id: id, amount: 1, reason: 'a scratch', cause })),
      { code: 'refund_exceeds_captured' },
    );
    stripe.moveDispute(reference, 'under_review');
    await sendNewest();
    stripe.moveDispute(reference, end);
    const [closed, updated, created] = stripe.events;
    // The end first, then what came before it, and the end once more.
    for (const event of [closed, created, updated, closed]) assert.equal(await send(event), 204);
    await becomes(reference, end);
    await payments.settled();
    assert.deepEqual(await booksOf(id), after_end);
    await until(() => (eventsAbout(id, 'payment.disputed').length === 2 ? undefined : 'not published'));
    assert.deepEqual(
      eventsAbout(id, 'payment.disputed').map(({ state, amount }) => [state, amount]),
      [
        ['open', 129.95],
        [end, 129.95],
      ],
    );
  }
});

test('what no webhook tells is found by asking what was reported', async () => {
  const { id } = await aPaid();
  const { id: reference } = stripe.dispute(id);
  await becomes(reference, 'open');
  stripe.moveDispute(reference, 'won');
  await becomes(reference, 'won');
  assert.deepEqual(await booksOf(id), paid);
});

test('a question of the bank moves nothing; when it becomes a dispute it does', async () => {
  const { id } = await aPaid();
  const { id: reference } = stripe.dispute(id, { status: 'warning_needs_response', amount: 5_000 });
  await sendNewest();
  await becomes(reference, 'inquiry');
  assert.deepEqual(await booksOf(id), paid);
  stripe.moveDispute(reference, 'warning_closed');
  await sendNewest();
  await becomes(reference, 'closed');
  stripe.moveDispute(reference, 'needs_response');
  await sendNewest();
  await becomes(reference, 'open');
  assert.equal((await booksOf(id)).disputed, 5_000);
});

test('one that comes before the capture is known waits for it, and is booked then', async () => {
  let away = true;
  stripe.state.fault = (name): StripeFault => (away && name === 'POST confirm' ? 'lost' : away && name === 'GET one' ? 'failed' : 'none');
  const { id } = await aPaid('pm_card_early');
  await until(() => (stripe.intentsOf(id)[0]?.status === 'succeeded' ? undefined : 'not charged'));
  const { id: reference } = stripe.dispute(id);
  // The dispute itself can be read, the payment cannot.
  stripe.state.fault = (name): StripeFault => (away && name === 'GET one' ? 'failed' : 'none');
  assert.equal(await sendNewest(), 204);
  await until(() => (stripe.requests.filter(({ name }) => name === 'GET one').length > 3 ? undefined : 'not asked'));
  assert.equal(await stateOf(reference), 'reported');
  away = false;
  stripe.state.fault = () => 'none';
  await becomes(reference, 'open');
  assert.equal((await booksOf(id)).disputed, 12_995);
});

test('one about no payment of this shop is kept and shown; one that the provider does not know is dropped; neither is asked about for ever', async () => {
  const { id } = await aPaid();
  const dispute = stripe.dispute(id);
  dispute.payment_intent = 'pi_of_another_system';
  assert.equal(await sendNewest(), 204);
  await becomes(dispute.id, 'open');
  const unknown = stripe.report('charge.dispute.created', { ...dispute, id: 'dp_nowhere' });
  stripe.events.shift();
  assert.equal(await send(unknown), 204);
  await until(async () => ((await stateOf('dp_nowhere')) === undefined ? undefined : 'still there'));
  const asked = (): number => stripe.requests.filter(({ name }) => name === 'GET one').length;
  stripe.events.length = 0;
  await payments.settled();
  const before = asked();
  assert.equal(await readDisputes(context), false);
  assert.equal(asked(), before, 'nothing is due');
  assert.deepEqual(await booksOf(id), paid);
  const [row] = await db.query<{ payment_id: string | null }>('select payment_id from disputes where reference = $1', [dispute.id]);
  assert.equal(row?.payment_id, null);
});

test('a provider that cannot be asked is asked again; a forged webhook is refused', async () => {
  const { id } = await aPaid();
  let left = 3;
  stripe.state.fault = (name): StripeFault => (name === 'GET one' && left-- > 0 ? 'failed' : 'none');
  const { id: reference } = stripe.dispute(id);
  assert.equal(await send(stripe.events[0], { secret: 'whsec_of_nobody_000000000000000000' }), 400);
  assert.equal(await send(stripe.events[0], { age_s: 3_600 }), 400);
  assert.equal(await sendNewest(), 204);
  await becomes(reference, 'open');
  stripe.state.fault = () => 'none';
});

test('an order that is cancelled during a dispute gets back what is left when it has ended, once', async () => {
  const [won, part] = [await aPaid(), await aPaid()];
  const first = stripe.dispute(won.id);
  await sendNewest();
  const second = stripe.dispute(part.id, { amount: 2_995 });
  await sendNewest();
  await becomes(first.id, 'open');
  await becomes(second.id, 'open');
  for (const { order_id } of [won, part]) await hand(context, refundPaymentConsumer, aCancellation({ order_id }));
  await payments.settled();
  assert.equal((await booksOf(won.id)).refunded, 0);
  stripe.moveDispute(first.id, 'won');
  await sendNewest();
  stripe.moveDispute(second.id, 'lost');
  // Stripe refuses refunds of a charge that a dispute took; by hand it goes.
  await sendNewest();
  await becomes(first.id, 'won');
  await becomes(second.id, 'lost');
  await until(async () => ((await booksOf(won.id)).refunded === 12_995 ? undefined : 'not refunded'));
  const left = await db.query<{ id: string; kind: string; amount: number }>('select id, kind, amount from refunds where payment_id = $1', [
    part.id,
  ]);
  assert.deepEqual(
    left.map(({ kind, amount }) => [kind, amount]),
    [['dispute', 10_000]],
  );
  const [refund] = left;
  await until(async () => ((await refundOf(refund?.id ?? '')).failure_code === 'charge_disputed' ? undefined : 'not failed'));
  await db.transaction((tx) => settleRefundByHand(context, tx, { payment_id: part.id, refund_id: refund?.id ?? '', cause }));
  assert.deepEqual(await booksOf(part.id), {
    disputed: 2_995,
    refunded: 10_000,
    refunding: 0,
    losses: 2_995,
    sales: -2_995,
    bank: -10_000,
    provider: 10_000,
  });
});

test('after a restore disputes are published once more under the ids they had', async () => {
  const page = { since: '2026-01-01T00:00:00Z', after: undefined, limit: 100 };
  const { drafts } = await db.transaction((tx) => republishDisputes(context, tx, page));
  const known = new Set(published.map((event) => event['event_id']));
  assert.ok(drafts.length > 4);
  assert.deepEqual(
    drafts.filter(({ event_id }) => !known.has(event_id)),
    [],
  );
});
