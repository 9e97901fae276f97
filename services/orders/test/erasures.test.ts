import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Order } from '@souk/contracts';
import { anEnvelope, until } from '@souk/messaging/testing';
import { eraseUserConsumer } from '../src/consumers/erase-user.ts';
import { listHistory } from '../src/store/history.ts';
import { cancelOrder, completeOrder, shipOrder } from '../src/use-cases/command-order.ts';
import { finishErasures } from '../src/use-cases/erase-users.ts';
import {
  anAddress,
  anId,
  anOrderRequest,
  aProduct,
  declined,
  deliver,
  openQuietly,
  paid,
  place,
  read,
  refunded,
  reserved,
} from './_support.ts';

describe('an erased customer', () => {
  test('an order being placed at the moment of the erasure is not left behind with its address', async () => {
    const fixture = await openQuietly();
    const { ctx } = fixture;
    const holder = fixture.another();
    try {
      const user_id = anId();
      const product = await aProduct(ctx);
      const wanted = anOrderRequest(product, { billing_address: anAddress });
      const command = { user_id, wanted, claim: null, cause: { correlation_id: anId() } };
      const erased = anEnvelope('user.deleted', { user_id, user_version: 2 });
      const { promise: held, resolve: release } = Promise.withResolvers<void>();
      const waiting = async (sessions: number) => {
        const [row] = await ctx.db.query<{ count: number }>(
          `select count(*)::int count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        );
        return (row?.count ?? 0) >= sessions ? undefined : `${row?.count} wait`;
      };
      // Holds up what is written, not what is read: the order has been decided on when the erasure begins.
      const holding = holder.transaction(async (tx) => {
        await tx.query('lock table orders in share mode');
        await held;
      });
      await until(async () => {
        const locked = await ctx.db.query(`select 1 from pg_locks where relation = 'orders'::regclass and mode = 'ShareLock' and granted`);
        return locked.length > 0 ? undefined : 'the table is not held';
      });
      const placing = ctx.place(command);
      await until(() => waiting(1));
      const erasing = ctx.db.transaction(async (tx) => eraseUserConsumer.handle(ctx, tx, [erased] as never));
      await until(() => waiting(2));
      release();
      await holding;
      const placement = await placing;
      await erasing;
      assert.ok(placement.kind === 'placed');
      assert.deepEqual(placement.order.billing_address, anAddress);
      const { status, shipping_address, billing_address } = await read(ctx, placement.order);
      assert.deepEqual([status, shipping_address, billing_address], ['cancelled', null, undefined]);
    } finally {
      await holder.close();
      await fixture.close();
    }
  });

  test('what the customer and staff wrote about their orders is not kept', async () => {
    const fixture = await openQuietly();
    const { ctx } = fixture;
    try {
      const user_id = anId();
      const [withdrawn, refused] = [await place(ctx, user_id), await place(ctx, user_id)];
      await deliver(ctx, [reserved(withdrawn), paid(withdrawn), reserved(refused), declined(refused)]);
      await deliver(ctx, [refunded(withdrawn, { reason: 'Carla moved to 5 Harbour Street' })]);
      const staff = { user_id: anId(), role: 'staff', actor: 'staff:1', isStaff: true } as const;
      const cause = { correlation_id: anId(), actor: staff.actor };
      await cancelOrder(ctx, { order_id: withdrawn.id, caller: staff, if_match: undefined, cause }, 'Carla called from 555-1234');
      const erased = anEnvelope('user.deleted', { user_id, user_version: 2 });
      await ctx.db.transaction(async (tx) => eraseUserConsumer.handle(ctx, tx, [erased] as never));
      const notesOf = async ({ id }: Order) => (await listHistory(ctx.db, id)).flatMap(({ note }) => note ?? []);
      assert.deepEqual(await notesOf(withdrawn), ['refunded 1.5 EUR', 'the shipping address was erased']);
      assert.deepEqual(await notesOf(refused), ['card_declined', 'the shipping address was erased']);
    } finally {
      await fixture.close();
    }
  });

  test('waiting orders are cancelled, confirmed ones sent first, and no address stays', async () => {
    const fixture = await openQuietly();
    const { ctx } = fixture;
    const signal = new AbortController().signal;
    const staff = { user_id: anId(), role: 'staff', actor: 'staff:1', isStaff: true } as const;
    try {
      const user_id = anId();
      const [waiting, confirmed, untouched] = [await place(ctx, user_id), await place(ctx, user_id), await place(ctx)];
      await deliver(ctx, [reserved(confirmed), paid(confirmed)]);
      const withdrawn = await place(ctx, user_id);
      const owner = { user_id, role: 'customer', actor: `user:${user_id}`, isStaff: false } as const;
      const withdrawal = {
        order_id: withdrawn.id,
        caller: owner,
        if_match: undefined,
        cause: { correlation_id: anId(), actor: owner.actor },
      };
      await cancelOrder(ctx, withdrawal, 'I have moved to 5 Harbour Street');
      const erased = anEnvelope('user.deleted', { user_id, user_version: 2 });
      await ctx.db.transaction(async (tx) => eraseUserConsumer.handle(ctx, tx, [erased] as never));
      assert.deepEqual([(await read(ctx, waiting)).cancel_reason, (await read(ctx, waiting)).shipping_address], ['customer_request', null]);
      assert.notEqual((await read(ctx, confirmed)).shipping_address, null);
      await assert.rejects(place(ctx, user_id), { code: 'user_unknown' });

      const command = { order_id: confirmed.id, caller: staff, if_match: undefined, cause: { correlation_id: anId() } };
      await shipOrder(ctx, command, { carrier: 'Post', tracking_number: '1' });
      await finishErasures(ctx, signal);
      const sent = await read(ctx, confirmed);
      assert.deepEqual([sent.status, sent.shipping_address, sent.version], ['shipped', null, 5]);
      assert.equal((await completeOrder(ctx, command)).version, 6);
      assert.notEqual((await read(ctx, untouched)).shipping_address, null);
      const said = await ctx.db.query<{ note: string }>('select note from order_history where order_id = $1 and note is not null', [
        withdrawn.id,
      ]);
      assert.deepEqual(said, [{ note: 'the shipping address was erased' }]);
      await assert.rejects(cancelOrder(ctx, command, undefined), { code: 'order_not_cancellable' });
    } finally {
      await fixture.close();
    }
  });
});
