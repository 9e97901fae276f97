/** Payments through Stripe, against a stand-in that speaks its protocol. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { silentLog, systemClock, systemIds } from '@souk/kernel';
import { until } from '@souk/messaging/testing';
import { testConfig } from '@souk/service-kit/testing';
import { type StripeFault, StripeStandIn } from '@souk/stripe-stand-in';
import StripeClient from 'stripe';
import { createStripeProvider } from '../src/clients/stripe-provider.ts';
import { createPaymentConsumer } from '../src/consumers/create-payment.ts';
import { refundPaymentConsumer } from '../src/consumers/refund-payment.ts';
import { paymentIdOf } from '../src/domain/payment.ts';
import { buildPayments, PaymentsConfig } from '../src/index.ts';
import { findPayment } from '../src/store/payments.ts';
import { readProviderRecords } from '../src/use-cases/read-audit-records.ts';
import { aCancellation, aPaymentRequest, hand, startPayments } from './_support.ts';

const stripe = new StripeStandIn();
await stripe.open();
const [secret, older] = ['whsec_0b5d3a7c9e1f24680b5d3a7c9e1f2468', 'whsec_f1e2d3c4b5a697880b5d3a7c9e1f2468'];
const provider = createStripeProvider({
  secret_key: 'sk_of_a_stand_in_0b5d3a7c9e1f24680b5d',
  webhook_secrets: [secret, older],
  return_url: 'https://shop.example/orders/{order_id}',
  clock: systemClock,
  timeout_ms: 2_000,
  address: stripe.address,
});
const payments = await startPayments({ provider_timeout_ms: 2_000 }, { provider });
const { context, db } = payments;
const received: Record<string, unknown>[] = [];
await payments.broker.subscribe(['payment.*'], ({ body }) => received.push(JSON.parse(body)));
after(async () => {
  await payments.stop();
  await stripe.close();
});

interface Asked {
  order_id: string;
  id: string;
}

async function ask(payment_method: string, more: { amount?: number; currency?: string } = {}): Promise<Asked> {
  const request = aPaymentRequest({ payment_method, ...more });
  await hand(context, createPaymentConsumer, request);
  return { order_id: request.order_id, id: paymentIdOf(request.order_id) };
}

const cancel = (order_id: string) => hand(context, refundPaymentConsumer, aCancellation({ order_id }));
const statusOf = async (id: string): Promise<string> => (await findPayment(db, id))?.status ?? 'not there';
const becomes = (id: string, status: string) => until(async () => ((await statusOf(id)) === status ? undefined : `not ${status} yet`));

/** What Souk believes beside what Stripe did: status, captured less refunded here, taken less given back there. */
async function booksOf(id: string): Promise<[string, number, number]> {
  const row = await findPayment(db, id);
  const intents = stripe.intentsOf(id);
  const taken = intents.reduce((sum, { amount_received }) => sum + amount_received, 0);
  const back = stripe.refunds.filter((one) => intents.some((intent) => intent.id === one.payment_intent));
  return [row?.status ?? '', (row?.captured ?? 0) - (row?.refunded ?? 0), taken - back.reduce((sum, { amount }) => sum + amount, 0)];
}

async function webhook(payment_id: string, { signed_with = secret, age_s = 0, forged = false } = {}): Promise<number> {
  const body = JSON.stringify({
    id: 'evt_1',
    object: 'event',
    type: 'payment_intent.succeeded',
    data: { object: { metadata: { payment_id } } },
  });
  const timestamp = Math.floor(Date.now() / 1_000) - age_s;
  const header = StripeClient.webhooks.generateTestHeaderString({ payload: body, secret: signed_with, timestamp } as never);
  const response = await fetch(`${payments.url}/api/payments/webhooks/stripe`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'stripe-signature': header },
    body: forged ? body.replace('succeeded', 'payment_failed') : body,
  });
  return response.status;
}

test('a card is charged once, by an intent that was kept before, and given back under another key', async () => {
  const { id, order_id } = await ask('pm_card_visa');
  await payments.settled();
  assert.deepEqual(await booksOf(id), ['captured', 12_995, 12_995]);
  const [intent] = stripe.intentsOf(id);
  assert.equal((await findPayment(db, id))?.provider_reference, intent?.id);
  assert.equal(intent?.metadata['order_id'], order_id);
  await cancel(order_id);
  await payments.settled();
  assert.deepEqual(await booksOf(id), ['captured', 0, 0]);
  const used = stripe.requests.flatMap(({ key }) => (key?.includes(id) ? [key] : []));
  assert.deepEqual(used, [`${id}:0`, `${id}:confirm:0`]);
  assert.ok(stripe.requests.some(({ name, key }) => name === 'POST refunds' && key?.startsWith('refund:')));
});

test('a declined card is declined with the code of the bank, and nothing can be paid on its intent any more', async () => {
  const { id } = await ask('pm_declined');
  await payments.settled();
  const row = await findPayment(db, id);
  assert.deepEqual([row?.status, row?.decline_code, stripe.intentsOf(id)[0]?.status], ['declined', 'insufficient_funds', 'canceled']);
  const unknown = await ask('tok_visa');
  await payments.settled();
  assert.equal((await findPayment(db, unknown.id))?.decline_code, 'invalid_payment_method');
});

test('amounts that Stripe does not take are declined without it; nothing to pay is captured without it', async () => {
  const before = stripe.requests.length;
  const small = await ask('pm_card_visa', { amount: 0.49 });
  const free = await ask('pm_card_visa', { amount: 0 });
  await payments.settled();
  assert.equal((await findPayment(db, small.id))?.decline_code, 'amount_too_small');
  assert.equal(await statusOf(free.id), 'captured');
  assert.equal(stripe.requests.length, before);
  const crowns = await ask('pm_card_visa', { amount: 5_000, currency: 'ISK' });
  await payments.settled();
  assert.deepEqual([await statusOf(crowns.id), stripe.intentsOf(crowns.id)[0]?.amount], ['captured', 500_000]);
});

for (const method of ['pm_asks', 'stripe_checkout'])
  test(`${method}: a page that is paid captures, one of a cancelled order is closed, one that is paid at that instant goes back`, async () => {
    const [paid, cancelled, late] = [await ask(method), await ask(method), await ask(method)];
    for (const { id } of [paid, cancelled, late]) await becomes(id, 'action_required');
    assert.match((await findPayment(db, paid.id))?.action_url ?? '', /^https:\/\/(bank|checkout)\.example\//);
    stripe.finish(paid.id, 'paid');
    assert.equal(await webhook(paid.id), 204);
    await cancel(cancelled.order_id);
    stripe.finish(late.id, 'paid');
    await cancel(late.order_id);
    await payments.settled();
    assert.deepEqual(await booksOf(paid.id), ['captured', 12_995, 12_995]);
    assert.deepEqual(await booksOf(cancelled.id), ['declined', 0, 0]);
    assert.deepEqual(await booksOf(late.id), ['captured', 0, 0]);
    stripe.finish(cancelled.id, 'paid');
    assert.deepEqual(await booksOf(cancelled.id), ['declined', 0, 0], 'nothing can be paid on it any more');
  });

test('a customer who fails at the bank has not paid', async () => {
  const { id } = await ask('pm_asks');
  await becomes(id, 'action_required');
  stripe.finish(id, 'refused');
  assert.equal(await webhook(id), 204);
  await payments.settled();
  const row = await findPayment(db, id);
  assert.deepEqual([row?.status, row?.decline_code], ['declined', 'payment_intent_authentication_failure']);
  assert.equal(stripe.intentsOf(id)[0]?.status, 'canceled');
});

test('whatever answer is lost or replaced by a failure, each payment is taken once and the books agree', async () => {
  const faults: readonly StripeFault[] = ['lost', 'failed_after', 'failed'];
  for (const name of ['POST payment_intents', 'POST confirm', 'GET one', 'POST refunds', 'GET refunds'])
    for (const fault of faults) {
      let left = 1;
      stripe.state.fault = (call) => (call === name && left-- > 0 ? fault : 'none');
      const [kept, back] = [await ask('pm_card_visa'), await ask('pm_card_visa')];
      await until(async () => ((await statusOf(back.id)) === 'captured' ? undefined : 'not captured'), 30_000);
      await cancel(back.order_id);
      // A refund has one key, under which a failure is repeated until Stripe forgets it.
      if (name === 'POST refunds') await until(() => (left < 1 ? undefined : 'no refund yet'));
      if (name === 'POST refunds') stripe.forgetKeys();
      await payments.settled();
      assert.deepEqual(await booksOf(kept.id), ['captured', 12_995, 12_995], `${name} ${fault}`);
      assert.deepEqual(await booksOf(back.id), ['captured', 0, 0], `${name} ${fault}`);
    }
  stripe.state.fault = () => 'none';
});

test('a refund that was made before its key was forgotten is not made again; one on its way is waited for', async () => {
  const { id, order_id } = await ask('pm_card_visa');
  await payments.settled();
  stripe.state.refund_status = 'pending';
  stripe.state.fault = (call) => (call === 'POST refunds' ? 'lost' : 'none');
  await cancel(order_id);
  const [intent] = stripe.intentsOf(id);
  const made = () => stripe.refunds.filter(({ payment_intent }) => payment_intent === intent?.id);
  await until(() => (made().length > 0 ? undefined : 'no refund yet'));
  stripe.forgetKeys();
  stripe.state.fault = () => 'none';
  const [refund] = made();
  await until(() => (stripe.requests.filter(({ name }) => name === 'GET refunds').length > 2 ? undefined : 'not asked again'));
  assert.equal((await findPayment(db, id))?.refunded, 0);
  Object.assign(refund ?? {}, { status: 'succeeded' });
  stripe.state.refund_status = 'succeeded';
  await payments.settled();
  assert.equal(made().length, 1);
  assert.deepEqual(await booksOf(id), ['captured', 0, 0]);
});

test('webhooks that are forged, too old, from the future or of another secret are refused; doubled and early ones change nothing', async () => {
  const { id } = await ask('pm_asks');
  const early = await Promise.all([webhook(id), webhook(id), webhook(systemIds.uuid())]);
  assert.deepEqual(early, [204, 204, 204]);
  await becomes(id, 'action_required');
  assert.equal(await webhook(id, { forged: true }), 400);
  assert.equal(await webhook(id, { age_s: 86_400 * 900 }), 400);
  assert.equal(await webhook(id, { age_s: -3_600 }), 400);
  assert.equal(await webhook(id, { signed_with: 'whsec_of_somebody_else_000000000000' }), 400);
  assert.equal(await webhook(id, { signed_with: older }), 204, 'while a secret is exchanged the older one holds too');
  stripe.finish(id, 'paid');
  assert.deepEqual(
    await Promise.all(Array.from({ length: 6 }, () => webhook(id))),
    Array.from({ length: 6 }, () => 204),
  );
  await payments.settled();
  assert.deepEqual(await booksOf(id), ['captured', 12_995, 12_995]);
  assert.equal(await webhook(id), 204);
  assert.equal(await statusOf(id), 'captured');
  await until(() => (received.filter((event) => event['payment_id'] === id).length === 2 ? undefined : 'not two events'));
});

test('the audit is shown what Stripe says of each payment, whatever it was', async () => {
  const { lines } = await readProviderRecords(context, undefined, 1_000);
  const records = lines.map((line) => JSON.parse(line) as { key: string; charged: number; refunded: number; idempotency_keys: string[] });
  const rows = await db.query<{ order_id: string; id: string; captured: number; refunded: number }>(
    `select order_id, id, captured, refunded from payments where status = 'captured' order by order_id`,
  );
  assert.deepEqual(
    records.map(({ key, charged, refunded, idempotency_keys }) => [key, charged, refunded, idempotency_keys]),
    rows.map(({ order_id, id, captured, refunded }) => [order_id, captured, refunded, [id]]),
  );
  const [first] = (await readProviderRecords(context, undefined, 1)).lines;
  assert.ok(first === undefined || JSON.parse(first).key === rows[0]?.order_id);
});

test('a shop that names Stripe without its secrets does not start', () => {
  const config = testConfig<PaymentsConfig>('payments', PaymentsConfig, {
    database_url: payments.database.url,
    payment_provider: 'stripe',
  });
  assert.throws(() => buildPayments(config, { log: silentLog } as never), { code: 'config_invalid' });
});
