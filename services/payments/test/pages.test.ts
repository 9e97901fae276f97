/** Payments that their customer finishes on a page of the provider. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { systemIds } from '@souk/kernel';
import { until } from '@souk/messaging/testing';
import { createPaymentConsumer } from '../src/consumers/create-payment.ts';
import { refundPaymentConsumer } from '../src/consumers/refund-payment.ts';
import { paymentIdOf } from '../src/domain/payment.ts';
import { findPayment, hurryCharge } from '../src/store/payments.ts';
import { finishPage } from '../src/use-cases/finish-page.ts';
import { aCancellation, aPaymentRequest, booksOf, faultyProvider, hand, type Requested, startPayments } from './_support.ts';

const faulty = faultyProvider();
const payments = await startPayments({}, { provider: faulty });
faulty.connect(payments.database.url);
const { context, db } = payments;
const received: Record<string, unknown>[] = [];
await payments.broker.subscribe(['payment.*'], ({ body }) => received.push(JSON.parse(body)));
after(() => payments.stop());

const paid = (order_id: string) => booksOf(db, order_id);
const whole = {
  decline_code: null,
  captured: 12_995,
  refunded: 0,
  refunding: 0,
  ledger_net: 12_995,
  charged: 12_995,
  charges: 1,
  given_back: 0,
};
const nothing = { captured: 0, refunded: 0, refunding: 0, ledger_net: 0, charged: 0, charges: 0, given_back: 0 };

const pageMs = 600_000;

/** A payment whose customer was sent to the page of the provider. */
async function awaitingCustomer(): Promise<{ request: Requested; id: string }> {
  const request = aPaymentRequest({ payment_method: 'tok_requires_action' });
  await hand(context, createPaymentConsumer, request);
  const id = paymentIdOf(request.order_id);
  await until(async () => ((await findPayment(db, id))?.status === 'action_required' ? undefined : 'no page yet'));
  return { request, id };
}

const eventsOf = (order_id: string) => received.filter((event) => event['order_id'] === order_id).map(({ event_type }) => event_type);

/** The page closes now, by the clock of the shop; the provider's page is open longer. */
async function pageTimeOver(id: string): Promise<void> {
  await db.query(`update payments set action_until = now(), due_at = now() where id = $1`, [id]);
  context.wakeJob('charge-payments');
}

test('a customer who has to do something is sent to the page, once; the address is in no event', async () => {
  const { request, id } = await awaitingCustomer();
  const row = await findPayment(db, id);
  assert.equal(row?.action_url, `/api/payments/sandbox/pages/${id}`);
  const until_ms = Date.parse(row?.action_until ?? '');
  assert.ok(Math.abs(until_ms - Date.now() - pageMs) < 60_000);
  await hand(context, createPaymentConsumer, { ...request, event_id: systemIds.uuid() });
  for (let times = 0; times < 2; times += 1) {
    assert.equal(await hurryCharge(db, id, context.clock.now()), true);
    context.wakeJob('charge-payments');
    await until(async () => ((await findPayment(db, id))?.status === 'action_required' ? undefined : 'it is being asked for'));
  }
  await until(() => (eventsOf(request.order_id).length > 0 ? undefined : 'no event'));
  assert.deepEqual(eventsOf(request.order_id), ['payment.action_required']);
  const event = received.find(({ order_id }) => order_id === request.order_id);
  assert.ok(!JSON.stringify(event).includes('/pages/'));
  assert.equal(event?.['until'], row?.action_until);
  await hand(context, refundPaymentConsumer, aCancellation({ order_id: request.order_id }));
  await payments.settled();
});

for (const [outcome, end] of [
  ['paid', { status: 'captured', ...whole }],
  ['refused', { status: 'declined', decline_code: 'authentication_failed', ...nothing }],
] as const)
  test(`a page on which the customer ${outcome === 'paid' ? 'pays' : 'refuses'} ends the payment, however often it is sent`, async () => {
    const { request, id } = await awaitingCustomer();
    const ends = await Promise.all(Array.from({ length: 4 }, () => finishPage(context, id, outcome)));
    for (const { state } of ends) assert.equal(state, outcome === 'paid' ? 'paid' : 'closed');
    await payments.settled();
    assert.deepEqual(await paid(request.order_id), end);
    await until(() => (eventsOf(request.order_id).length === 2 ? undefined : 'not two events'));
    const other = await finishPage(context, id, outcome === 'paid' ? 'refused' : 'paid');
    assert.equal(other.state, ends[0]?.state, 'what has ended stays as it is');
  });

test('a page that is not finished is abandoned when its time is over or the order is cancelled: nothing can be paid any more', async () => {
  for (const end of ['time', 'cancellation'] as const) {
    const { request, id } = await awaitingCustomer();
    if (end === 'time') await pageTimeOver(id);
    else await hand(context, refundPaymentConsumer, aCancellation({ order_id: request.order_id }));
    await payments.settled();
    assert.deepEqual(await paid(request.order_id), { status: 'declined', decline_code: 'abandoned', ...nothing }, end);
    assert.equal((await finishPage(context, id, 'paid')).state, 'closed', 'too late');
    assert.equal((await findPayment(db, id))?.action_url, null);
  }
});

test('a customer who pays while the order is cancelled or the page closes has paid and keeps it, or gets it back, or has not paid', async () => {
  const pages = await Promise.all(Array.from({ length: 12 }, awaitingCustomer));
  await Promise.all(
    pages.flatMap(({ request, id }, place) => [
      finishPage(context, id, 'paid'),
      place % 2 === 0 ? hand(context, refundPaymentConsumer, aCancellation({ order_id: request.order_id })) : pageTimeOver(id),
    ]),
  );
  await payments.settled();
  for (const [place, { request }] of pages.entries()) {
    const books = await paid(request.order_id);
    const kept = place % 2 === 0 ? 0 : books.captured;
    assert.deepEqual([books.ledger_net, books.charged - books.given_back, books.captured - books.refunded], [kept, kept, kept]);
    assert.equal(books.charged, books.captured);
  }
});

test('an abandonment whose answer is lost, or that is away, is tried again until the end is known', async () => {
  for (const fault of ['away', 'answer_lost'] as const) {
    const { request } = await awaitingCustomer();
    const calls: string[] = [];
    faulty.fault = (call) => (call === 'abandon' && calls.push(call) <= 2 ? fault : 'none');
    await hand(context, refundPaymentConsumer, aCancellation({ order_id: request.order_id }));
    await payments.settled();
    faulty.fault = () => 'none';
    assert.deepEqual(await paid(request.order_id), { status: 'declined', decline_code: 'abandoned', ...nothing });
    assert.ok(calls.length >= 3);
  }
});
