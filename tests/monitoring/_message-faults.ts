/** Faults of messages and rows: what cannot be read, contradicts, was changed, is held or takes too long. */
import { adjustStock, type Order, paymentProcessed, userUpdated } from '@souk/contracts';
import { systemIds, timestamp } from '@souk/kernel';
import { type Fault, nothing } from './_fault.ts';

const callers = 12;
const hold_s = 2;
const block_ms = 400;
const waited_ms = 600_000;
/** As many as QueueBacklog allows, and some. */
const backlog = 1_200;
const slow_orders = 8;

/** An event as somebody else would publish it. */
const message = (routing_key: string, body: string) => ({
  message_id: systemIds.uuid(),
  routing_key,
  body,
  correlation_id: systemIds.uuid(),
  headers: { event_type: routing_key, version: '1.0' },
  mandatory: true,
});

/** The payment of a confirmed order, declined after all. */
function contradiction({ id, user_id, total_amount, currency }: Order): string {
  const payment = { payment_id: systemIds.uuid(), order_id: id, user_id, amount: total_amount, currency, status: 'declined' };
  const { event_type, version } = paymentProcessed;
  const envelope = { event_id: systemIds.uuid(), event_type, timestamp: timestamp(Date.now()), version, correlation_id: systemIds.uuid() };
  return JSON.stringify({ ...envelope, metadata: {}, ...payment, decline_code: 'card_declined' });
}

/** Accounts that changed, long ago: as many messages as QueueBacklog allows and some. */
function changedAccounts(): string[] {
  const long_ago = timestamp(Date.now() - waited_ms);
  const { event_type, version } = userUpdated;
  return Array.from({ length: backlog }, () =>
    JSON.stringify({
      event_id: systemIds.uuid(),
      event_type,
      timestamp: long_ago,
      version,
      correlation_id: systemIds.uuid(),
      metadata: {},
      user_id: systemIds.uuid(),
      user_version: 2,
    }),
  );
}

export const messagesAndRows: readonly Fault[] = [
  {
    what: 'payments that take long',
    alerts: ['CheckoutSlow', 'CheckoutLatencyBudgetBurning'],
    async inflict({ aShopper, aProduct, buy }) {
      const [shopper, product] = [await aShopper(), await aProduct(50)];
      await Promise.all(Array.from({ length: slow_orders }, () => buy(shopper, product, { payment_method: 'tok_slow', wait_s: 0 })));
      return nothing;
    },
  },
  {
    what: 'a message nobody can read',
    alerts: ['DeadLetters'],
    async inflict({ souk }) {
      await souk.world.broker.publish([message('payment.requested', '{"half')]);
      return nothing;
    },
  },
  {
    what: 'a payment that contradicts its order',
    alerts: ['ImpossibleInput'],
    async inflict({ souk, aShopper, aProduct, buy }) {
      const order = await buy(await aShopper(), await aProduct(5));
      await souk.world.broker.publish([message(paymentProcessed.event_type, contradiction(order))]);
      return nothing;
    },
  },
  {
    what: 'stock that was changed past the ledger',
    alerts: ['BooksNotBalanced'],
    async inflict({ souk, aProduct }) {
      const { id } = await aProduct(5);
      const add = (pieces: number) =>
        souk.databaseOf('inventory').query('update stock set on_hand = on_hand + $2 where product_id = $1', [id, pieces]);
      await add(1);
      return () => add(-1);
    },
  },
  {
    what: 'a queue that lost its binding',
    alerts: ['OutboxUnroutable'],
    async inflict({ souk, staff, aProduct }) {
      const { id: product_id } = await aProduct(5);
      const broker = souk.databaseOf('broker');
      const lost = await broker.query<{ queue_id: number }>(
        `delete from binding where routing_key = 'inventory.updated' returning queue_id`,
      );
      await staff.expect(201, adjustStock, { params: { product_id }, body: { quantity_change: 1, reason: 'found one' } });
      return () =>
        Promise.all(lost.map(({ queue_id }) => broker.query(`insert into binding values ('inventory.updated', $1)`, [queue_id])));
    },
  },
  {
    what: 'a table that somebody holds, so that a queue does not move',
    alerts: ['QueueStuck', 'QueueBacklog'],
    async inflict({ souk }) {
      const release = Promise.withResolvers<void>();
      const held = Promise.withResolvers<void>();
      const holding = souk.databaseOf('notifications').transaction(async (tx) => {
        await tx.query('lock table contacts in access exclusive mode');
        held.resolve();
        await release.promise;
      });
      await held.promise;
      await souk.databaseOf('broker').query(
        `insert into message (queue_id, enqueued_at, message_id, routing_key, content_type, headers, body)
         select q.id, clock_timestamp() - $2 * interval '1 ms', (body::json)->>'event_id', 'user.updated', 'application/json',
                '{"event_type":"user.updated","version":"1.0"}', body
         from queue q, unnest($1::text[]) body where q.name = 'notifications.track-contacts'`,
        [changedAccounts(), waited_ms],
      );
      return () => {
        release.resolve();
        return holding;
      };
    },
  },
  {
    what: 'callers that hold every connection',
    alerts: ['DatabasePoolExhausted'],
    passing: true,
    async inflict({ souk }) {
      const { db } = souk.service('products').context;
      // Twice as many as the pool has: the second half waits as long as the first half sleeps.
      const held = Promise.allSettled(Array.from({ length: callers }, () => db.query('select pg_sleep($1)', [hold_s])));
      return () => held;
    },
  },
  {
    what: 'a loop that computes too long',
    alerts: ['EventLoopBlocked'],
    passing: true,
    async inflict() {
      const ends = performance.now() + block_ms;
      while (performance.now() < ends);
      return nothing;
    },
  },
];
