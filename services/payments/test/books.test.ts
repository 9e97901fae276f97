/**
 * Random schedules of requests, repeats, cancellations and staff refunds, against a provider that is away, loses its
 * answers, and a service whose processes die in between. Whatever happens, Souk's ledger and the provider's own record
 * agree in the end, and nobody was charged twice.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type AppError, systemIds } from '@souk/kernel';
import fc from 'fast-check';
import { createPaymentConsumer } from '../src/consumers/create-payment.ts';
import { refundPaymentConsumer } from '../src/consumers/refund-payment.ts';
import { paymentIdOf } from '../src/domain/payment.ts';
import { claimCharges } from '../src/store/payments.ts';
import { claimRefunds } from '../src/store/refunds.ts';
import { refundPayment } from '../src/use-cases/refund-payment.ts';
import { aCancellation, aPaymentRequest, booksOf, type Fault, faultyProvider, hand, type Requested, startPayments } from './_support.ts';

const provider = faultyProvider();
const limits = {
  provider_lease_ms: 150,
  provider_retry_first_ms: 5,
  provider_retry_most_ms: 50,
  provider_concurrency: 3,
  provider_waiting_max: 2,
};
const payments = await startPayments(limits, { provider });
provider.connect(payments.database.url);
const { context, db } = payments;
const processed = new Map<string, Set<string>>();
await payments.broker.subscribe(['payment.processed'], ({ body }) => {
  const { order_id, event_id } = JSON.parse(body) as { order_id: string; event_id: string };
  processed.set(order_id, (processed.get(order_id) ?? new Set()).add(event_id));
});
after(() => payments.stop());

const ordersMax = 4;
const order = fc.nat(ordersMax - 1);
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('request' as const), order, other_event: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('cancel' as const), order }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('refund' as const), order, amount: fc.integer({ min: 1, max: 9_000 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('crash' as const), charged: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('breathe' as const) }) },
);
const token = fc.constantFrom('tok_visa', 'tok_visa', 'tok_timeout', 'tok_error_once', 'tok_declined');
const faults = fc.array(fc.constantFrom<Fault>('none', 'none', 'away', 'answer_lost'), { minLength: 1, maxLength: 12 });
const schedule = fc.record({
  tokens: fc.array(token, { minLength: ordersMax, maxLength: ordersMax }),
  steps: fc.array(step, { minLength: 3, maxLength: 14 }),
  faults,
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** Another process takes what is due, may even charge it, and dies without a word. */
async function dieMidway(charged: boolean): Promise<void> {
  const claim = { now_ms: context.clock.now(), lease_ms: limits.provider_lease_ms, limit: 3 };
  const [charges, refunds] = await Promise.all([claimCharges(db, claim), claimRefunds(db, claim)]);
  if (!charged) return;
  const calls = [
    ...charges.map((task) =>
      provider.charge({
        idempotency_key: task.id,
        amount: task.amount,
        currency: task.currency,
        payment_method: task.payment_method,
        reference: task.order_id,
      }),
    ),
    ...refunds.map((task) =>
      provider.refund({ idempotency_key: task.id, charge: task.provider_reference, amount: task.amount, currency: task.currency }),
    ),
  ];
  // A charge whose answer never comes must not hold up the dying process.
  await Promise.race([Promise.allSettled(calls), new Promise((resolve) => context.timer.after(20, () => resolve(undefined)))]);
}

async function refundByStaff(order_id: string, amount: number): Promise<void> {
  const command = {
    payment_id: paymentIdOf(order_id),
    amount: amount / 100,
    reason: 'a scratch',
    cause: { correlation_id: systemIds.uuid() },
  };
  try {
    await db.transaction((tx) => refundPayment(context, tx, command));
  } catch (error) {
    assert.ok(['not_found', 'payment_not_captured', 'refund_exceeds_captured'].includes((error as AppError).code), String(error));
  }
}

async function take(one: Step, requests: readonly Requested[], cancelled: Set<number>): Promise<void> {
  if (one.kind === 'breathe') return new Promise((resolve) => void context.timer.after(10, resolve));
  if (one.kind === 'crash') return dieMidway(one.charged);
  const request = requests[one.order] as Requested;
  if (one.kind === 'refund') return refundByStaff(request.order_id, one.amount);
  if (one.kind === 'cancel') {
    cancelled.add(one.order);
    await hand(context, refundPaymentConsumer, aCancellation({ order_id: request.order_id }));
  } else await hand(context, createPaymentConsumer, one.other_event ? { ...request, event_id: systemIds.uuid() } : request);
}

test('whatever happens in whatever order, the ledger and the provider agree and nobody pays twice', async () => {
  await fc.assert(
    fc.asyncProperty(schedule, async (plan) => {
      const requests = plan.tokens.map((payment_method) => aPaymentRequest({ payment_method }));
      const cancelled = new Set<number>();
      let calls = 0;
      provider.fault = () => plan.faults[calls++ % plan.faults.length] as Fault;
      // Half of the steps wait for the one before, half run beside it.
      let running: Promise<void>[] = [];
      for (const [index, one] of plan.steps.entries()) {
        running.push(take(one, requests, cancelled));
        if (index % 2 === 1) {
          await Promise.all(running);
          running = [];
        }
      }
      await Promise.all(running);
      provider.fault = () => 'none';
      await hand(context, createPaymentConsumer, ...requests);
      context.wakeJob('charge-payments');
      await payments.settled();

      for (const [index, request] of requests.entries()) {
        const books = await booksOf(db, request.order_id);
        const declined = plan.tokens[index] === 'tok_declined' || books.decline_code === 'order_cancelled';
        assert.equal(books.status, declined ? 'declined' : 'captured');
        assert.deepEqual(
          { captured: books.captured, refunded: books.refunded, refunding: 0, charges: books.captured === 0 ? 0 : 1 },
          { captured: books.charged, refunded: books.given_back, refunding: books.refunding, charges: books.charges },
        );
        assert.equal(books.ledger_net, books.captured - books.refunded);
        if (cancelled.has(index)) assert.equal(books.ledger_net, 0);
        assert.equal(processed.get(request.order_id)?.size ?? 0, 1, 'one answer for each payment');
      }
    }),
    { numRuns: 25 },
  );
});
