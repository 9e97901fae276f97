/** Leases and locks of charges and refunds: what one replica has taken no other takes, and what has ended stays so. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { required, silentLog, systemIds } from '@souk/kernel';
import { until } from '@souk/messaging/testing';
import { type Database, openDatabase } from '@souk/postgres';
import { claimCharges, findPayment, hurryCharge, lockPayments, releaseCharges, settleCharges } from '../src/store/payments.ts';
import { claimRefunds, postponeRefunds, settleRefunds } from '../src/store/refunds.ts';
import { closeProviderLimiters } from '../src/use-cases/open-provider-limiters.ts';
import { settleCharges as settleGroup } from '../src/use-cases/settle-charges.ts';
import { settleRefunds as bookRefunds } from '../src/use-cases/settle-refunds.ts';
import { startPayments } from './_support.ts';

const payments = await startPayments();
const { db } = payments;
const other = openDatabase({ url: payments.database.url, application_name: 'test replica', pool_max: 2, log: silentLog });
after(async () => {
  await other.close();
  await payments.stop();
});

// An hour ahead of the service's clock, so that its jobs leave what is due here alone.
const now_ms = Date.now() + 3_600_000;
const claim = { now_ms, lease_ms: 60_000, limit: 10 };
const cause = JSON.stringify({ correlation_id: systemIds.uuid() });

async function aPayment(status: 'requested' | 'charging' | 'unknown' | 'captured' | 'declined'): Promise<string> {
  const id = systemIds.uuid();
  const ended = status === 'captured' || status === 'declined';
  await db.query(
    `insert into payments (id, order_id, user_id, amount, currency, payment_method, status, decline_code, captured, provider, provider_reference, due_at, cause, created_at, updated_at)
     values ($1::uuid, $1::uuid, $1::uuid, 500, 'EUR', 'tok_visa', $2, $3, $4, 'sandbox', 'ch_' || $1::uuid::text, to_timestamp($5::float8 / 1000), $6, now(), now())`,
    [id, status, status === 'declined' ? 'card_declined' : null, status === 'captured' ? 500 : 0, ended ? null : now_ms - 1, cause],
  );
  return id;
}

async function aRefund(payment_id: string, amount: number): Promise<string> {
  const id = systemIds.uuid();
  await db.query('update payments set refunding = refunding + $2 where id = $1', [payment_id, amount]);
  await db.query(
    `insert into refunds (id, payment_id, kind, amount, currency, reason, status, due_at, cause, created_at, updated_at)
     values ($1, $2, 'staff', $3, 'EUR', 'scratched', 'pending', to_timestamp($4::float8 / 1000), $5, now(), now())`,
    [id, payment_id, amount, now_ms - 1, cause],
  );
  return id;
}

/** What another replica gets while the first one's transaction is open; it steps aside and never waits. */
function meanwhile<T>(work: (tx: Pick<Database, 'query'>) => Promise<T>): Promise<T> {
  return other.transaction(async (tx) => {
    await tx.query(`set local lock_timeout = '500ms'`);
    return work(tx);
  });
}

const idsOf = (rows: readonly { id: string }[]): string[] => rows.map(({ id }) => id);

test('a charge that one replica is taking is left out by the others', async () => {
  const id = await aPayment('requested');
  await db.transaction(async (tx) => {
    assert.deepEqual(idsOf(await claimCharges(tx as never, claim)), [id]);
    assert.deepEqual(await meanwhile((second) => claimCharges(second as never, claim)), []);
  });
  await settle(id);
});

test('a charge that was taken is not taken again before its lease ends, and is asked for first then', async () => {
  const id = await aPayment('requested');
  assert.deepEqual(
    (await claimCharges(db, claim)).map((task) => [task.id, task.asked]),
    [[id, false]],
  );
  assert.deepEqual(await claimCharges(db, claim), []);
  assert.deepEqual(await claimCharges(db, { ...claim, now_ms: now_ms + 59_999 }), []);
  assert.deepEqual(
    (await claimCharges(db, { ...claim, now_ms: now_ms + 60_000 })).map((task) => [task.id, task.asked]),
    [[id, true]],
  );
  assert.equal((await findPayment(db, id))?.status, 'unknown');
  await settle(id);
});

test('a payment that has ended is never settled again', async () => {
  const captured = { status: 'captured', decline_code: null, provider_reference: 'ch_x', due_ms: null } as const;
  const declined = { status: 'declined', decline_code: 'card_declined', provider_reference: null, due_ms: null } as const;
  for (const status of ['captured', 'declined', 'requested'] as const) {
    const id = await aPayment(status);
    const settled = await db.transaction((tx) => settleCharges(tx, [{ id, ...(status === 'captured' ? declined : captured) }], now_ms));
    assert.deepEqual(settled, [], status);
    assert.equal((await findPayment(db, id))?.status, status);
    if (status === 'requested') await db.query('delete from payments where id = $1', [id]);
  }
});

test('of two results of a charge that are written at the same moment one counts', async () => {
  const id = await aPayment('charging');
  const result = { id, status: 'captured', decline_code: null, provider_reference: 'ch_1', due_ms: null } as const;
  let second: Promise<{ id: string }[]> = Promise.resolve([]);
  await db.transaction(async (tx) => {
    assert.deepEqual(idsOf(await settleCharges(tx, [result], now_ms)), [id]);
    second = other.transaction((late) => settleCharges(late, [result], now_ms));
    await until(async () => {
      const waiting = await db.query(`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
      return waiting.length > 0 ? undefined : 'it does not wait';
    });
  });
  assert.deepEqual(await second, []);
  const [booked] = await db.query<{ times: number }>('select count(*)::int times from transfers where payment_id = $1', [id]);
  assert.equal(booked?.times, 1);
});

test('of several results of one charge a known one counts, whichever comes last', async () => {
  const succeeded = { status: 'succeeded', charge: 'ch_1' } as const;
  const unknown = { status: 'unknown' } as const;
  for (const outcomes of [
    [succeeded, unknown],
    [unknown, succeeded],
  ]) {
    const id = await aPayment('requested');
    const [task] = await claimCharges(db, claim);
    await settleGroup(
      payments.context,
      outcomes.map((outcome) => ({ task: required(task, 'the claimed charge'), outcome })),
    );
    assert.equal((await findPayment(db, id))?.status, 'captured');
  }
});

test('neither a replica that stops nor a webhook reopens a payment that has ended', async () => {
  const id = await aPayment('captured');
  await releaseCharges(db, [id], now_ms - 1);
  assert.equal(await hurryCharge(db, id, now_ms - 1), false);
  assert.deepEqual(await claimCharges(db, claim), []);
  assert.equal((await findPayment(db, id))?.status, 'captured');
});

test('payments are locked by the replica that decides about them', async () => {
  const id = await aPayment('captured');
  await db.transaction(async (tx) => {
    await lockPayments(tx, [id]);
    await assert.rejects(other.query('select from payments where id = $1 for update nowait', [id]), { code: '55P03' });
  });
});

test('a refund that one replica is taking is left out by the others, and not taken again before its lease ends', async () => {
  const payment_id = await aPayment('captured');
  const id = await aRefund(payment_id, 100);
  await db.transaction(async (tx) => {
    assert.deepEqual(idsOf(await claimRefunds(tx as never, claim)), [id]);
    assert.deepEqual(await meanwhile((second) => claimRefunds(second as never, claim)), []);
  });
  assert.deepEqual(await claimRefunds(db, { ...claim, now_ms: now_ms + 59_999 }), []);
  assert.deepEqual(idsOf(await claimRefunds(db, { ...claim, now_ms: now_ms + 60_000 })), [id]);
  await db.transaction((tx) => settleRefunds(tx, [id], now_ms));
});

test('a refund is booked once, however often it is settled, and is not due again', async () => {
  const payment_id = await aPayment('captured');
  const id = await aRefund(payment_id, 100);
  assert.deepEqual(idsOf(await db.transaction((tx) => settleRefunds(tx, [id], now_ms))), [id]);
  assert.deepEqual(await db.transaction((tx) => settleRefunds(tx, [id], now_ms)), []);
  await postponeRefunds(db, [{ id, due_ms: now_ms - 1 }]);
  assert.deepEqual(await claimRefunds(db, claim), []);
  const { refunded, refunding } = required(await findPayment(db, payment_id), 'the payment');
  assert.deepEqual([refunded, refunding], [100, 0]);
  const transfers = await db.query('select amount, refund_id from transfers where payment_id = $1', [payment_id]);
  assert.deepEqual(transfers, [{ amount: 100, refund_id: id }]);
});

test('a replica that stops gives back what it had taken, so that nobody waits for its lease', async () => {
  const id = await aPayment('requested');
  const refund_id = await aRefund(await aPayment('captured'), 100);
  const [charges, refunds] = [await claimCharges(db, claim), await claimRefunds(db, claim)];
  const { context } = payments;
  await closeProviderLimiters({
    ...context,
    clock: { now: () => now_ms },
    charges: { ...context.charges, close: async () => charges },
    refunds: { ...context.refunds, close: async () => refunds },
    provider: { ...context.provider, close: async () => undefined },
  });
  assert.deepEqual(idsOf(await claimCharges(db, claim)), [id]);
  assert.deepEqual(idsOf(await claimRefunds(db, claim)), [refund_id]);
  await settle(id);
  await db.transaction((tx) => settleRefunds(tx, [refund_id], now_ms));
});

test('whoever books refunds locks their payments first, in order, and holds nothing else while it waits', async () => {
  const payment_ids = [await aPayment('captured'), await aPayment('captured')].sort();
  const refunds = [await aRefund(payment_ids[1] ?? '', 100), await aRefund(payment_ids[0] ?? '', 100)];
  const tasks = await claimRefunds(db, claim);
  let booking: Promise<void> = Promise.resolve();
  await other.transaction(async (tx) => {
    await tx.query('select from payments where id = $1 for update', [payment_ids[0]]);
    booking = bookRefunds(
      payments.context,
      tasks.map((task) => ({ task, outcome: { status: 'done' as const } })),
    );
    await until(async () =>
      (await db.query(`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)).length > 0
        ? undefined
        : 'it does not wait',
    );
    await tx.query('select from refunds where id = any($1::uuid[]) for update nowait', [refunds]);
    await tx.query('select from payments where id = $1 for update nowait', [payment_ids[1]]);
  });
  await booking;
  for (const id of payment_ids) assert.equal((await findPayment(db, id))?.refunded, 100);
});

/** Ends a charge of these tests, so that none is left for the jobs. */
async function settle(id: string): Promise<void> {
  const result = { id, status: 'declined', decline_code: 'card_declined', provider_reference: null, due_ms: null } as const;
  await db.transaction((tx) => settleCharges(tx, [result], now_ms));
}
