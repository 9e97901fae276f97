/** What replicas do at the same moment: each test holds one side where the other has to wait, step aside, or look again. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { manualClock, timestamp } from '@souk/kernel';
import { until } from '@souk/messaging/testing';
import type { Tx } from '@souk/postgres';
import type { Caller } from '@souk/service-kit';
import type { OrdersContext, PlaceCommand } from '../src/context.ts';
import { expireOrders } from '../src/jobs/expire-orders.ts';
import { openOrdersContext } from '../src/service.ts';
import { keepNewer } from '../src/store/catalogue.ts';
import { lockOverdue } from '../src/store/checkouts.ts';
import { waitingOrdersOf } from '../src/store/erasures.ts';
import { cancelOrder } from '../src/use-cases/command-order.ts';
import { placeRoute } from '../src/use-cases/place-orders.ts';
import { getOrder } from '../src/use-cases/read-orders.ts';
import { anId, anOrderRequest, aProduct, openQuietly } from './_support.ts';

const clock = manualClock(Date.UTC(2026, 10, 22));
const rowLocked = '55P03';

describe('replicas at the same moment', () => {
  let fixture: Awaited<ReturnType<typeof openQuietly>>;
  let ctx: OrdersContext;
  before(async () => {
    fixture = await openQuietly({ saga_stock_deadline_ms: 1_000 }, { clock });
    ({ ctx } = fixture);
  });
  after(() => fixture.close());

  const place = async (overrides: Partial<PlaceCommand> = {}) => {
    const product = await aProduct(ctx);
    const command: PlaceCommand = {
      user_id: anId(),
      wanted: anOrderRequest(product),
      claim: null,
      cause: { correlation_id: anId() },
      ...overrides,
    };
    const placement = await ctx.place(command);
    assert.ok(placement.kind === 'placed');
    return placement.order;
  };
  const statusOf = async (id: string) =>
    (await ctx.db.query<{ status: string }>('select status from orders where id = $1', [id]))[0]?.status;
  const lockedBy = async (work: (tx: Tx) => Promise<unknown>, id: string): Promise<void> => {
    const other = fixture.another();
    try {
      await ctx.db.transaction(async (tx) => {
        await work(tx);
        await assert.rejects(other.query('select from orders where id = $1 for no key update nowait', [id]), { code: rowLocked });
      });
    } finally {
      await other.close();
    }
  };

  test('a transition that another replica commits is in the next read, although no message says so', async () => {
    const order = await place();
    const caller: Caller = { user_id: anId(), role: 'staff', actor: 'staff', isStaff: true };
    const another = openOrdersContext(ctx.config, { broker: ctx.broker, log: ctx.log });
    try {
      for (const reader of [ctx, another]) assert.equal((await getOrder(reader, caller, order.id)).status, 'pending');
      const command = { order_id: order.id, caller, if_match: undefined, cause: { correlation_id: anId() } };
      const cancelled = await cancelOrder(another, command, undefined);
      assert.deepEqual(await getOrder(ctx, caller, order.id), cancelled);
    } finally {
      another.cache.close();
      await another.db.close();
    }
  });

  test('no deadline passes before the queue of the saga is drained past it', async () => {
    const order = await place();
    const placed_at = clock.now();
    clock.advance(5_000);
    const job = expireOrders(ctx.config);
    const never = new AbortController().signal;
    const processedUntil = (time: number): OrdersContext => {
      const consumption = { processedUntil: () => time } as NonNullable<ReturnType<OrdersContext['messaging']['consumption']>>;
      return { ...ctx, messaging: { ...ctx.messaging, consumption: (queue) => (queue === 'orders.checkout' ? consumption : undefined) } };
    };
    await job.run(ctx, never);
    assert.equal(await statusOf(order.id), 'pending', 'nothing is consumed here');
    await job.run(processedUntil(placed_at + 1_000), never);
    assert.equal(await statusOf(order.id), 'pending', 'what came in time may still wait');
    await job.run(processedUntil(placed_at + 1_001), never);
    assert.equal(await statusOf(order.id), 'cancelled');
  });

  test('an overdue order is locked by the replica that takes it, and left out by the others', async () => {
    const order = await place();
    clock.advance(5_000);
    const overdue = async (tx: Tx) => (await lockOverdue(tx, timestamp(clock.now()), 100)).map(({ id }) => id);
    await lockedBy(async (tx) => {
      assert.ok((await overdue(tx)).includes(order.id));
      const other = fixture.another();
      try {
        const found = await other.transaction(async (second) => {
          await second.query(`set local lock_timeout = '500ms'`);
          return overdue(second);
        });
        assert.deepEqual(found, []);
      } finally {
        await other.close();
      }
    }, order.id);
  });

  test('the waiting orders of an erased customer are locked before they are cancelled', async () => {
    const order = await place();
    await lockedBy(async (tx) => {
      assert.deepEqual(
        (await waitingOrdersOf(tx, [order.user_id], 10)).map(({ id }) => id),
        [order.id],
      );
    }, order.id);
  });

  test('an older version of a product never replaces a newer one', async () => {
    const product = await aProduct(ctx, { product_version: 3, price: 300 });
    await keepNewer(ctx.db, [{ ...product, product_version: 2, price: 200 }]);
    await keepNewer(ctx.db, [{ ...product, product_version: 3, price: 301 }]);
    const priceNow = async () =>
      (await ctx.db.query<{ price: number }>('select price from catalogue where product_id = $1', [product.product_id]))[0]?.price;
    assert.equal(await priceNow(), 300);
    await keepNewer(ctx.db, [{ ...product, product_version: 4, price: 400 }]);
    assert.equal(await priceNow(), 400);
  });

  test('whoever waits for the end of a checkout is woken by what another replica decided', async () => {
    const order = await place();
    const waited = ctx.waiters.wait(order.id, 60_000, new AbortController().signal);
    await ctx.db.query(
      `update orders set status = 'cancelled', cancel_reason = 'staff_request', payment_method = null, deadline_at = null, version = 2 where id = $1`,
      [order.id],
    );
    const outcome = await waited;
    assert.deepEqual([outcome?.status, outcome?.version], ['cancelled', 2]);
  });

  test('an order that another replica placed under the same key meanwhile is answered, and no second one is made', async () => {
    const product = await aProduct(ctx);
    const user_id = anId();
    const claim = { user_id, key: 'one key', body_hash: 'ab'.repeat(32) };
    const earlier = anId();
    const other = fixture.another();
    try {
      let placing: Promise<unknown> = Promise.resolve();
      await other.transaction(async (tx) => {
        await tx.query(
          `insert into idempotency_keys (user_id, route, key, body_hash, status, resource_id) values ($1, $2, $3, decode($4, 'hex'), 201, $5)`,
          [user_id, placeRoute, claim.key, claim.body_hash, earlier],
        );
        placing = ctx.place({ user_id, wanted: anOrderRequest(product), claim, cause: { correlation_id: anId() } });
        // It found no key when it looked, and waits for the one that is being written.
        await until(async () =>
          (await ctx.db.query(`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)).length > 0
            ? undefined
            : 'it does not wait',
        );
      });
      assert.deepEqual(await placing, { kind: 'replayed', order_id: earlier });
    } finally {
      await other.close();
    }
    assert.deepEqual(await ctx.db.query('select from orders where user_id = $1', [user_id]), []);
  });
});
