/** Faults of messages and rows: what cannot be read, contradicts, was changed, is held or takes too long. */
import assert from 'node:assert/strict';
import type { Client } from '@souk/client/testing';
import { adjustStock, getAudit, getOrder, getOrderHistory, type Order, paymentProcessed, userUpdated } from '@souk/contracts';
import { systemIds, timestamp } from '@souk/kernel';
import { until } from '@souk/platform/testing';
import { openTerminal, type Terminal } from './_commands.ts';
import { type Fault, nothing } from './_fault.ts';
import { statementOf } from './_runbooks.ts';

const callers = 12;
/** A statement ends by itself long before a test does. */
const hold_s = 10;
const block_ms = 400;
const cured_limit_ms = 20_000;
const pool_runbook = 'database-pool-exhausted.md';
const waited_ms = 600_000;
/** As many as QueueBacklog allows, and some. */
const backlog = 1_200;
const slow_orders = 8;

/** An event as another program would publish it. */
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

/** What is still under way of these orders. */
async function notEnded(shopper: Client, orders: readonly Order[]): Promise<string | undefined> {
  const now = await Promise.all(orders.map(({ id }) => shopper.expect(200, getOrder, { params: { order_id: id } })));
  const left = now.filter(({ body }) => body.status !== 'confirmed').length;
  return left === 0 ? undefined : `${left} orders are not confirmed`;
}

/** The id of a dead letter with this reason. */
async function letterIn(type: Terminal, reason: string): Promise<string | undefined> {
  const letters = JSON.parse(await type(`npm run souk -- dead list --reason ${reason} --json`)) as { id: string }[];
  return letters[0]?.id;
}

export const messagesAndRows: readonly Fault[] = [
  {
    what: 'payments that take long',
    alerts: [
      { alert: 'CheckoutSlow', step: 'Behind the provider: nothing on this side helps; the orders end when it answers' },
      { alert: 'CheckoutLatencyBudgetBurning', step: 'Two bands: find the payment method in the traces or the log lines of payments' },
    ],
    async inflict({ aShopper, aProduct, buy }) {
      const [shopper, product] = [await aShopper(), await aProduct(50)];
      const order = { payment_method: 'tok_slow', wait_s: 0 };
      const orders = await Promise.all(Array.from({ length: slow_orders }, () => buy(shopper, product, order)));
      return () => until(() => notEnded(shopper, orders), cured_limit_ms);
    },
  },
  {
    what: 'a message that cannot be read',
    alerts: [{ alert: 'DeadLetters', step: 'What can never be handled is discarded: `npm run souk -- dead discard ID`' }],
    async inflict({ souk }) {
      await souk.world.broker.publish([message('payment.requested', '{"half')]);
      return async () => {
        const type = await openTerminal(souk);
        assert.match(await type(`npm run souk -- dead show ${await letterIn(type, 'event_invalid')}`), /event_invalid/);
        await type('npm run souk -- dead replay --reason event_invalid');
        // It is as unreadable as before, and dead-lettered again.
        await until(
          async () => ((await letterIn(type, 'event_invalid')) === undefined ? 'not dead-lettered again' : undefined),
          cured_limit_ms,
        );
        await type(`npm run souk -- dead discard ${await letterIn(type, 'event_invalid')}`);
        assert.equal(await letterIn(type, 'event_invalid'), undefined);
      };
    },
  },
  {
    what: 'a payment that contradicts its order',
    alerts: [
      {
        alert: 'ImpossibleInput',
        step: 'Find the log line (level error, `a message cannot be true for its order`), and read the history of that order through the API.',
      },
    ],
    async inflict({ souk, lines, aShopper, aProduct, buy }) {
      const shopper = await aShopper();
      const order = await buy(shopper, await aProduct(5));
      const contradicting = contradiction(order);
      await souk.world.broker.publish([message(paymentProcessed.event_type, contradicting)]);
      return async () => {
        const reported = (line: string): boolean => line.includes('a message cannot be true for its order') && line.includes(order.id);
        await until(() => (lines().some(reported) ? undefined : 'no line reports it'));
        const { body: history } = await shopper.expect(200, getOrderHistory, { params: { order_id: order.id } });
        assert.equal(history.at(-1)?.to, 'confirmed', 'the order is unharmed');
        const type = await openTerminal(souk);
        const id = await letterIn(type, 'saga_impossible');
        assert.match(await type(`npm run souk -- dead show ${id}`), /payment\.processed/);
        await type(`npm run souk -- dead discard ${id}`);
      };
    },
  },
  {
    what: 'a queue that lost its binding',
    alerts: [
      { alert: 'OutboxUnroutable', step: 'Restart the service that publishes: it declares the topology again, and its outbox drains.' },
    ],
    async inflict({ souk, staff, aProduct }) {
      const { id: product_id } = await aProduct(5);
      await souk.databaseOf('broker').query(`delete from binding where routing_key = 'inventory.updated'`);
      await staff.expect(201, adjustStock, { params: { product_id }, body: { quantity_change: 1, reason: 'found one' } });
      return async () => {
        await souk.stopService('inventory');
        await souk.startService('inventory');
        await until(async () => {
          const { backlog } = souk.service('inventory').context.messaging.health().outbox;
          return backlog === 0 ? undefined : `${backlog} in the outbox`;
        }, cured_limit_ms);
      };
    },
  },
  {
    what: 'a locked table, so that a queue does not move',
    alerts: [
      { alert: 'QueueStuck', step: 'if it hangs on a lock, find who holds it and end that session' },
      { alert: 'QueueBacklog', step: 'If the peak has an end, wait: nothing is lost.' },
    ],
    async inflict({ souk }) {
      const held = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      const holding = souk.databaseOf('notifications').transaction(async (tx) => {
        await tx.query('lock table contacts in access exclusive mode');
        held.resolve();
        await released.promise;
      });
      await held.promise;
      await souk.databaseOf('broker').query(
        `insert into message (queue_id, enqueued_at, message_id, routing_key, content_type, headers, body)
         select q.id, clock_timestamp() - $2 * interval '1 ms', (body::json)->>'event_id', 'user.updated', 'application/json',
                '{"event_type":"user.updated","version":"1.0"}', body
         from queue q, unnest($1::text[]) body where q.name = 'notifications.track-contacts'`,
        [changedAccounts(), waited_ms],
      );
      return async () => {
        const { db } = souk.service('notifications').context;
        const blocking = await db.query<{ pid: number }>(await statementOf('queue-stuck.md', 'pg_blocking_pids'));
        assert.equal(blocking.length, 1);
        await db.query((await statementOf('queue-stuck.md', 'pg_terminate_backend')).replace('PID', String(blocking[0]?.pid)));
        released.resolve();
        await Promise.allSettled([holding]);
      };
    },
  },
  {
    what: 'callers that hold every connection',
    alerts: [
      { alert: 'DatabasePoolExhausted', step: 'A statement that hangs is cancelled after 15 s by itself; end it if it blocks others' },
    ],
    passing: true,
    async inflict({ souk }) {
      const { db } = souk.service('products').context;
      // Twice as many as the pool has: the second half waits as long as the first half sleeps.
      let over = false;
      void Promise.allSettled(Array.from({ length: callers }, () => db.query('select pg_sleep($1)', [hold_s]))).then(() => {
        over = true;
      });
      const anotherUser = souk.databaseOf('products');
      return () =>
        until(async () => {
          const busy = await anotherUser.query<{ pid: number; query: string }>(await statementOf(pool_runbook, 'pg_stat_activity'));
          for (const { pid } of busy.filter(({ query }) => query.includes('pg_sleep')))
            await anotherUser.query((await statementOf(pool_runbook, 'pg_cancel_backend')).replace('PID', String(pid)));
          return over ? undefined : 'callers still hold connections';
        }, cured_limit_ms);
    },
  },
  {
    what: 'a loop that computes too long',
    alerts: [{ alert: 'EventLoopBlocked', step: 'Look for what else runs on the machine.' }],
    passing: true,
    async inflict() {
      const ends = performance.now() + block_ms;
      while (performance.now() < ends);
      return nothing;
    },
  },
];

/** By itself: what is wrong with the books is certain only when no queue and no outbox holds messages of its time. */
export const books: readonly Fault[] = [
  {
    what: 'stock that was changed past the ledger',
    alerts: [
      {
        alert: 'BooksNotBalanced',
        step: 'A row of stock that was changed past Souk (`on_hand_differs`, `reserved_differs`) is set back to its movements',
      },
    ],
    async inflict({ souk, staff, aProduct }) {
      const { id } = await aProduct(5);
      const inventory = souk.databaseOf('inventory');
      await inventory.query('update stock set on_hand = on_hand + 1 where product_id = $1', [id]);
      return async () => {
        // The same change also shows in the stock that the catalogue shows, and other faults of this shop in other rules.
        const violations = async () =>
          (await staff.expect(200, getAudit, { query: { run: 'now' } })).body.violations
            .filter(({ rule }) => rule === 'on_hand_differs')
            .map(({ ids }) => ids);
        assert.deepEqual(await violations(), [[id]]);
        await inventory.query((await statementOf('books-not-balanced.md', 'update stock')).replace('PRODUCT', id));
        // A change through Souk publishes the stock as it is.
        await staff.expect(201, adjustStock, { params: { product_id: id }, body: { quantity_change: 1, reason: 'counted' } });
        await until(async () => {
          const { body } = await staff.expect(200, getAudit, { query: { run: 'now' } });
          return body.violations.length === 0 ? undefined : JSON.stringify(body.violations);
        }, cured_limit_ms);
      };
    },
  },
];
