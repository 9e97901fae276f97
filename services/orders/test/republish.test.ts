import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Order } from '@souk/contracts';
import { type ManualClock, manualClock } from '@souk/kernel';
import type { EventDraft } from '@souk/messaging';
import type { Republisher } from '@souk/service-kit';
import type { OrdersContext } from '../src/context.ts';
import { moveReturn, receiveReturn, refundReturn, requestReturn } from '../src/use-cases/change-return.ts';
import { cancelOrder, completeOrder, shipOrder } from '../src/use-cases/command-order.ts';
import { forgetMethods } from '../src/use-cases/forget-methods.ts';
import { republishDecided, republishWaiting } from '../src/use-cases/republish-orders.ts';
import { republishReturns } from '../src/use-cases/return-events.ts';
import { anId, anOrderRequest, aProduct, deliver, eventsOf, openQuietly, paid, reserved } from './_support.ts';

let fixture: Awaited<ReturnType<typeof openQuietly>>;
let clock: ManualClock;

before(async () => {
  clock = manualClock(Date.now());
  fixture = await openQuietly({}, { clock });
});
after(() => fixture.close());

async function place(ctx: OrdersContext): Promise<Order> {
  const user_id = anId();
  const cause = { correlation_id: anId(), actor: `user:${user_id}` };
  const placement = await ctx.place({ user_id, wanted: anOrderRequest(await aProduct(ctx)), claim: null, cause });
  assert.ok(placement.kind === 'placed');
  return placement.order;
}

async function draftsOf(republisher: Republisher<OrdersContext>, since = '2026-01-01T00:00:00Z'): Promise<readonly EventDraft[]> {
  const { drafts } = await fixture.db.transaction((tx) => republisher(fixture.ctx, tx, { since, after: undefined, limit: 100 }));
  return drafts;
}

function staffCaller() {
  const user_id = anId();
  return { user_id, role: 'staff', isStaff: true, actor: `staff:${user_id}` } as const;
}

const typesFor = (drafts: readonly EventDraft[], { id }: Order): string[] =>
  drafts.filter(({ payload }) => (payload as { order_id: string }).order_id === id).map(({ definition }) => definition.event_type);

test('every event whose effect an order must have had is published once more, under the id customers were notified under', async () => {
  const { ctx } = fixture;
  const [pending, awaiting, confirmed, done, cancelled] = [
    await place(ctx),
    await place(ctx),
    await place(ctx),
    await place(ctx),
    await place(ctx),
  ];
  await deliver(ctx, [reserved(awaiting), reserved(confirmed), reserved(done), paid(confirmed), paid(done)]);
  const caller = staffCaller();
  const cause = { correlation_id: anId(), actor: `staff:${caller.user_id}` };
  await shipOrder(ctx, { order_id: done.id, caller, if_match: undefined, cause }, { carrier: 'DHL', tracking_number: '1' });
  await completeOrder(ctx, { order_id: done.id, caller, if_match: undefined, cause });
  await cancelOrder(ctx, { order_id: cancelled.id, caller, if_match: undefined, cause }, undefined);

  const waiting = await draftsOf(republishWaiting);
  assert.deepEqual(typesFor(waiting, pending), ['order.created']);
  assert.deepEqual(typesFor(waiting, awaiting), ['order.created', 'payment.requested']);
  const decided = await draftsOf(republishDecided);
  assert.deepEqual(typesFor(decided, confirmed), ['order.created', 'payment.requested', 'order.confirmed']);
  assert.deepEqual(typesFor(decided, done), ['order.created', 'payment.requested', 'order.confirmed', 'order.shipped', 'order.completed']);
  assert.deepEqual(typesFor(decided, cancelled), ['order.cancelled']);
  assert.deepEqual(await draftsOf(republishDecided, '2100-01-01T00:00:00Z'), []);

  const first = (await eventsOf(ctx, done.id)).filter(({ event_type }) =>
    ['order.confirmed', 'order.shipped', 'order.completed'].includes(String(event_type)),
  );
  const again = decided.filter(({ payload, event_id }) => (payload as { order_id: string }).order_id === done.id && event_id !== undefined);
  assert.deepEqual(
    again.map(({ event_id }) => event_id),
    first.map(({ event_id }) => event_id),
  );
  for (const { definition, payload } of [...waiting, ...decided])
    assert.deepEqual(
      definition.findings({
        ...payload,
        event_id: anId(),
        event_type: definition.event_type,
        timestamp: new Date().toISOString(),
        version: '1.0',
        correlation_id: anId(),
        metadata: {},
      }),
      undefined,
    );
});

test('orders that wait get their whole time again', async () => {
  const order = await place(fixture.ctx);
  await fixture.db.query(`update orders set deadline_at = '2026-01-01' where id = $1`, [order.id]);
  await draftsOf(republishWaiting);
  const [row] = await fixture.db.query<{ deadline_at: string }>('select deadline_at from orders where id = $1', [order.id]);
  assert.ok(Date.parse(row?.deadline_at ?? '') > clock.now() + 500_000);
});

test('how an order was paid is kept for an hour after it was decided, and forgotten at once when it is cancelled', async () => {
  const { ctx, db } = fixture;
  const methodOf = async ({ id }: Order) =>
    (await db.query<{ payment_method: string | null }>('select payment_method from orders where id = $1', [id]))[0]?.payment_method;
  const [order, waiting, gone] = [await place(ctx), await place(ctx), await place(ctx)];
  await deliver(ctx, [reserved(order), paid(order), reserved(waiting)]);
  const caller = staffCaller();
  await cancelOrder(
    ctx,
    { order_id: gone.id, caller, if_match: undefined, cause: { correlation_id: anId(), actor: `staff:${caller.user_id}` } },
    undefined,
  );
  assert.deepEqual([await methodOf(order), await methodOf(waiting), await methodOf(gone)], ['tok_visa', 'tok_visa', null]);
  clock.advance(3_500_000);
  await forgetMethods(ctx, false);
  assert.equal(await methodOf(order), 'tok_visa');
  clock.advance(200_000);
  assert.equal(await forgetMethods(ctx, false), false);
  assert.deepEqual([await methodOf(order), await methodOf(waiting)], [null, 'tok_visa']);
});

test('what arrived of a return, its money and what its customer was notified of are published once more under the ids they had', async () => {
  const { ctx } = fixture;
  const order = await place(ctx);
  await deliver(ctx, [reserved(order), paid(order)]);
  const caller = staffCaller();
  const cause = { correlation_id: anId(), actor: `staff:${caller.user_id}` };
  await shipOrder(ctx, { order_id: order.id, caller, if_match: undefined, cause }, { carrier: 'DHL', tracking_number: '1' });
  const [line] = order.items;
  const product_id = line?.product_id ?? '';
  const ask = () => ctx.db.transaction((tx) => requestReturn(ctx, tx, order.id, { items: [{ product_id, quantity: 1 }] }, cause));
  const { id: return_id } = await ask();
  assert.deepEqual(typesFor(await draftsOf(republishReturns), order), ['return.updated']);
  const command = { return_id, if_match: undefined, cause };
  await moveReturn(ctx, command, 'approve');
  await receiveReturn(ctx, command, { items: [{ product_id, restock: 1, write_off: 0 }] });
  assert.deepEqual(typesFor(await draftsOf(republishReturns), order), ['return.received', ...Array(3).fill('return.updated')]);
  await refundReturn(ctx, command, { shipping: 'none' });
  const published = (await eventsOf(ctx, order.id)).filter(({ event_type }) => /^(return|refund)\./.test(String(event_type)));
  const again = await draftsOf(republishReturns);
  const byId = <Row extends { event_id?: unknown }>(rows: readonly Row[]) =>
    [...rows].sort((left, right) => String(left.event_id).localeCompare(String(right.event_id)));
  const [first, repeated] = [byId(published), byId(again)];
  assert.deepEqual(
    repeated.map(({ event_id, definition }) => [definition.event_type, event_id]),
    first.map(({ event_type, event_id }) => [event_type, event_id]),
  );
  for (const [place, { payload }] of repeated.entries())
    for (const [member, value] of Object.entries(payload)) assert.deepEqual(first[place]?.[member], value, member);
  assert.deepEqual(await draftsOf(republishReturns, '2100-01-01T00:00:00Z'), []);
});
