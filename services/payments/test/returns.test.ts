/** Money for returned goods: under the id that was asked for, once, and never more than is left. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { EventOf, refundRequested } from '@souk/contracts';
import { systemIds } from '@souk/kernel';
import type { ConsumerDefinition } from '@souk/messaging';
import { anEnvelope } from '@souk/messaging/testing';
import { createPaymentConsumer } from '../src/consumers/create-payment.ts';
import { refundReturnConsumer } from '../src/consumers/refund-return.ts';
import type { PaymentsContext } from '../src/index.ts';
import { aPaymentRequest, booksOf, hand, startPayments } from './_support.ts';

type Requested = EventOf<typeof refundRequested>;

let payments: Awaited<ReturnType<typeof startPayments>>;
before(async () => {
  payments = await startPayments();
});
after(() => payments.stop());

function aRequest(order_id: string, amount: number, values: Partial<Requested> = {}): Requested {
  const ids = { refund_id: systemIds.uuid(), return_id: systemIds.uuid(), order_id };
  return anEnvelope('refund.requested', { ...ids, amount, currency: 'EUR', reason: 'return R-10001', ...values }) as unknown as Requested;
}

/** Handles a batch in one transaction; answers what it published about refused refunds, before a relay takes it, and the codes of failures. */
async function handled(...events: Requested[]): Promise<{ refused: [string, string][]; failures: string[] }> {
  const { handle } = refundReturnConsumer as unknown as ConsumerDefinition<PaymentsContext, Requested>;
  return payments.db.transaction(async (tx) => {
    const failures = (await handle(payments.context, tx, events)) ?? [];
    const rows = await tx.query<{ body: string }>(`select body from outbox where event_type = 'payment.refund_refused' order by event_id`);
    const refused = rows.map(({ body }) => JSON.parse(body) as { refund_id: string; code: string });
    const asked = events.map(({ refund_id }) => refund_id);
    return {
      refused: refused.filter(({ refund_id }) => asked.includes(refund_id)).map(({ refund_id, code }) => [refund_id, code]),
      failures: failures.map(({ error }) => (error as Error & { code: string }).code),
    };
  });
}

async function aCapturedPayment(): Promise<string> {
  const request = aPaymentRequest();
  await hand(payments.context, createPaymentConsumer, request);
  await payments.settled();
  return request.order_id;
}

test('a refund is made under the id that was asked for, once, however often it is asked for', async () => {
  const order_id = await aCapturedPayment();
  const request = aRequest(order_id, 29.95);
  assert.deepEqual(await handled(request, request), { refused: [], failures: [] });
  assert.deepEqual(await handled(request), { refused: [], failures: [] });
  await payments.settled();
  const { refunded, refunding, given_back, ledger_net } = await booksOf(payments.db, order_id);
  assert.deepEqual([refunded, refunding, given_back, ledger_net], [2_995, 0, 2_995, 10_000]);
  const made = await payments.db.query('select id, kind from refunds where id = $1', [request.refund_id]);
  assert.deepEqual(made, [{ id: request.refund_id, kind: 'return' }]);
});

test('what the payment cannot bear is refused, also within one batch, and changes nothing', async () => {
  const order_id = await aCapturedPayment();
  const [first, second, of_none] = [aRequest(order_id, 100), aRequest(order_id, 29.96), aRequest(systemIds.uuid(), 1)];
  const { refused } = await handled(first, second, of_none);
  assert.deepEqual(Object.fromEntries(refused), {
    [second.refund_id]: 'refund_exceeds_captured',
    [of_none.refund_id]: 'payment_not_captured',
  });
  await payments.settled();
  assert.equal((await booksOf(payments.db, order_id)).refunded, 10_000);
  assert.deepEqual((await handled(aRequest(order_id, 29.95, { currency: 'USD' }))).failures, ['payment_mismatch']);
  assert.deepEqual((await handled(aRequest(order_id, 29.95))).refused, []);
});
