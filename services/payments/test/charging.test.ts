import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { systemIds } from '@souk/kernel';
import { until } from '@souk/messaging/testing';
import { createPaymentConsumer } from '../src/consumers/create-payment.ts';
import { refundPaymentConsumer } from '../src/consumers/refund-payment.ts';
import type { SettledCharge } from '../src/context.ts';
import { paymentIdOf } from '../src/domain/payment.ts';
import { claimCharges, findPayment, type PaymentRow, releaseCharges } from '../src/store/payments.ts';
import { aCancellation, aPaymentRequest, booksOf, faultyProvider, hand, startPayments } from './_support.ts';

const faulty = faultyProvider();
const payments = await startPayments({}, { provider: faulty });
faulty.connect(payments.database.url);
const { context, db } = payments;
const received: Record<string, unknown>[] = [];
await payments.broker.subscribe(['payment.*'], ({ body }) => received.push(JSON.parse(body)));
after(() => payments.stop());

const paid = (order_id: string) => booksOf(db, order_id);
const answered = async (order_id: string) => {
  await until(() => (received.some((event) => event['order_id'] === order_id) ? undefined : 'no answer'));
  const { status, decline_code, amount, event_type } = received.find((event) => event['order_id'] === order_id) ?? {};
  return { event_type, status, decline_code, amount };
};
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
const back = { ...whole, refunded: 12_995, ledger_net: 0, given_back: 12_995 };

for (const token of ['tok_visa', 'tok_timeout', 'tok_error_once', 'tok_slow']) {
  test(`${token} ends captured, charged once`, async () => {
    const request = aPaymentRequest({ payment_method: token });
    assert.deepEqual(await hand(context, createPaymentConsumer, request), []);
    await payments.settled();
    assert.deepEqual(await paid(request.order_id), { status: 'captured', ...whole });
    assert.deepEqual(await answered(request.order_id), {
      event_type: 'payment.processed',
      status: 'succeeded',
      decline_code: undefined,
      amount: 129.95,
    });
  });
}

for (const [token, decline_code] of [
  ['tok_declined', 'card_declined'],
  ['tok_insufficient_funds', 'insufficient_funds'],
  ['tok_of_nobody', 'invalid_payment_method'],
] as const) {
  test(`${token} is declined with ${decline_code}`, async () => {
    const request = aPaymentRequest({ payment_method: token });
    await hand(context, createPaymentConsumer, request);
    await payments.settled();
    assert.deepEqual(await paid(request.order_id), { status: 'declined', decline_code, ...nothing });
    assert.deepEqual(await answered(request.order_id), {
      event_type: 'payment.processed',
      status: 'declined',
      decline_code,
      amount: 129.95,
    });
  });
}

test('the same request, again and again, under other event ids and at the same time, charges once', async () => {
  const request = aPaymentRequest();
  const repeats = Array.from({ length: 8 }, () => ({ ...request, event_id: systemIds.uuid() }));
  await Promise.all(repeats.map((repeat) => hand(context, createPaymentConsumer, repeat, { ...repeat, event_id: systemIds.uuid() })));
  await payments.settled();
  assert.deepEqual(await hand(context, createPaymentConsumer, request), []);
  await payments.settled();
  assert.deepEqual(await paid(request.order_id), { status: 'captured', ...whole });
  assert.equal(received.filter((event) => event['order_id'] === request.order_id).length, 1);
});

test('a charge whose outcome is not known is asked for before it is sent again', async () => {
  const calls: string[] = [];
  faulty.fault = (call) => (calls.push(call) <= 2 ? 'away' : 'none');
  const request = aPaymentRequest();
  await hand(context, createPaymentConsumer, request);
  await payments.settled();
  faulty.fault = () => 'none';
  assert.deepEqual(calls, ['charge', 'find', 'find', 'charge']);
  assert.deepEqual(await paid(request.order_id), { status: 'captured', ...whole });
});

test('a request for another amount is refused and changes nothing', async () => {
  const request = aPaymentRequest();
  const other = aPaymentRequest({ order_id: request.order_id, amount: 1 });
  const neighbour = aPaymentRequest();
  assert.deepEqual(await hand(context, createPaymentConsumer, request, other, neighbour), ['payment_mismatch']);
  assert.deepEqual(await hand(context, createPaymentConsumer, other), ['payment_mismatch']);
  assert.deepEqual(await hand(context, createPaymentConsumer, aPaymentRequest({ amount: 1.005 })), ['amount_invalid']);
  await payments.settled();
  assert.deepEqual(await paid(request.order_id), { status: 'captured', ...whole });
  assert.deepEqual(await paid(neighbour.order_id), { status: 'captured', ...whole });
});

test('an order cancelled before its payment is asked for is never charged', async () => {
  const cancellation = aCancellation();
  await hand(context, refundPaymentConsumer, cancellation, cancellation);
  const request = aPaymentRequest({ order_id: cancellation.order_id });
  await hand(context, createPaymentConsumer, request);
  await payments.settled();
  assert.deepEqual(await paid(request.order_id), { status: 'declined', decline_code: 'order_cancelled', ...nothing });
  assert.equal((await answered(request.order_id)).decline_code, 'order_cancelled');
});

test('a payment that has not started is void when its order is cancelled', async () => {
  await context.charges.close();
  const request = aPaymentRequest();
  await hand(context, createPaymentConsumer, request);
  await hand(context, refundPaymentConsumer, aCancellation({ order_id: request.order_id }));
  context.charges.open();
  await payments.settled();
  assert.deepEqual(await paid(request.order_id), { status: 'declined', decline_code: 'order_cancelled', ...nothing });
  assert.equal((await answered(request.order_id)).decline_code, 'order_cancelled');
});

test('a payment under way when its order is cancelled is settled first, then given back once', async () => {
  const request = aPaymentRequest({ payment_method: 'tok_slow' });
  await hand(context, createPaymentConsumer, request);
  const cancellation = aCancellation({ order_id: request.order_id });
  await Promise.all([
    hand(context, refundPaymentConsumer, cancellation),
    hand(context, refundPaymentConsumer, { ...cancellation, event_id: systemIds.uuid() }),
  ]);
  await payments.settled();
  assert.deepEqual(await paid(request.order_id), { status: 'captured', ...back });
  await until(() => (received.filter((event) => event['order_id'] === request.order_id).length === 2 ? undefined : 'not two events'));
});

test('a captured payment is given back once when its order is cancelled', async () => {
  const request = aPaymentRequest();
  await hand(context, createPaymentConsumer, request);
  await payments.settled();
  const cancellation = aCancellation({ order_id: request.order_id });
  for (let repeat = 0; repeat < 3; repeat += 1) await hand(context, refundPaymentConsumer, { ...cancellation, event_id: systemIds.uuid() });
  await payments.settled();
  assert.deepEqual(await paid(request.order_id), { status: 'captured', ...back });
});

test('a request and a cancellation at the same instant end with net money zero', async () => {
  const requests = Array.from({ length: 20 }, () => aPaymentRequest());
  await Promise.all(
    requests.flatMap((request) => [
      hand(context, createPaymentConsumer, request),
      hand(context, refundPaymentConsumer, aCancellation({ order_id: request.order_id })),
    ]),
  );
  await payments.settled();
  for (const request of requests) {
    const books = await paid(request.order_id);
    assert.equal(books.ledger_net, 0);
    assert.equal(books.charged, books.given_back);
    assert.ok(books.charges <= 1);
  }
});

test('a process that dies between charge and record leaves a payment that is found, not charged again', async () => {
  await context.charges.close();
  const request = aPaymentRequest();
  const unsent = aPaymentRequest();
  await hand(context, createPaymentConsumer, request, unsent);
  const tasks = await claimCharges(db, { now_ms: context.clock.now(), lease_ms: 50, limit: 10 });
  assert.equal(tasks.length, 2);
  const task = tasks.find(({ order_id }) => order_id === request.order_id);
  assert.ok(task);
  await faulty.charge({
    idempotency_key: task.id,
    amount: task.amount,
    currency: task.currency,
    payment_method: task.payment_method,
    reference: task.order_id,
  });
  context.charges.open();
  await payments.settled();
  assert.deepEqual(await paid(request.order_id), { status: 'captured', ...whole });
  assert.deepEqual(await paid(unsent.order_id), { status: 'captured', ...whole });
});

test('a process that is told the outcome late changes nothing any more', async () => {
  const request = aPaymentRequest();
  await hand(context, createPaymentConsumer, request);
  await payments.settled();
  const { id, ...state } = (await findPayment(db, paymentIdOf(request.order_id))) as PaymentRow;
  const task = {
    ...request,
    id,
    amount: state.amount,
    cause: state.cause,
    asked: true,
    abandons: false,
    provider_reference: null,
    attempts: 1,
  };
  const outcomes: SettledCharge['outcome'][] = [
    { status: 'unknown' },
    { status: 'action_required', url: '/late', until_ms: 1 },
    { status: 'declined', decline_code: 'late' },
    { status: 'succeeded', charge: 'ch_late' },
  ];
  for (const outcome of outcomes) await context.settleCharge({ task, outcome });
  assert.deepEqual(await findPayment(db, id), { id, ...state });
  assert.equal(received.filter((event) => event['order_id'] === request.order_id).length, 1);
});

test('a provider that is away delays charges and refunds, nothing more', async () => {
  const [early, late] = [aPaymentRequest(), aPaymentRequest()];
  await hand(context, createPaymentConsumer, early);
  await payments.settled();
  faulty.fault = () => 'away';
  await hand(context, createPaymentConsumer, late);
  await hand(context, refundPaymentConsumer, aCancellation({ order_id: early.order_id }));
  const attemptsOf = async (table: string, ids: string) =>
    (await db.query<{ attempts: number }>(`select attempts from ${table} where ${ids}`, []))[0]?.attempts ?? 0;
  await until(async () =>
    (await attemptsOf('payments', `order_id = '${late.order_id}'`)) >= 2 ? undefined : 'the charge was not tried again',
  );
  await until(async () => ((await attemptsOf('refunds', `status = 'pending'`)) >= 2 ? undefined : 'the refund was not tried again'));
  assert.equal((await paid(late.order_id)).status, 'unknown');
  assert.equal((await paid(early.order_id)).refunding, 12_995);
  faulty.fault = () => 'none';
  await payments.settled();
  assert.deepEqual(await paid(late.order_id), { status: 'captured', ...whole });
  assert.deepEqual(await paid(early.order_id), { status: 'captured', ...back });
});

test('more payments than there is room for wait in the database and are all charged once', async () => {
  const narrow = await startPayments({ provider_concurrency: 2, provider_waiting_max: 3 });
  try {
    const requests = Array.from({ length: 40 }, () => aPaymentRequest());
    for (const request of requests) await hand(narrow.context, createPaymentConsumer, request);
    await narrow.settled();
    for (const request of requests) assert.deepEqual(await booksOf(narrow.db, request.order_id), { status: 'captured', ...whole });
  } finally {
    await narrow.stop();
  }
});

test('what a stopping process had not ended is due at once and found by the next', async () => {
  const [slow, waiting] = [aPaymentRequest({ payment_method: 'tok_timeout' }), aPaymentRequest()];
  const one = await startPayments({ provider_concurrency: 1, provider_timeout_ms: 3_000 });
  try {
    await hand(one.context, createPaymentConsumer, slow, waiting);
    const left = await one.context.charges.close();
    assert.deepEqual(left.map((task) => task.order_id).sort(), [slow.order_id, waiting.order_id].sort());
    await releaseCharges(
      one.db,
      left.map((task) => task.id),
      one.context.clock.now(),
    );
    one.context.charges.open();
    one.context.wakeJob('charge-payments');
    await one.settled();
    for (const request of [slow, waiting]) assert.deepEqual(await booksOf(one.db, request.order_id), { status: 'captured', ...whole });
  } finally {
    await one.stop();
  }
});
