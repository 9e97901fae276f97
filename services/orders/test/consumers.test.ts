import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { AnyEvent, Order } from '@souk/contracts';
import { manualClock } from '@souk/kernel';
import { anEnvelope, type ConsumerCase, type ConsumerFixture, consumerConformance } from '@souk/messaging/testing';
import { checkoutConsumer } from '../src/consumers/checkout.ts';
import { eraseUserConsumer } from '../src/consumers/erase-user.ts';
import { linkGuestConsumer } from '../src/consumers/link-guest.ts';
import { notePaymentConsumer } from '../src/consumers/note-payment.ts';
import { settleReturnConsumer } from '../src/consumers/settle-return.ts';
import { trackCatalogueConsumer } from '../src/consumers/track-catalogue.ts';
import type { OrdersContext } from '../src/context.ts';
import { listHistory } from '../src/store/history.ts';
import { cancelOrder } from '../src/use-cases/command-order.ts';
import { expireOrders } from '../src/use-cases/expire-orders.ts';
import { anId, declined, deliver, eventsOf, openQuietly, paid, place, read, refunded, rejected, reserved } from './_support.ts';

type Fixture = ConsumerFixture<OrdersContext> & { ctx: OrdersContext };
const open = (): Promise<Fixture> => openQuietly();

/** What the rows say, without ids and times. */
async function ordersOf({ db }: Fixture): Promise<unknown> {
  return {
    orders: await db.query('select status, version, cancel_reason, shipping_address is null blank from orders order by id'),
    history: await db.query('select h.version, h."from", h."to", cause, note from order_history h order by order_id, version, note'),
    erased: await db.query('select count(*)::int count from erased_users'),
  };
}

const conformance = { service: 'orders', open } as const;

consumerConformance<OrdersContext>({
  ...conformance,
  consumer: checkoutConsumer,
  async prepare({ context: ctx }) {
    const orders: Order[] = [];
    for (let count = 0; count < 5; count += 1) orders.push(await place(ctx));
    const [first, second, third, fourth, fifth] = orders as [Order, Order, Order, Order, Order];
    await deliver(ctx, [reserved(second), reserved(third), reserved(fourth), paid(fourth)]);
    return [reserved(first), paid(second), declined(third), refunded(fourth), rejected(fifth)];
  },
  effects: ordersOf as ConsumerCase<OrdersContext>['effects'],
});

consumerConformance<OrdersContext>({
  ...conformance,
  consumer: trackCatalogueConsumer,
  async prepare() {
    const [first, second] = [anId(), anId()];
    const published = (event_type: string, product_id: string, product_version: number, price: number) =>
      anEnvelope(event_type, { product_id, product_version, sku: 'S', name: 'N', price, currency: 'EUR', status: 'active' });
    return [
      published('product.created', first, 1, 1.5),
      published('product.updated', first, 2, 1.75),
      published('product.created', second, 1, 2),
      anEnvelope('product.archived', { product_id: second, product_version: 2 }),
    ];
  },
  effects: ({ db }) => db.query('select product_version, price, status from catalogue order by price nulls last, status, product_version'),
  // An archiving that comes first leaves a product without texts, which is never sold.
  any_order: false,
});

consumerConformance<OrdersContext>({
  ...conformance,
  consumer: eraseUserConsumer,
  async prepare({ context: ctx }) {
    const user_id = anId();
    const [, second, third] = [await place(ctx, user_id), await place(ctx, user_id), await place(ctx, user_id), await place(ctx)];
    await deliver(ctx, [reserved(second), reserved(third), paid(third)]);
    return [anEnvelope('user.deleted', { user_id, user_version: 2 })];
  },
  effects: ordersOf as ConsumerCase<OrdersContext>['effects'],
});

consumerConformance<OrdersContext>({
  ...conformance,
  consumer: linkGuestConsumer,
  prepare: async () => [1, 2].map(() => anEnvelope('user.guest_linked', { user_id: anId(), guest_user_id: anId() })),
  effects: ({ db }) => db.query('select count(*)::int links, count(distinct user_id)::int people from linked_guests'),
});

consumerConformance<OrdersContext>({
  ...conformance,
  consumer: settleReturnConsumer,
  async prepare({ context: ctx, db }) {
    const order = await place(ctx);
    const [done, refused, again] = [anId(), anId(), anId()];
    await db.query(
      `insert into returns (id, order_id, user_id, state, items, currency, refund, version, created_at, updated_at)
       select gen_random_uuid(), $1, $2, 'refunding', '[]', 'EUR', jsonb_build_object('refund_id', refund_id), 4, now(), now()
       from unnest($3::uuid[]) refund_id`,
      [order.id, order.user_id, [done, refused, again]],
    );
    const back = (refund_id: string, more = {}) => refunded(order, { refund_id, ...more });
    return [
      back(done),
      anEnvelope('payment.refund_refused', { refund_id: refused, order_id: order.id, return_id: anId(), code: 'refund_exceeds_captured' }),
      // The refund that was asked for had failed; this one followed it.
      back(anId(), { first_refund_id: again }),
      back(anId()),
    ];
  },
  effects: ({ db }) => db.query('select state, version from returns order by state, version'),
});

consumerConformance<OrdersContext>({
  ...conformance,
  consumer: notePaymentConsumer,
  async prepare({ context: ctx }) {
    const [order, other] = [await place(ctx), await place(ctx)];
    const of = (order_id: string) => ({ payment_id: anId(), order_id, amount: 12.5, currency: 'EUR' });
    const dispute = { ...of(order.id), dispute_id: anId() };
    return [
      anEnvelope('payment.disputed', { ...dispute, state: 'open' }),
      anEnvelope('payment.disputed', { ...dispute, state: 'lost' }),
      anEnvelope('payment.refund_failed', { ...of(other.id), refund_id: anId(), code: 'expired_or_canceled_card' }),
      anEnvelope('payment.refund_failed', { ...of(anId()), refund_id: anId(), code: 'of no order' }),
    ];
  },
  effects: ({ db }) => db.query('select version, "to", cause, note from order_history where note is not null order by note'),
});

describe('the checkout', () => {
  let fixture: Awaited<ReturnType<typeof openQuietly>>;
  let ctx: OrdersContext;
  before(async () => {
    fixture = await openQuietly();
    ({ ctx } = fixture);
  });
  after(() => fixture.close());

  test('a batch with everything of an order, twice and in reverse, ends confirmed with each event once', async () => {
    const order = await place(ctx);
    const refund = refunded(order);
    const events = [refund, paid(order), reserved(order)];
    const failures = await deliver(ctx, [...events, ...events.map((event): AnyEvent => ({ ...event, event_id: anId() }))]);
    assert.deepEqual(failures, []);
    assert.deepEqual([(await read(ctx, order)).status, (await read(ctx, order)).version], ['confirmed', 3]);
    const types = (await eventsOf(ctx, order.id)).map((event) => event['event_type']).sort();
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

  test('a payment is asked for with the method of the order', async () => {
    const order = await place(ctx);
    const event = reserved(order);
    await deliver(ctx, [event]);
    const [, request] = await eventsOf(ctx, order.id);
    assert.deepEqual([request?.['amount'], request?.['currency'], request?.['payment_method']], [25, 'EUR', 'tok_visa']);
    assert.deepEqual(
      [request?.['correlation_id'], (request?.['metadata'] as { causation_id?: string } | undefined)?.causation_id],
      [event.correlation_id, event.event_id],
    );
  });

  test('what cannot be is answered as a failure, its neighbours are handled', async () => {
    const [wrong, right, other] = [await place(ctx), await place(ctx), await place(ctx)];
    await deliver(ctx, [reserved(other)]);
    const [early, cheap, unknown] = [paid(wrong), paid(other, { amount: 1 }), reserved({ ...right, id: anId() })];
    const failures = await deliver(ctx, [early, reserved(right), cheap, unknown]);
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
    await deliver(ctx, [reserved(order), declined(order)]);
    const late = paid(order);
    assert.deepEqual(await deliver(ctx, [late, reserved(order), { ...late, event_id: anId() }, rejected(order)]), []);
    assert.equal((await read(ctx, order)).cancel_reason, 'payment_declined');
    const notes = (await listHistory(ctx.db, order.id)).filter(({ from, to }) => from === to);
    assert.equal(notes.length, 1);
  });

  test('a payment that confirmed the order is no late one when it comes again after the cancellation', async () => {
    const order = await place(ctx);
    const payment = paid(order);
    await deliver(ctx, [reserved(order), payment]);
    const caller = { user_id: anId(), role: 'staff', actor: `staff:${anId()}`, isStaff: true } as const;
    await cancelOrder(ctx, { order_id: order.id, caller, if_match: undefined, cause: { correlation_id: anId() } }, 'changed my mind');
    assert.deepEqual(await deliver(ctx, [payment, { ...payment, event_id: anId() }]), []);
    const history = await listHistory(ctx.db, order.id);
    assert.deepEqual(
      history.map(({ to }) => to),
      ['pending', 'awaiting_payment', 'confirmed', 'cancelled'],
    );
  });

  test('batches of two consumers over the same orders end in the same state', async () => {
    const orders: Order[] = [];
    for (let count = 0; count < 30; count += 1) orders.push(await place(ctx));
    const batches = [orders.map(reserved), [...orders].reverse().map(reserved)];
    await Promise.all(batches.map((batch) => deliver(ctx, batch)));
    await Promise.all(
      [orders.map((order) => paid(order)), [...orders].reverse().map((order) => paid(order))].map((batch) => deliver(ctx, batch)),
    );
    for (const order of orders) assert.deepEqual([(await read(ctx, order)).status, (await read(ctx, order)).version], ['confirmed', 3]);
  });
});

describe('deadlines', () => {
  test('an order waits until its deadline has passed and everything answered before it was heard', async () => {
    const clock = manualClock();
    const fixture = await openQuietly({ saga_stock_deadline_ms: 1_000, saga_payment_deadline_ms: 5_000 }, { clock });
    const { ctx } = fixture;
    try {
      const [waiting, answered, later] = [await place(ctx), await place(ctx), await place(ctx)];
      const placed_at = clock.now();
      await deliver(ctx, [reserved(answered)]);
      clock.advance(1_001);
      // The consumer is away: nothing passes, however late it is.
      await expireOrders(ctx, 0);
      // Its queue is drained to a moment before the deadline only.
      await expireOrders(ctx, placed_at + 999);
      assert.equal((await read(ctx, waiting)).status, 'pending');
      await deliver(ctx, [reserved(later)]);
      await expireOrders(ctx, clock.now());
      assert.deepEqual([(await read(ctx, waiting)).status, (await read(ctx, waiting)).cancel_reason], ['cancelled', 'stock_timeout']);
      assert.equal((await read(ctx, answered)).status, 'awaiting_payment');
      clock.advance(5_001);
      await Promise.all([expireOrders(ctx, clock.now()), expireOrders(ctx, clock.now())]);
      assert.equal((await read(ctx, answered)).cancel_reason, 'payment_timeout');
      assert.equal((await read(ctx, later)).cancel_reason, 'payment_timeout');
      const cancellations = (await eventsOf(ctx, answered.id)).filter((event) => event['event_type'] === 'order.cancelled');
      assert.deepEqual(
        cancellations.map((event) => [event['reason'], event['cancelled_by']]),
        [['payment_timeout', 'system']],
      );
    } finally {
      await fixture.close();
    }
  });
});
