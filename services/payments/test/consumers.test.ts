import { after } from 'node:test';
import type { AnyEvent } from '@souk/contracts';
import { silentLog, systemIds } from '@souk/kernel';
import { type AnyConsumer, messagingMigrations } from '@souk/messaging';
import { anEnvelope, type ConsumerFixture, consumerConformance } from '@souk/messaging/testing';
import { freshDatabase } from '@souk/postgres/testing';
import { kitMigrations } from '@souk/service-kit';
import { testBroker, testConfig } from '@souk/service-kit/testing';
import { createPaymentConsumer } from '../src/consumers/create-payment.ts';
import { eraseUserConsumer } from '../src/consumers/erase-user.ts';
import { linkGuestConsumer } from '../src/consumers/link-guest.ts';
import { refundPaymentConsumer } from '../src/consumers/refund-payment.ts';
import { refundReturnConsumer } from '../src/consumers/refund-return.ts';
import { buildPayments, PaymentsConfig, type PaymentsContext, paymentsMigrations } from '../src/index.ts';
import { aCancellation, aPaymentRequest, hand } from './_support.ts';

const shared = await testBroker();
after(() => shared.close());

/** A migrated service that is not started: what the consumer leaves behind stays as it is. */
async function open(): Promise<ConsumerFixture<PaymentsContext>> {
  const database = await freshDatabase({ folders: [kitMigrations, messagingMigrations, paymentsMigrations] });
  const config = testConfig<PaymentsConfig>('payments', PaymentsConfig, { database_url: database.url });
  const { context } = buildPayments(config, { broker: shared.broker, log: silentLog });
  return {
    db: context.db,
    context,
    async close() {
      await context.db.close();
      await context.provider.close();
      await database.drop();
    },
  };
}

async function effects({ db }: ConsumerFixture<PaymentsContext>): Promise<unknown> {
  return {
    payments: await db.query(
      'select order_id, amount, currency, status, decline_code, cancel_reason, refunding from payments order by order_id',
    ),
    refunds: await db.query('select id, payment_id, amount, reason, status from refunds order by id'),
    erased: await db.query('select user_id from erased_people order by 1'),
    cancelled: await db.query('select order_id, reason from cancelled_orders order by order_id'),
  };
}

const anyEvent = (event: object): AnyEvent => event as AnyEvent;

consumerConformance<PaymentsContext>({
  service: 'payments',
  consumer: createPaymentConsumer as AnyConsumer<PaymentsContext>,
  open,
  effects,
  async prepare({ context }) {
    const cancelled = aCancellation();
    await hand(context, refundPaymentConsumer, cancelled);
    return [aPaymentRequest(), aPaymentRequest({ amount: 5 }), aPaymentRequest({ order_id: cancelled.order_id })].map(anyEvent);
  },
});

consumerConformance<PaymentsContext>({
  service: 'payments',
  consumer: refundPaymentConsumer as AnyConsumer<PaymentsContext>,
  open,
  effects,
  async prepare({ context, db }) {
    const [waiting, captured, charging] = [aPaymentRequest(), aPaymentRequest(), aPaymentRequest()];
    await hand(context, createPaymentConsumer, waiting, captured, charging);
    await db.query(
      `update payments set status = 'captured', captured = amount, due_at = null, provider_reference = 'ch_1' where order_id = $1`,
      [captured.order_id],
    );
    await db.query(`update payments set status = 'charging' where order_id = $1`, [charging.order_id]);
    return [waiting.order_id, captured.order_id, charging.order_id, undefined].map((order_id) =>
      anyEvent(aCancellation(order_id ? { order_id } : {})),
    );
  },
});

consumerConformance<PaymentsContext>({
  service: 'payments',
  consumer: eraseUserConsumer as AnyConsumer<PaymentsContext>,
  open,
  effects,
  prepare: async () => [1, 2].map(() => anEnvelope('user.deleted', { user_id: systemIds.uuid(), user_version: 3 })),
});

consumerConformance<PaymentsContext>({
  service: 'payments',
  consumer: linkGuestConsumer as AnyConsumer<PaymentsContext>,
  open,
  effects: ({ db }) => db.query('select count(*)::int links, count(distinct user_id)::int people from linked_guests'),
  prepare: async () => [1, 2].map(() => anEnvelope('user.guest_linked', { user_id: systemIds.uuid(), guest_user_id: systemIds.uuid() })),
});

consumerConformance<PaymentsContext>({
  service: 'payments',
  consumer: refundReturnConsumer as AnyConsumer<PaymentsContext>,
  open,
  effects,
  async prepare({ context, db }) {
    const [captured, waiting] = [aPaymentRequest(), aPaymentRequest()];
    await hand(context, createPaymentConsumer, captured, waiting);
    await db.query(
      `update payments set status = 'captured', captured = amount, due_at = null, provider_reference = 'ch_1' where order_id = $1`,
      [captured.order_id],
    );
    const asked = (order_id: string, amount: number): AnyEvent => {
      const ids = { refund_id: systemIds.uuid(), return_id: systemIds.uuid(), order_id };
      return anEnvelope('refund.requested', { ...ids, amount, currency: 'EUR', reason: 'return R-10001' });
    };
    // The last two are refused, whatever comes first.
    return [asked(captured.order_id, 20), asked(captured.order_id, 30), asked(captured.order_id, 500), asked(waiting.order_id, 1)];
  },
});
