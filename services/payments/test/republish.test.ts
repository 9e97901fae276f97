import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { EventDraft } from '@souk/messaging';
import { createPaymentConsumer } from '../src/consumers/create-payment.ts';
import { refundPaymentConsumer } from '../src/consumers/refund-payment.ts';
import { republishRefunds } from '../src/use-cases/republish-refunds.ts';
import { aCancellation, aPaymentRequest, booksOf, hand, type Requested, startPayments } from './_support.ts';

let payments: Awaited<ReturnType<typeof startPayments>>;

before(async () => {
  payments = await startPayments();
});
after(() => payments.stop());

const republished = (request: Requested): Requested => ({ ...request, metadata: { ...request.metadata, republished: true } });

async function draftsIn(work: (append: (drafts: readonly EventDraft[]) => void) => Promise<void>): Promise<EventDraft[]> {
  const kept: EventDraft[] = [];
  await work((drafts) => kept.push(...drafts));
  return kept;
}

/** What the consumer publishes for these requests. */
function answersTo(...requests: Requested[]): Promise<EventDraft[]> {
  return draftsIn(async (keep) => {
    const outbox = { ...payments.context.outbox, append: async (_tx: unknown, drafts: readonly EventDraft[]) => keep(drafts) };
    await hand({ ...payments.context, outbox }, createPaymentConsumer, ...requests);
  });
}

test('a request that is published once more is answered with the end of its payment, and charges nothing', async () => {
  const paid = aPaymentRequest();
  const declined = aPaymentRequest({ payment_method: 'tok_declined' });
  await hand(payments.context, createPaymentConsumer, paid, declined);
  await payments.settled();
  assert.deepEqual(await answersTo(paid, declined), [], 'plain repeats say nothing');
  const answers = await answersTo(republished(paid), republished(declined));
  const outcomes = answers.map(({ payload }) => payload as { order_id: string; status: string; amount: number; decline_code?: string });
  const outcomeOf = ({ order_id }: Requested) => outcomes.find((outcome) => outcome.order_id === order_id);
  assert.equal(outcomes.length, 2);
  assert.deepEqual([outcomeOf(paid)?.status, outcomeOf(paid)?.amount], ['succeeded', 129.95]);
  assert.deepEqual([outcomeOf(declined)?.status, outcomeOf(declined)?.decline_code], ['declined', 'card_declined']);
  assert.equal((await booksOf(payments.db, paid.order_id)).charges, 1);
});

test('refunds done since an instant are published once more under the ids they had', async () => {
  const request = aPaymentRequest();
  await hand(payments.context, createPaymentConsumer, request);
  await payments.settled();
  await hand(payments.context, refundPaymentConsumer, aCancellation({ order_id: request.order_id }));
  await payments.settled();
  const read = () =>
    payments.db.transaction((tx) =>
      republishRefunds(payments.context, tx, { since: '2026-01-01T00:00:00Z', after: undefined, limit: 100 }),
    );
  const { drafts, next } = await read();
  const mine = drafts.filter(({ payload }) => (payload as { order_id: string }).order_id === request.order_id);
  assert.equal(mine.length, 1);
  assert.equal(next, undefined);
  assert.deepEqual(
    (await read()).drafts.map(({ event_id }) => event_id),
    drafts.map(({ event_id }) => event_id),
  );
  const later = await payments.db.transaction((tx) =>
    republishRefunds(payments.context, tx, { since: '2100-01-01T00:00:00Z', after: undefined, limit: 100 }),
  );
  assert.deepEqual(later.drafts, []);
});
