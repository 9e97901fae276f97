import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { AnyEvent, Order } from '@souk/contracts';
import { manualClock } from '@souk/kernel';
import { anEnvelope, type ConsumerCase, type ConsumerWorld, consumerConformance } from '@souk/messaging/testing';
import { checkout } from '../src/consumers/checkout.ts';
import { eraseUser } from '../src/consumers/erase-user.ts';
import { trackCatalogue } from '../src/consumers/track-catalogue.ts';
import type { OrdersContext } from '../src/context.ts';
import { toResource } from '../src/domain/order.ts';
import { listHistory } from '../src/store/history.ts';
import { findOrder } from '../src/store/orders.ts';
import { cancelOrder, completeOrder, shipOrder } from '../src/use-cases/command-order.ts';
import { finishErasures } from '../src/use-cases/erase-users.ts';
import { passDeadlines } from '../src/use-cases/pass-deadlines.ts';
import { anId, aProduct, aWish, declined, factsOf, hear, openQuietly, paid, refunded, rejected, reserved } from './_support.ts';

type World = ConsumerWorld<OrdersContext> & { ctx: OrdersContext };
const open = (): Promise<World> => openQuietly();

async function place(ctx: OrdersContext, user_id = anId()): Promise<Order> {
  const placement = await ctx.place({
    user_id,
    wanted: aWish(await aProduct(ctx)),
    claim: null,
    cause: { correlation_id: anId(), actor: `user:${user_id}` },
  });
  assert.ok(placement.kind === 'placed');
  return placement.order;
}

async function read(ctx: OrdersContext, { id }: { id: string }): Promise<Order> {
  const record = await findOrder(ctx.db, id);
  assert.ok(record);
  return toResource(record);
}

/** What the rows say, without ids and times. */
async function ordersOf({ db }: World): Promise<unknown> {
  return {
    orders: await db.query('select status, version, cancel_reason, shipping_address is null blank from orders order by id'),
    history: await db.query('select h.version, h."from", h."to", cause, note from order_history h order by order_id, version, note'),
    erased: await db.query('select count(*)::int count from erased_users'),
  };
}

const conformance = { service: 'orders', open } as const;

consumerConformance<OrdersContext>({
  ...conformance,
  consumer: checkout,
  async prepare({ context: ctx }) {
    const orders: Order[] = [];
    for (let count = 0; count < 5; count += 1) orders.push(await place(ctx));
    const [first, second, third, fourth, fifth] = orders as [Order, Order, Order, Order, Order];
    await hear(ctx, [reserved(second), reserved(third), reserved(fourth), paid(fourth)]);
    return [reserved(first), paid(second), declined(third), refunded(fourth), rejected(fifth)];
  },
  effects: ordersOf as ConsumerCase<OrdersContext>['effects'],
});

consumerConformance<OrdersContext>({
  ...conformance,
  consumer: trackCatalogue,
  async prepare() {
    const [first, second] = [anId(), anId()];
    const told = (event_type: string, product_id: string, product_version: number, price: number) =>
      anEnvelope(event_type, { product_id, product_version, sku: 'S', name: 'N', price, currency: 'EUR', status: 'active' });
    return [
      told('product.created', first, 1, 1.5),
      told('product.updated', first, 2, 1.75),
      told('product.created', second, 1, 2),
      anEnvelope('product.archived', { product_id: second, product_version: 2 }),
    ];
  },
  effects: ({ db }) => db.query('select product_version, price, status from catalogue order by price nulls last, status, product_version'),
  // An archiving that comes first leaves a product without texts, which is never sold.
  any_order: false,
});

consumerConformance<OrdersContext>({
  ...conformance,
  consumer: eraseUser,
  async prepare({ context: ctx }) {
    const user_id = anId();
    const [, second, third] = [await place(ctx, user_id), await place(ctx, user_id), await place(ctx, user_id), await place(ctx)];
    await hear(ctx, [reserved(second), reserved(third), paid(third)]);
    return [anEnvelope('user.deleted', { user_id, user_version: 2 })];
  },
  effects: ordersOf as ConsumerCase<OrdersContext>['effects'],
});

describe('the checkout', () => {
  let world: Awaited<ReturnType<typeof openQuietly>>;
  let ctx: OrdersContext;
  before(async () => {
    world = await openQuietly();
    ({ ctx } = world);
  });
  after(() => world.close());

  test('a batch with everything of an order, twice and in reverse, ends confirmed with each fact once', async () => {
    const order = await place(ctx);
    const refund = refunded(order);
    const events = [refund, paid(order), reserved(order)];
    const failures = await hear(ctx, [...events, ...events.map((event): AnyEvent => ({ ...event, event_id: anId() }))]);
    assert.deepEqual(failures, []);
    assert.deepEqual([(await read(ctx, order)).status, (await read(ctx, order)).version], ['confirmed', 3]);
    const types = (await factsOf(ctx, order.id)).map((fact) => fact['event_type']).sort();
    assert.deepEqual(types, ['order.confirmed', 'order.created', 'payment.requested']);
    const history = await listHistory(ctx.db, order.id);
    assert.deepEqual(
      history.map(({ to, note }) => [to, note]),
      [
        ['pending', null],
        ['awaiting_payment', null],
        ['confirmed', null],
        ['confirmed', 'refunded 1.5 EUR: scratched'],
      ],
    );
  });

  test('a payment is asked for with the method of the order, which is then forgotten', async () => {
    const order = await place(ctx);
    const event = reserved(order);
    await hear(ctx, [event]);
    const [, request] = await factsOf(ctx, order.id);
    assert.deepEqual([request?.['amount'], request?.['currency'], request?.['payment_method']], [25, 'EUR', 'tok_visa']);
    assert.deepEqual(
      [request?.['correlation_id'], (request?.['metadata'] as { causation_id?: string } | undefined)?.causation_id],
      [event.correlation_id, event.event_id],
    );
    const [row] = await ctx.db.query<{ payment_method: string | null }>('select payment_method from orders where id = $1', [order.id]);
    assert.equal(row?.payment_method, null);
  });

  test('what cannot be is answered as a failure, its neighbours are handled', async () => {
    const [wrong, right, other] = [await place(ctx), await place(ctx), await place(ctx)];
    await hear(ctx, [reserved(other)]);
    const [early, cheap, unknown] = [paid(wrong), paid(other, { amount: 1 }), reserved({ ...right, id: anId() })];
    const failures = await hear(ctx, [early, reserved(right), cheap, unknown]);
    const codes = Object.fromEntries(failures.map(({ event_id, error }) => [event_id, (error as { code?: string }).code]));
    assert.deepEqual(codes, {
      [early.event_id]: 'saga_impossible',
      [cheap.event_id]: 'saga_impossible',
      [unknown.event_id]: 'order_unseen',
    });
    assert.deepEqual(
      [(await read(ctx, wrong)).status, (await read(ctx, right)).status, (await read(ctx, other)).status],
      ['pending', 'awaiting_payment', 'awaiting_payment'],
    );
  });

  test('late stock is ignored, late money is noted once', async () => {
    const order = await place(ctx);
    await hear(ctx, [reserved(order), declined(order)]);
    const late = paid(order);
    assert.deepEqual(await hear(ctx, [late, reserved(order), { ...late, event_id: anId() }, rejected(order)]), []);
    assert.equal((await read(ctx, order)).cancel_reason, 'payment_declined');
    const notes = (await listHistory(ctx.db, order.id)).filter(({ from, to }) => from === to);
    assert.equal(notes.length, 1);
  });

  test('batches of two consumers over the same orders end in the same state', async () => {
    const orders: Order[] = [];
    for (let count = 0; count < 30; count += 1) orders.push(await place(ctx));
    const batches = [orders.map(reserved), [...orders].reverse().map(reserved)];
    await Promise.all(batches.map((batch) => hear(ctx, batch)));
    await Promise.all(
      [orders.map((order) => paid(order)), [...orders].reverse().map((order) => paid(order))].map((batch) => hear(ctx, batch)),
    );
    for (const order of orders) assert.deepEqual([(await read(ctx, order)).status, (await read(ctx, order)).version], ['confirmed', 3]);
  });
});

describe('deadlines', () => {
  test('an order waits until its deadline has passed and everything answered before it was heard', async () => {
    const clock = manualClock();
    const world = await openQuietly({ saga_stock_deadline_ms: 1_000, saga_payment_deadline_ms: 5_000 }, { clock });
    const { ctx } = world;
    try {
      const [waiting, answered, later] = [await place(ctx), await place(ctx), await place(ctx)];
      const placed_at = clock.now();
      await hear(ctx, [reserved(answered)]);
      clock.advance(1_001);
      // The consumer is away: nothing passes, however late it is.
      await passDeadlines(ctx, 0);
      // Its queue is drained to a moment before the deadline only.
      await passDeadlines(ctx, placed_at + 999);
      assert.equal((await read(ctx, waiting)).status, 'pending');
      await hear(ctx, [reserved(later)]);
      await passDeadlines(ctx, clock.now());
      assert.deepEqual([(await read(ctx, waiting)).status, (await read(ctx, waiting)).cancel_reason], ['cancelled', 'stock_timeout']);
      assert.equal((await read(ctx, answered)).status, 'awaiting_payment');
      clock.advance(5_001);
      await Promise.all([passDeadlines(ctx, clock.now()), passDeadlines(ctx, clock.now())]);
      assert.equal((await read(ctx, answered)).cancel_reason, 'payment_timeout');
      assert.equal((await read(ctx, later)).cancel_reason, 'payment_timeout');
      const cancellations = (await factsOf(ctx, answered.id)).filter((fact) => fact['event_type'] === 'order.cancelled');
      assert.deepEqual(
        cancellations.map((fact) => [fact['reason'], fact['cancelled_by']]),
        [['payment_timeout', 'system']],
      );
    } finally {
      await world.close();
    }
  });
});

describe('an erased customer', () => {
  test('waiting orders are cancelled, confirmed ones sent first, and no address stays', async () => {
    const world = await openQuietly();
    const { ctx } = world;
    const signal = new AbortController().signal;
    const staff = { user_id: anId(), role: 'staff', actor: 'staff:1', isStaff: true } as const;
    try {
      const user_id = anId();
      const [waiting, confirmed, untouched] = [await place(ctx, user_id), await place(ctx, user_id), await place(ctx)];
      await hear(ctx, [reserved(confirmed), paid(confirmed)]);
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
      await ctx.db.transaction(async (tx) => eraseUser.handle(ctx, tx, [erased] as never));
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
      await world.close();
    }
  });
});
