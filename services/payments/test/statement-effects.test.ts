/** The functions by which the checkout is explored do to a payment what the statements do: all cases, on PostgreSQL. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { required, systemIds } from '@souk/kernel';
import type { Cause } from '@souk/messaging';
import { cancellationChange, decideCancellation, type PaymentStatus, refundable } from '../src/domain/payment.ts';
import {
  asksCustomer,
  cancelledPayment,
  claimedCharge,
  insertedPayment,
  insertedRefunds,
  isClaimable,
  type PaymentColumns,
  promisedPayment,
  type RefundColumns,
  settledCharge,
  settledRefund,
} from '../src/domain/statement-effects.ts';
import { rememberCancelled } from '../src/store/cancelled-orders.ts';
import { claimCharges, insertPayments, promiseRefund, settleCharges, writeCancellations } from '../src/store/payments.ts';
import { claimRefunds, insertRefunds, settleRefunds } from '../src/store/refunds.ts';
import { startPayments } from './_support.ts';

const payments = await startPayments();
const { db } = payments;
after(() => payments.stop());

// An hour ahead of the service's clock, so that its jobs leave what is due here alone.
const now_ms = Date.now() + 3_600_000;
const claim = { now_ms, lease_ms: 60_000, limit: 10_000 };
const cause: Cause = { correlation_id: systemIds.uuid() };

const statuses: readonly PaymentStatus[] = ['requested', 'charging', 'action_required', 'unknown', 'captured', 'declined'];

const actionsOf: Readonly<Record<PaymentStatus, readonly boolean[]>> = {
  requested: [false],
  charging: [false],
  action_required: [true],
  unknown: [false, true],
  captured: [false],
  declined: [false],
};

/** Every payment that the constraints of the table allow, with amounts of up to two minor units. */
const everyPayment: readonly PaymentColumns[] = statuses.flatMap((status) =>
  [0, 2].flatMap((amount) =>
    [null, 'customer_request'].flatMap((cancel_reason) => {
      const captured = status === 'captured' ? amount : 0;
      const parts = [0, 1, 2].flatMap((refunded) => [0, 1, 2].map((refunding) => ({ refunded, refunding })));
      return parts
        .filter(({ refunded, refunding }) => refunded + refunding <= captured)
        .flatMap((part) => actionsOf[status].map((action) => ({ part, action })))
        .map(({ part, action }) => ({
          status,
          action,
          amount,
          captured,
          ...part,
          cancel_reason,
          decline_code: status === 'declined' ? 'card_declined' : null,
          due: status !== 'captured' && status !== 'declined',
        }));
    }),
  ),
);

async function written(payment: PaymentColumns, page_until_ms = now_ms + 1): Promise<string> {
  const id = systemIds.uuid();
  await db.query(
    `insert into payments (id, order_id, user_id, amount, currency, payment_method, status, decline_code, captured, refunded, refunding, provider,
                           provider_reference, cancel_reason, due_at, cause, action_url, action_until, created_at, updated_at)
     values ($1::uuid, $1::uuid, $1::uuid, $2, 'EUR', 'tok_visa', $3, $4, $5, $6, $7, 'sandbox', 'ch_1', $8, to_timestamp($9::float8 / 1000), $10,
       case when $11 then '/page' end, case when $11 then to_timestamp($12::float8 / 1000) end, now(), now())`,
    [
      id,
      payment.amount,
      payment.status,
      payment.decline_code,
      payment.captured,
      payment.refunded,
      payment.refunding,
      payment.cancel_reason,
      payment.due ? now_ms - 1 : null,
      JSON.stringify(cause),
      payment.action,
      page_until_ms,
    ],
  );
  return id;
}

async function read(id: string): Promise<PaymentColumns | undefined> {
  const [row] = await db.query<PaymentColumns>(
    `select status, amount, captured, refunded, refunding, cancel_reason, decline_code, due_at is not null due,
       action_until is not null action from payments where id = $1`,
    [id],
  );
  return row;
}

async function forget(...ids: string[]): Promise<void> {
  await db.query('delete from refunds where payment_id = any($1::uuid[])', [ids]);
  await db.query('delete from payments where id = any($1::uuid[])', [ids]);
}

test('a request for an order that has no payment, has one, or was cancelled', async () => {
  for (const existing of [undefined, ...everyPayment])
    for (const status of ['requested', 'charging'] as const)
      for (const cancelled_reason of [undefined, 'customer_request']) {
        const id = existing === undefined ? systemIds.uuid() : await written(existing);
        const intent = { id, order_id: id, user_id: id, amount: 2, currency: 'EUR', payment_method: 'tok_visa', cause };
        const inserted = await db.transaction(async (tx) => {
          if (cancelled_reason !== undefined) await rememberCancelled(tx, [{ order_id: id, reason: cancelled_reason }], now_ms);
          return insertPayments(tx, { intents: [intent], provider: 'sandbox', status, now_ms, due_ms: now_ms });
        });
        const expected = insertedPayment(existing, { amount: 2, status, cancelled_reason });
        assert.deepEqual(inserted, expected === undefined ? [] : [{ id, void: expected.status === 'declined' }]);
        assert.deepEqual(await read(id), expected ?? existing);
        await forget(id);
      }
});

test('a claim of a payment whose time has come', async () => {
  for (const payment of everyPayment)
    for (const is_over of [false, true]) {
      const id = await written(payment, is_over ? now_ms : now_ms + 1);
      const [task] = await db.transaction((tx) => claimCharges(tx, claim));
      const expected = claimedCharge(payment, is_over);
      const found = task && { id: task.id, asked: task.asked, abandons: task.abandons };
      assert.deepEqual(found, expected && { id, asked: expected.asked, abandons: expected.abandons });
      assert.deepEqual(await read(id), expected?.payment ?? payment);
      await forget(id);
    }
});

test('the end of a charge, of every payment', async () => {
  const results = [
    { status: 'captured', decline_code: null },
    { status: 'declined', decline_code: 'card_declined' },
    { status: 'unknown', decline_code: null },
    { status: 'action_required', decline_code: null },
  ] as const;
  for (const payment of everyPayment)
    for (const result of results) {
      const id = await written(payment);
      const due_ms = result.status === 'unknown' || result.status === 'action_required' ? now_ms + 1_000 : null;
      const action = { url: '/page', until_ms: now_ms + 2_000 };
      const settled = { id, ...result, provider_reference: null, due_ms, ...(result.status === 'action_required' && { action }) };
      const changed = await db.transaction((tx) => settleCharges(tx, [settled], now_ms));
      const expected = settledCharge(payment, result);
      assert.deepEqual(
        changed,
        expected === undefined ? [] : [{ id, cancel_reason: payment.cancel_reason, asks: asksCustomer(payment, result) }],
      );
      assert.deepEqual(await read(id), expected ?? payment);
      await forget(id);
    }
});

test('a cancellation, of every payment', async () => {
  for (const payment of everyPayment) {
    const step = decideCancellation(payment);
    if (step === 'nothing' || step === 'remember') continue;
    const id = await written(payment);
    const change = { reason: 'staff_request', ...cancellationChange(payment, step) };
    await db.transaction((tx) => writeCancellations(tx, [{ id, ...change }], now_ms));
    assert.deepEqual(await read(id), cancelledPayment(payment, change));
    await forget(id);
  }
});

test('the promise of a refund, of every payment that has something left', async () => {
  for (const payment of everyPayment.filter((one) => refundable(one) > 0)) {
    const id = await written(payment);
    await db.transaction((tx) => promiseRefund(tx, id, 1, now_ms));
    assert.deepEqual(await read(id), promisedPayment(payment, 1));
    await forget(id);
  }
});

const kinds = ['cancellation', 'staff'] as const;
const refundOf = (id: string, payment_id: string, kind: RefundColumns['kind']) => {
  return { id, payment_id, kind, amount: 1, currency: 'EUR', reason: 'scratched', cause };
};

test('a refund beside another one, of each kind, with its id and with another', async () => {
  const captured = required(
    everyPayment.find((one) => one.captured === 2),
    'a captured payment',
  );
  for (const kind of kinds)
    for (const other_kind of kinds)
      for (const same_id of [true, false]) {
        const payment_id = await written(captured);
        const [id, second] = [systemIds.uuid(), systemIds.uuid()];
        const other_id = same_id ? id : second;
        await db.transaction((tx) => insertRefunds(tx, [refundOf(id, payment_id, kind)], { now_ms, due_ms: now_ms }));
        const first = insertedRefunds([], { id, kind, amount: 1 });
        assert.deepEqual(await db.query('select id, kind, amount, status from refunds where payment_id = $1', [payment_id]), first);
        const inserting = db.transaction((tx) =>
          insertRefunds(tx, [refundOf(other_id, payment_id, other_kind)], { now_ms, due_ms: now_ms }),
        );
        const expected = insertedRefunds([{ id, kind, amount: 1, status: 'pending' }], { id: other_id, kind: other_kind, amount: 1 });
        if (expected === undefined) await assert.rejects(inserting, { code: '23505' });
        else {
          await inserting;
          const rows = await db.query<RefundColumns>(
            'select id, kind, amount, status from refunds where payment_id = $1 order by created_at, id = $2 desc',
            [payment_id, id],
          );
          assert.deepEqual(rows, expected);
        }
        await forget(payment_id);
      }
});

test('the claim and the end of a refund, pending and done', async () => {
  for (const status of ['pending', 'done'] as const) {
    const payment: PaymentColumns = {
      ...required(
        everyPayment.find((one) => one.captured === 2 && one.refunding === 1),
        'a payment',
      ),
    };
    const payment_id = await written(payment);
    const id = systemIds.uuid();
    await db.transaction((tx) => insertRefunds(tx, [refundOf(id, payment_id, 'staff')], { now_ms, due_ms: now_ms - 1 }));
    if (status === 'done') await db.query(`update refunds set status = 'done', due_at = null where id = $1`, [id]);
    const refund: RefundColumns = { id, kind: 'staff', amount: 1, status };
    const claimed = await db.transaction((tx) => claimRefunds(tx, claim));
    assert.equal(claimed.length === 1, isClaimable(refund));
    const done = await db.transaction((tx) => settleRefunds(tx, [id], now_ms));
    const expected = settledRefund(payment, refund);
    assert.deepEqual(done, expected === undefined ? [] : [{ id }]);
    assert.deepEqual(await read(payment_id), expected?.payment ?? payment);
    const [row] = await db.query<RefundColumns>('select id, kind, amount, status from refunds where id = $1', [id]);
    assert.deepEqual(row, expected?.refund ?? refund);
    await forget(payment_id);
  }
});
