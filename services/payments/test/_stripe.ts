/** A payments service at a stand-in for Stripe, and what its books say of money that went or was taken back. */
import assert from 'node:assert/strict';
import { systemClock, systemIds } from '@souk/kernel';
import { until } from '@souk/messaging/testing';
import type { Database } from '@souk/postgres';
import { type StandInEvent, StripeStandIn } from '@souk/stripe-stand-in';
import { createStripeProvider } from '../src/clients/stripe-provider.ts';
import { createPaymentConsumer } from '../src/consumers/create-payment.ts';
import { paymentIdOf } from '../src/domain/payment.ts';
import type { PaymentsContext } from '../src/index.ts';
import { findPayment } from '../src/store/payments.ts';
import { refundPayment } from '../src/use-cases/refund-payment.ts';
import { aPaymentRequest, hand, startPayments } from './_support.ts';

export const paid = { disputed: 0, refunded: 0, refunding: 0, provider: 12_995, sales: -12_995 };
export const cause = { correlation_id: systemIds.uuid() };

/** Closed by `stop`. */
export async function startAtStripe() {
  const stripe = new StripeStandIn();
  await stripe.open();
  const secret = 'whsec_0b5d3a7c9e1f24680b5d3a7c9e1f2468';
  const provider = createStripeProvider({
    secret_key: 'sk_of_a_stand_in_0b5d3a7c9e1f24680b5d',
    webhook_secrets: [secret],
    return_url: 'https://shop.example/orders/{order_id}',
    clock: systemClock,
    timeout_ms: 2_000,
    address: stripe.address,
  });
  const payments = await startPayments({ provider_timeout_ms: 2_000 }, { provider });
  const { context, db } = payments;
  const published: Record<string, unknown>[] = [];
  await payments.broker.subscribe(['payment.*'], ({ body }) => published.push(JSON.parse(body)));
  const stop = async (): Promise<void> => {
    await payments.stop();
    await stripe.close();
  };
  const send = (event: StandInEvent | undefined, more = {}): Promise<number> =>
    event === undefined ? Promise.resolve(0) : stripe.send(event, { url: `${payments.url}/api/payments/webhooks/stripe`, secret, ...more });
  const sendNewest = (): Promise<number> => send(stripe.events[0]);
  const eventsAbout = (id: string, type: string) => published.filter((event) => event['payment_id'] === id && event['event_type'] === type);
  const opened = { payments, context, db, stripe, published, send, sendNewest, eventsAbout, stop };
  return { ...opened, ...looksInto(db), ...commandsOf({ ...opened, ...looksInto(db) }) };
}

/** What the books say. */
function looksInto(db: Database) {
  const stateOf = async (reference: string): Promise<string | undefined> =>
    (await db.query<{ state: string }>('select state from disputes where reference = $1', [reference]))[0]?.state;
  return {
    stateOf,
    becomes: (reference: string, state: string) =>
      until(async () => ((await stateOf(reference)) === state ? undefined : `dispute is not ${state}`), 10_000),
    async refundOf(id: string) {
      const [row] = await db.query<{ status: string; failed_from: string | null; failure_code: string | null; kind: string }>(
        'select status, failed_from, failure_code, kind from refunds where id = $1',
        [id],
      );
      return row ?? assert.fail('there is no such refund');
    },
    /** What is held back or lost, and each account's balance by the ledger. */
    async booksOf(id: string) {
      const row = await findPayment(db, id);
      const accounts = await db.query<{ account: string; balance: number }>(
        `select account, sum(amount)::bigint balance from (
           select debit_account account, amount from transfers where payment_id = $1
           union all select credit_account, -amount from transfers where payment_id = $1
         ) lines group by account having sum(amount) <> 0 order by account`,
        [id],
      );
      return {
        disputed: row?.disputed,
        refunded: row?.refunded,
        refunding: row?.refunding,
        ...Object.fromEntries(accounts.map((one) => [one.account, one.balance])),
      };
    },
  };
}

interface Opened extends Pick<ReturnType<typeof looksInto>, 'refundOf'> {
  context: PaymentsContext;
  db: Database;
  stripe: StripeStandIn;
  sendNewest(): Promise<number>;
}

function commandsOf({ context, db, stripe, sendNewest, refundOf }: Opened) {
  return {
    async aPaid(payment_method = 'pm_card_visa'): Promise<{ order_id: string; id: string }> {
      const request = aPaymentRequest({ payment_method });
      await hand(context, createPaymentConsumer, request);
      const id = paymentIdOf(request.order_id);
      if (payment_method === 'pm_card_visa')
        await until(async () => ((await findPayment(db, id))?.status === 'captured' ? undefined : 'not captured'));
      return { order_id: request.order_id, id };
    },
    async staffRefund(payment_id: string, amount: number): Promise<string> {
      const { id } = await db.transaction((tx) => refundPayment(context, tx, { payment_id, amount, reason: 'a scratch', cause }));
      await until(async () => ((await refundOf(id)).status === 'done' ? undefined : 'not refunded'));
      return id;
    },
    async failed(id: string): Promise<void> {
      stripe.failRefund(id);
      assert.equal(await sendNewest(), 204);
      await until(async () => ((await refundOf(id)).status === 'failed' ? undefined : 'not failed'));
    },
  };
}
