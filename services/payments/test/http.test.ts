import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Payment, Refund } from '@souk/contracts';
import { systemIds } from '@souk/kernel';
import { anEnvelope } from '@souk/messaging/testing';
import { signSandboxWebhook } from '../src/clients/sandbox-webhook.ts';
import { createPaymentConsumer } from '../src/consumers/create-payment.ts';
import { linkGuestConsumer } from '../src/consumers/link-guest.ts';
import { refundPaymentConsumer } from '../src/consumers/refund-payment.ts';
import { paymentIdOf } from '../src/domain/payment.ts';
import { aCancellation, aPaymentRequest, booksOf, hand, startPayments } from './_support.ts';

const secret = 'f3a1c7d95b0e4826a1b2c3d4e5f60718';
const payments = await startPayments();
const staff = await payments.tokenFor({ role: 'staff' });
after(() => payments.stop());

interface Reply<T> {
  status: number;
  body: T & { code?: string };
  headers: Headers;
}

async function call<T = Record<string, unknown>>(
  method: string,
  path: string,
  options: { token?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Reply<T>> {
  const { token, body, headers } = options;
  const response = await fetch(`${payments.url}${path}`, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Reply<T>['body'], headers: response.headers };
}

async function captured(user_id = systemIds.uuid(), payment_method = 'tok_visa') {
  const request = aPaymentRequest({ user_id, payment_method });
  await hand(payments.context, createPaymentConsumer, request);
  await payments.settled();
  return { id: paymentIdOf(request.order_id), order_id: request.order_id };
}
const refund = (id: string, amount: unknown, headers: Record<string, string> = {}) =>
  call<Refund>('POST', `/api/payments/${id}/refunds`, { token: staff, body: { amount, reason: 'a scratch' }, headers });

test('a refund that is asked for twice under one key has its members in one order both times', async () => {
  const { id } = await captured();
  const ask = async (): Promise<string> => JSON.stringify((await refund(id, 1.5, { 'idempotency-key': 'in-order' })).body);
  const first = await ask();
  assert.deepEqual(Object.keys(JSON.parse(first) as object), ['id', 'amount', 'currency', 'reason', 'status', 'created_at']);
  assert.equal(await ask(), first);
});

test('the payments of a guest are those of the person who has linked it, and of nobody else', async () => {
  const [user_id, guest_user_id] = [systemIds.uuid(), systemIds.uuid()];
  const [own, linked] = [await captured(user_id), await captured(guest_user_id)];
  const token = await payments.tokenFor({ user_id });
  const statusOf = async (by: string) => (await call('GET', `/api/payments/${linked.id}`, { token: by })).status;
  assert.equal(await statusOf(token), 404);
  await hand(payments.context, linkGuestConsumer, anEnvelope('user.guest_linked', { user_id, guest_user_id }) as never);
  assert.deepEqual([await statusOf(token), await statusOf(await payments.tokenFor())], [200, 404]);
  const { body } = await call<Payment[]>('GET', '/api/payments', { token });
  assert.deepEqual(
    (body as unknown as Payment[]).map(({ order_id }) => order_id),
    [linked.order_id, own.order_id],
  );
});

describe('reading payments', () => {
  const user_id = systemIds.uuid();
  const orders: string[] = [];
  let mine = '';
  let other = '';
  before(async () => {
    mine = await payments.tokenFor({ user_id });
    other = await payments.tokenFor();
    for (let count = 0; count < 3; count += 1) orders.push((await captured(user_id)).order_id);
  });

  test('a customer sees the own payments, newest first, page by page', async () => {
    const first = await call<Payment[]>('GET', '/api/payments?limit=2', { token: mine });
    assert.equal(first.status, 200);
    assert.deepEqual(
      (first.body as Payment[]).map((payment) => payment.order_id),
      [orders[2], orders[1]],
    );
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const second = await call<Payment[]>('GET', next.replace(/^https?:\/\/[^/]+/, ''), { token: mine });
    assert.deepEqual(
      (second.body as Payment[]).map((payment) => payment.order_id),
      [orders[0]],
    );
    assert.equal(second.headers.get('link'), null);
    assert.equal(((await call<Payment[]>('GET', '/api/payments?skip=2', { token: mine })).body as Payment[]).length, 1);
    assert.deepEqual((await call('GET', '/api/payments', { token: other })).body, []);
    assert.equal(
      ((await call<Payment[]>('GET', `/api/payments?order_id=${orders[0]}`, { token: staff })).body as Payment[])[0]?.user_id,
      user_id,
    );
  });

  test('the payments of many orders are read at once, in the order of these: own ones, all for staff', async () => {
    const foreign = await captured();
    const order_ids = [orders[0], foreign.order_id, systemIds.uuid(), orders[2]].join(',');
    const read = async (token: string): Promise<string[]> =>
      ((await call<Payment[]>('GET', `/api/payments?order_ids=${order_ids}`, { token })).body as Payment[]).map(({ order_id }) => order_id);
    assert.deepEqual(await read(mine), [orders[0], orders[2]]);
    assert.deepEqual(await read(staff), [orders[0], foreign.order_id, orders[2]]);
    assert.deepEqual(await read(other), []);
    const both = await call('GET', `/api/payments?order_ids=${order_ids}&order_id=${orders[0]}`, { token: mine });
    assert.deepEqual([both.status, both.body.code], [400, 'validation_failed']);
  });

  test('one payment is shown to its customer and to staff; to others it is not there', async () => {
    const path = `/api/payments/${paymentIdOf(orders[0] as string)}`;
    const own = await call<Payment>('GET', path, { token: mine });
    assert.equal(own.status, 200);
    const etag = own.headers.get('etag') ?? '';
    assert.equal((await call('GET', path, { token: mine, headers: { 'if-none-match': etag } })).status, 304);
    const { amount, currency, status, captured_amount, refunded_amount, refunds, provider } = own.body;
    assert.deepEqual(
      { amount, currency, status, captured_amount, refunded_amount, refunds, provider },
      {
        amount: 129.95,
        currency: 'EUR',
        status: 'captured',
        captured_amount: 129.95,
        refunded_amount: 0,
        refunds: [],
        provider: 'sandbox',
      },
    );
    assert.equal('payment_method' in own.body, false);
    assert.equal((await call('GET', path, { token: staff })).status, 200);
    assert.equal((await call('GET', path, { token: other })).status, 404);
    assert.equal((await call('GET', path)).status, 401);
    assert.equal((await call('GET', '/api/payments/not-an-id', { token: mine })).status, 400);
    assert.equal((await call('GET', '/api/payments?cursor=bm8', { token: mine })).body.code, 'cursor_invalid');
  });
});

describe('giving money back', () => {
  test('staff give back parts, never more than was captured', async () => {
    const { id, order_id } = await captured();
    const first = await refund(id, 100);
    assert.equal(first.status, 201);
    assert.equal(first.body.status, 'pending');
    assert.equal(first.body.amount, 100);
    assert.equal((await refund(id, 29.96)).body.code, 'refund_exceeds_captured');
    assert.equal((await refund(id, 29.95)).status, 201);
    await payments.settled();
    const shown = await call<Payment>('GET', `/api/payments/${id}`, { token: staff });
    assert.equal(shown.body.refunded_amount, 129.95);
    assert.deepEqual(
      shown.body.refunds.map(({ amount, status }) => ({ amount, status })),
      [
        { amount: 100, status: 'done' },
        { amount: 29.95, status: 'done' },
      ],
    );
    assert.equal((await booksOf(payments.db, order_id)).given_back, 12_995);
  });

  test('of many refunds at once only what was captured goes back', async () => {
    const { id, order_id } = await captured();
    const replies = await Promise.all(Array.from({ length: 6 }, () => refund(id, 50)));
    assert.deepEqual(replies.map((reply) => reply.status).sort(), [201, 201, 409, 409, 409, 409]);
    await payments.settled();
    const { refunded, given_back, ledger_net } = await booksOf(payments.db, order_id);
    assert.deepEqual({ refunded, given_back, ledger_net }, { refunded: 10_000, given_back: 10_000, ledger_net: 2_995 });
  });

  test('a cancellation after a staff refund gives back the rest, and nothing can follow', async () => {
    const { id, order_id } = await captured();
    assert.equal((await refund(id, 29.95)).status, 201);
    await hand(payments.context, refundPaymentConsumer, aCancellation({ order_id }));
    assert.equal((await refund(id, 0.01)).body.code, 'refund_exceeds_captured');
    await payments.settled();
    const { refunded, given_back, ledger_net } = await booksOf(payments.db, order_id);
    assert.deepEqual({ refunded, given_back, ledger_net }, { refunded: 12_995, given_back: 12_995, ledger_net: 0 });
  });

  test('twins with one idempotency key give back once and get the same answer', async () => {
    const { id, order_id } = await captured();
    const key = { 'idempotency-key': systemIds.uuid() };
    const replies = await Promise.all(Array.from({ length: 4 }, () => refund(id, 20, key)));
    assert.deepEqual(
      replies.map((reply) => reply.status),
      [201, 201, 201, 201],
    );
    assert.equal(new Set(replies.map((reply) => reply.body.id)).size, 1);
    assert.equal(replies.filter((reply) => reply.headers.get('idempotency-replayed') === 'true').length, 3);
    assert.equal((await refund(id, 21, key)).body.code, 'idempotency_key_reused');
    await payments.settled();
    assert.equal((await booksOf(payments.db, order_id)).given_back, 2_000);
  });

  test('what cannot be given back is refused with its reason', async () => {
    const { id } = await captured();
    const declined = await captured(systemIds.uuid(), 'tok_declined');
    assert.equal((await refund(declined.id, 1)).body.code, 'payment_not_captured');
    const unpayable = (await refund(id, 0.001)).body as { code: string; errors?: { pointer: string }[] };
    assert.deepEqual([unpayable.code, unpayable.errors?.[0]?.pointer], ['amount_invalid', '/amount']);
    for (const amount of [0, -1, '1', null, 1e300]) assert.equal((await refund(id, amount)).body.code, 'validation_failed', String(amount));
    assert.equal((await refund(systemIds.uuid(), 1)).status, 404);
    const customer = await payments.tokenFor();
    assert.equal((await call('POST', `/api/payments/${id}/refunds`, { token: customer, body: { amount: 1, reason: 'x' } })).status, 403);
    assert.equal(
      (await call('POST', `/api/payments/${id}/refunds`, { token: staff, body: { amount: 1, reason: 'x', kind: 'y' } })).status,
      400,
    );
  });
});

describe('webhooks', () => {
  const send = (body: string, signature: string | undefined, provider = 'sandbox') =>
    call('POST', `/api/payments/webhooks/${provider}`, { body, headers: signature === undefined ? {} : { 'souk-signature': signature } });

  test('a genuine webhook makes an unknown payment known at once, whatever it claims', async () => {
    const request = aPaymentRequest({ payment_method: 'tok_declined' });
    await payments.context.charges.close();
    await hand(payments.context, createPaymentConsumer, request);
    const id = paymentIdOf(request.order_id);
    await payments.db.query(`update payments set status = 'unknown', due_at = now() + interval '1 day' where id = $1`, [id]);
    payments.context.charges.open();
    const body = JSON.stringify({ type: 'charge.succeeded', idempotency_key: id });
    assert.equal((await send(body, signSandboxWebhook(body, secret, Date.now()))).status, 204);
    await payments.settled();
    assert.equal((await booksOf(payments.db, request.order_id)).status, 'declined');
  });

  test('a webhook that is not genuine, too old or of nobody is refused', async () => {
    const body = JSON.stringify({ type: 'charge.succeeded', idempotency_key: systemIds.uuid() });
    const good = signSandboxWebhook(body, secret, Date.now());
    assert.equal((await send(body, good)).status, 204);
    for (const wrong of [
      undefined,
      '',
      't=1,v1=00',
      `${good}0`,
      signSandboxWebhook(body, 'another secret', Date.now()),
      signSandboxWebhook(`${body} `, secret, Date.now()),
    ]) {
      assert.equal((await send(body, wrong)).body.code, 'signature_invalid');
    }
    assert.equal((await send(body, signSandboxWebhook(body, secret, Date.now() - 6 * 60_000))).body.code, 'signature_invalid');
    assert.equal((await send(body, good, 'nobody')).body.code, 'provider_unknown');
    for (const odd of ['null', '[]', '{"type":"charge.succeeded","idempotency_key":7}', '"x"']) {
      assert.equal((await send(odd, signSandboxWebhook(odd, secret, Date.now()))).status, 204, odd);
    }
  });
});

test('the auditor sees what Souk believes and what the provider says, in order of the order', async () => {
  const { order_id } = await captured();
  const records = async (kind: string) => {
    const read: Record<string, unknown>[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const path: string = `/internal/audit/records?kind=${kind}&limit=2${after === '' ? '' : `&after=${after}`}`;
      const { body } = await call<{ records: Record<string, unknown>[]; next: string | null }>('GET', path, {
        token: payments.internal_token,
      });
      read.push(...body.records);
      after = body.next;
    }
    return read;
  };
  const [believed, said] = [await records('payments'), await records('provider')];
  const keys = believed.map((record) => String(record['key']));
  assert.deepEqual(keys, [...keys].sort());
  const record = believed.find(({ key }) => key === order_id) ?? {};
  const { status, captured: taken, refunds_pending, refunds, transfers, cancel_reason } = record;
  const capture = { debit_account: 'provider', credit_account: 'sales', amount: 12_995, currency: 'EUR', refund_id: null };
  assert.deepEqual([status, taken, refunds_pending, refunds, transfers, cancel_reason], ['captured', 12_995, 0, [], [capture], null]);
  assert.equal(typeof record['updated_at_ms'], 'number');
  const { charged, refunded, charges, currencies, idempotency_keys, refunds: given_back } = said.find(({ key }) => key === order_id) ?? {};
  assert.deepEqual([charged, refunded, charges, currencies, idempotency_keys, given_back], [12_995, 0, 1, 1, [record['payment_id']], []]);
});
