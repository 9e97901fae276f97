/** The model of payments writes what its consumers and workers write: every state of the rows, everything that changes them, on PostgreSQL. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { AppError, systemIds } from '@souk/kernel';
import type { Cause } from '@souk/messaging';
import { anEnvelope } from '@souk/messaging/testing';
import { buildPayments, PaymentsConfig, type PaymentsContext } from '@souk/payments';
import { createPaymentConsumer } from '@souk/payments/consumers/create-payment';
import { refundPaymentConsumer } from '@souk/payments/consumers/refund-payment';
import { cancellationRefundIdOf, paymentIdOf } from '@souk/payments/domain/payment';
import type { PaymentColumns, RefundColumns } from '@souk/payments/domain/statement-effects';
import { refundPayment } from '@souk/payments/use-cases/refund-payment';
import { settleCharges } from '@souk/payments/use-cases/settle-charges';
import { settleRefunds } from '@souk/payments/use-cases/settle-refunds';
import { realDecisions } from '../src/decisions.ts';
import type { EventName } from '../src/model/messages.ts';
import type { Outcome } from '../src/model/participant.ts';
import { paymentSteps, receivePayment } from '../src/model/payments.ts';
import { noPayment, type PaymentBounds, type PaymentsState } from '../src/model/payments-state.ts';
import { reachedStates } from './_reached.ts';
import { handled, openService, takePublished } from './_service.ts';

const { context, db, close } = await openService({ name: 'payments', schema: PaymentsConfig, build: buildPayments });
after(close);

const bounds: PaymentBounds = { amount: 2, charge_tasks_max: 1, refund_tasks_max: 1, staff_refunds_max: 1, late_calls: false, pages: true };
const events = ['payment.requested', 'order.cancelled'] as const;
const cause: Cause = { correlation_id: systemIds.uuid() };

type Rows = Pick<PaymentsState, 'payment' | 'cancelled_reason' | 'refunds'>;

const rowsOf = ({ payment, cancelled_reason, refunds }: Rows): Rows => ({ payment, cancelled_reason, refunds });
const reached = reachedStates([noPayment], (state) => [
  ...paymentSteps(realDecisions, bounds, state),
  ...events.flatMap((event) => receivePayment(realDecisions, bounds, state, event)),
]);
/** Without what workers and provider hold. */
const states: PaymentsState[] = [...new Map(reached.map((state) => [JSON.stringify(rowsOf(state)), state])).values()].map((state) => ({
  ...noPayment,
  ...rowsOf(state),
}));

interface Ids {
  order_id: string;
  payment_id: string;
  staff_refund_id: string;
}

async function write({ payment, cancelled_reason, refunds }: Rows): Promise<Ids> {
  const order_id = systemIds.uuid();
  const payment_id = paymentIdOf(order_id);
  const ids = { order_id, payment_id, staff_refund_id: systemIds.uuid() };
  if (cancelled_reason !== null)
    await db.query('insert into cancelled_orders (order_id, reason, cancelled_at) values ($1, $2, now())', [order_id, cancelled_reason]);
  if (payment !== null)
    await db.query(
      `insert into payments (id, order_id, user_id, amount, currency, payment_method, status, decline_code, captured, refunded, refunding, provider,
                             provider_reference, cancel_reason, due_at, cause, action_url, action_until, created_at, updated_at)
       values ($1, $2, $2, $3, 'EUR', 'tok_visa', $4, $5, $6, $7, $8, 'sandbox', 'ch_1', $9, $10, $11, $12, $13, now(), now())`,
      [
        payment_id,
        order_id,
        payment.amount,
        payment.status,
        payment.decline_code,
        payment.captured,
        payment.refunded,
        payment.refunding,
      ].concat(
        [payment.cancel_reason, payment.due ? '2026-01-01T00:00:00Z' : null, JSON.stringify(cause)],
        payment.action ? ['/page', '2026-01-01T00:00:00Z'] : [null, null],
      ),
    );
  for (const { kind, amount, status } of refunds)
    await db.query(
      `insert into refunds (id, payment_id, kind, amount, currency, reason, cause, status, due_at, created_at, updated_at)
       values ($1, $2, $3, $4, 'EUR', 'scratched', $5, $6, $7, now(), now())`,
      [refundIdOf(ids, kind), payment_id, kind, amount, JSON.stringify(cause), status, status === 'done' ? null : '2026-01-01T00:00:00Z'],
    );
  return ids;
}

function refundIdOf({ payment_id, staff_refund_id }: Ids, kind: RefundColumns['kind']): string {
  return kind === 'cancellation' ? cancellationRefundIdOf(payment_id) : staff_refund_id;
}

interface Written {
  payment: PaymentColumns | null;
  cancelled: boolean;
  refunds: string[];
  publishes: EventName[];
}

async function read({ order_id, payment_id }: Ids): Promise<Written> {
  const [payment] = await db.query<PaymentColumns>(
    `select status, amount, captured, refunded, refunding, cancel_reason is not null as cancelled, decline_code, due_at is not null due,
       action_until is not null action
     from payments where id = $1`,
    [payment_id],
  );
  const refunds = await db.query<RefundColumns>('select id, kind, amount, status from refunds where payment_id = $1', [payment_id]);
  const cancelled = await db.query('select 1 from cancelled_orders where order_id = $1', [order_id]);
  const kinds = new Map(refunds.map(({ id, kind }) => [id, kind]));
  const publishes = await takePublished(db, (event_type, { status, refund_id }) => {
    if (event_type === 'payment.action_required') return event_type;
    if (event_type === 'payment.processed') return `payment.processed: ${status as 'succeeded' | 'declined'}`;
    return event_type === 'payment.refunded' ? `payment.refunded: ${kinds.get(refund_id ?? '') as RefundColumns['kind']}` : undefined;
  });
  return { payment: payment ?? null, cancelled: cancelled.length > 0, refunds: refunds.map(textOf).sort(), publishes };
}

const textOf = ({ kind, amount, status }: RefundColumns): string => `${kind} of ${amount} ${status}`;

/** The reason of a cancellation is another text in the model, so that only whether there is one is compared. */
function expected({ state, publishes }: Outcome<PaymentsState>): Written {
  const { payment, cancelled_reason, refunds } = state;
  const compared = payment && (({ cancel_reason, ...rest }) => ({ ...rest, cancelled: cancel_reason !== null }))(payment);
  return {
    payment: compared as PaymentColumns | null,
    cancelled: cancelled_reason !== null,
    refunds: refunds.map(textOf).sort(),
    publishes: [...publishes],
  };
}

/** The service with room for another charge, or without: what it would begin after the commit is left to the workers. */
function withRoom(room: boolean): PaymentsContext {
  return { ...context, charges: { ...context.charges, room: () => (room ? 1 : 0), take: () => undefined } };
}

test('every message in every state of the rows, with room for a charge and without', async () => {
  assert.ok(states.length >= 20, String(states.length));
  const consumers = { 'payment.requested': createPaymentConsumer, 'order.cancelled': refundPaymentConsumer };
  for (const state of states)
    for (const event of events)
      for (const room of [false, true]) {
        const outcomes = receivePayment(realDecisions, bounds, state, event);
        const outcome = outcomes.at(room ? -1 : 0);
        assert.ok(outcome);
        const ids = await write(state);
        const { order_id } = ids;
        const payload = {
          'payment.requested': { amount: 0.02, currency: 'EUR', payment_method: 'tok_visa' },
          'order.cancelled': { order_version: 2, reason: 'customer_request', cancelled_by: 'customer' },
        }[event];
        const message = anEnvelope(event, { order_id, user_id: order_id, ...payload });
        assert.equal(await handled(withRoom(room), consumers[event], message), undefined);
        assert.deepEqual(await read(ids), expected(outcome), `${JSON.stringify(rowsOf(state))} ${event}`);
      }
});

test('the end of a charge, in every state of the rows', async () => {
  const ends = [
    { status: 'succeeded', charge: 'ch_1' },
    { status: 'declined', decline_code: 'card_declined' },
    { status: 'unknown' },
    { status: 'action_required', url: '/page', until_ms: 0 },
  ] as const;
  for (const state of states.filter(({ payment }) => payment !== null))
    for (const outcome of ends) {
      const settling = { ...state, charge_tasks: [{ key: 'key', next: outcome }] };
      const settled = paymentSteps(realDecisions, bounds, settling).find(({ says }) =>
        says.startsWith('the outcome of the charge is written'),
      );
      assert.ok(settled);
      const ids = await write(state);
      const order = {
        id: ids.payment_id,
        order_id: ids.order_id,
        user_id: ids.order_id,
        amount: 2,
        currency: 'EUR',
        payment_method: 'tok_visa',
      };
      await settleCharges(context, [
        { task: { ...order, cause, asked: false, abandons: false, provider_reference: null, attempts: 0 }, outcome },
      ]);
      assert.deepEqual(await read(ids), expected(settled), `${JSON.stringify(rowsOf(state))} ${outcome.status}`);
    }
});

test('the end of a refund, in every state of the rows', async () => {
  for (const state of states)
    for (const { id, kind } of state.refunds) {
      const settling = { ...state, refund_tasks: [{ id, key: id, confirmed: true }] };
      const settled = paymentSteps(realDecisions, bounds, settling).find(({ says }) => says.startsWith('the end of the refund is written'));
      assert.ok(settled);
      const ids = await write(state);
      const refund = {
        id: refundIdOf(ids, kind),
        payment_id: ids.payment_id,
        order_id: ids.order_id,
        currency: 'EUR',
        reason: 'scratched',
      };
      const amount = state.refunds.find((one) => one.id === id)?.amount ?? 0;
      const task = { ...refund, amount, cause, provider_reference: 'ch_1', attempts: 0, status: 'pending' as const, first_id: null };
      await settleRefunds(context, [{ task, outcome: { status: 'done' } }]);
      assert.deepEqual(await read(ids), expected(settled), `${JSON.stringify(rowsOf(state))} ${kind}`);
    }
});

test('a refund by staff, in every state of the rows', async () => {
  for (const state of states.filter(({ payment, refunds }) => payment !== null && refunds.every(({ kind }) => kind !== 'staff'))) {
    const asked = paymentSteps(realDecisions, bounds, state).find(({ says }) => says.startsWith('staff '));
    assert.ok(asked);
    const ids = await write(state);
    await context.db
      .transaction((tx) => refundPayment(context, tx, { payment_id: ids.payment_id, amount: 0.01, reason: 'scratched', cause }))
      .catch((error: unknown) => assert.ok(error instanceof AppError && asked.says.includes(error.code), String(error)));
    assert.deepEqual(await read(ids), expected(asked), JSON.stringify(rowsOf(state)));
  }
});
