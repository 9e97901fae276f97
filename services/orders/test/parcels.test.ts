/** Parcels of orders: over HTTP, at the same time, and of orders from before there were any. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  completeOrder,
  getOrder,
  getOrderHistory,
  markParcelDelivered,
  type Order,
  placeOrder,
  type SendParcel,
  sendParcel,
  shipOrder,
} from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import { finishErasures } from '../src/use-cases/erase-users.ts';
import { republishDecided } from '../src/use-cases/republish-orders.ts';
import { sendParcel as sendParcelOf } from '../src/use-cases/send-parcel.ts';
import {
  aCustomer,
  anId,
  anOrderIn,
  anOrderRequest,
  aProduct,
  deliver,
  eventsOf,
  openQuietly,
  openShop,
  paid,
  place,
  read,
  reserved,
  type Shop,
} from './_support.ts';

let shop: Shop;
before(async () => {
  shop = await openShop();
});
after(() => shop.stop());

/** A confirmed order for three of one thing and one of another. */
async function anOrderOfThree(): Promise<{ order: Order; tea: string; cup: string }> {
  const [tea, cup] = [(await aProduct(shop.ctx)).product_id, (await aProduct(shop.ctx, { sku: 'CUP', name: 'Cup' })).product_id];
  const items = [
    { product_id: tea, quantity: 3 },
    { product_id: cup, quantity: 1 },
  ];
  const placed = await (await aCustomer(shop)).must(placeOrder, { body: { ...anOrderRequest({ product_id: tea }), items } });
  await deliver(shop.ctx, [reserved(placed), paid(placed)]);
  return { order: await read(shop.ctx, placed), tea, cup };
}

const send = { carrier: 'Post', tracking_number: 'RR1' };
const parcelOf = (product_id: string, quantity: number): SendParcel => ({ ...send, items: [{ product_id, quantity }] });

test('two of three pieces are sent, then the rest; each step is shown, published and in the history', async () => {
  const { order, tea, cup } = await anOrderOfThree();
  const params = { order_id: order.id };
  assert.deepEqual([order.delivery, order.parcels], ['none', []]);
  const tracking_url = 'https://post.example.org/track?id=RR1';
  const first = await shop.staff.must(sendParcel, { params, body: { ...parcelOf(tea, 2), tracking_url } });
  assert.deepEqual(
    [first.number, first.items, first.tracking_url],
    [1, [{ product_id: tea, name: 'Green tea', quantity: 2 }], tracking_url],
  );
  const partial = await read(shop.ctx, order);
  assert.deepEqual([partial.status, partial.delivery, partial.parcels], ['shipped', 'partial', [first]]);
  assert.equal((await shop.staff.refused(409, completeOrder, { params, body: {} })).code, 'order_not_completable');

  const second = await shop.staff.must(sendParcel, { params, body: { carrier: 'Courier', tracking_number: 'C2' } });
  const rest = [
    { product_id: tea, name: 'Green tea', quantity: 1 },
    { product_id: cup, name: 'Cup', quantity: 1 },
  ];
  assert.deepEqual([second.number, second.items], [2, rest]);
  const full = await read(shop.ctx, order);
  assert.deepEqual([full.delivery, full.parcels, full.version], ['full', [first, second], partial.version + 1]);
  assert.deepEqual([full.carrier, full.tracking_number], ['Post', 'RR1'], 'those of the first parcel, as before');

  await shop.staff.must(completeOrder, { params, body: {} });
  const history = await shop.staff.must(getOrderHistory, { params });
  assert.deepEqual(
    history.slice(-3).map(({ cause, from, to, note }) => [cause, from, to, note]),
    [
      ['ship_requested', 'confirmed', 'shipped', null],
      ['parcel_sent', 'shipped', 'shipped', 'parcel 2 (Courier, C2): 1 × Green tea, 1 × Cup'],
      ['complete_requested', 'shipped', 'completed', null],
    ],
  );
  assert.equal((await shop.staff.refused(409, sendParcel, { params, body: send })).code, 'order_not_shippable');
});

test('what cannot be sent is refused, and nothing changes', async () => {
  const { order, tea, cup } = await anOrderOfThree();
  const params = { order_id: order.id };
  const code = async (status: number, body: object, headers = {}) =>
    (await shop.staff.refused(status, sendParcel, { params, body: body as SendParcel, headers })).code;
  assert.equal(await code(409, parcelOf(tea, 4)), 'parcel_too_large');
  assert.equal(
    await code(409, { ...send, items: [...(parcelOf(tea, 2).items ?? []), { product_id: tea, quantity: 2 }] }),
    'parcel_too_large',
  );
  assert.equal(await code(400, parcelOf(anId(), 1)), 'parcel_items_unknown');
  assert.equal(await code(412, parcelOf(tea, 1), { 'if-match': '"1"' }), 'precondition_failed');
  for (const wrong of [
    { tracking_url: 'http://post.example.org/' },
    { tracking_url: 'https://' },
    { items: [] },
    { items: [{ product_id: cup }] },
    { note: 'x' },
  ])
    assert.equal(await code(400, { ...send, ...wrong }), 'validation_failed', JSON.stringify(wrong));
  await (await aCustomer(shop)).refused(403, sendParcel, { params, body: send });
  await shop.staff.refused(404, sendParcel, { params: { order_id: anId() }, body: send });
  const waiting = await anOrderIn(shop, 'awaiting_payment');
  assert.equal((await shop.staff.refused(409, sendParcel, { params: { order_id: waiting.id }, body: send })).code, 'order_not_shippable');
  assert.deepEqual(await read(shop.ctx, order), order);
});

test('a parcel asked for twice under one key is one parcel', async () => {
  const { order, tea } = await anOrderOfThree();
  const call = { params: { order_id: order.id }, body: parcelOf(tea, 1), idempotency_key: anId() };
  const answers = await Promise.all([1, 2, 3].map(() => shop.staff.expect(201, sendParcel, call)));
  assert.equal(new Set(answers.map(({ body }) => body.id)).size, 1);
  assert.equal((await read(shop.ctx, order)).parcels?.length, 1);
  const other = { ...call, body: parcelOf(tea, 2) };
  assert.equal((await shop.staff.refused(422, sendParcel, other)).code, 'idempotency_key_reused');
});

test('parcels that are asked for at the same time never hold a piece twice', async () => {
  const { order, tea } = await anOrderOfThree();
  const params = { order_id: order.id };
  const answers = await Promise.all(Array.from({ length: 8 }, () => shop.staff.call(sendParcel, { params, body: parcelOf(tea, 1) })));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 201, 201, 409, 409, 409, 409, 409]);
  const { parcels = [], delivery, version } = await read(shop.ctx, order);
  assert.deepEqual([parcels.map(({ number }) => number), delivery, version], [[1, 2, 3], 'partial', order.version + 3]);
});

test('`ship` sends what is left, and is the same when nothing is', async () => {
  const { order, tea } = await anOrderOfThree();
  const params = { order_id: order.id };
  await shop.staff.must(sendParcel, { params, body: parcelOf(tea, 3) });
  const rest = await shop.staff.must(shipOrder, { params, body: { carrier: 'Courier', tracking_number: 'C2' } });
  assert.deepEqual([rest.delivery, rest.parcels?.length, rest.parcels?.[1]?.carrier], ['full', 2, 'Courier']);
  assert.deepEqual(await shop.staff.must(shipOrder, { params, body: { carrier: 'Courier', tracking_number: 'C3' } }), rest);
});

test('a parcel is delivered once', async () => {
  const { order } = await anOrderOfThree();
  const params = { order_id: order.id };
  const { id: parcel_id } = await shop.staff.must(sendParcel, { params, body: send });
  const delivered = await shop.staff.must(markParcelDelivered, { params: { ...params, parcel_id }, body: {} });
  assert.notEqual(delivered.delivered_at, null);
  assert.deepEqual(await shop.staff.must(markParcelDelivered, { params: { ...params, parcel_id }, body: {} }), delivered);
  const after_it = await shop.staff.must(getOrder, { params });
  assert.deepEqual([after_it.parcels, after_it.version], [[delivered], order.version + 2]);
  await shop.staff.refused(404, markParcelDelivered, { params: { ...params, parcel_id: anId() }, body: {} });
});

test('an order that was shipped before parcels were kept shows one with everything, which can be delivered', async () => {
  const { order, tea, cup } = await anOrderOfThree();
  const params = { order_id: order.id };
  await shop.ctx.db.query(`update orders set status = 'shipped', carrier = 'Post', tracking_number = 'RR9' where id = $1`, [order.id]);
  const { delivery, parcels = [] } = await read(shop.ctx, order);
  const [only] = parcels;
  assert.deepEqual([delivery, parcels.length, only?.tracking_number, only?.sent_at], ['full', 1, 'RR9', undefined]);
  assert.deepEqual(
    only?.items.map(({ product_id, quantity }) => [product_id, quantity]),
    [
      [tea, 3],
      [cup, 1],
    ],
  );
  assert.equal((await shop.staff.refused(409, sendParcel, { params, body: send })).code, 'parcel_too_large');
  const delivered = await shop.staff.must(markParcelDelivered, { params: { ...params, parcel_id: only?.id ?? '' }, body: {} });
  assert.deepEqual((await read(shop.ctx, order)).parcels, [delivered]);
  await shop.staff.must(completeOrder, { params, body: {} });
});

test('each parcel is published with what is in it, and once more as it was', async () => {
  const fixture = await openQuietly();
  const { ctx } = fixture;
  try {
    const order = await place(ctx);
    await deliver(ctx, [reserved(order), paid(order)]);
    const [{ product_id = '' } = {}] = order.items;
    const command = { order_id: order.id, if_match: undefined, cause: { correlation_id: anId(), actor: 'staff:1' } };
    const tracking_url = 'https://post.example.org/track?id=RR1';
    const first = await ctx.db.transaction((tx) => sendParcelOf(ctx, tx, command, { ...parcelOf(product_id, 1), tracking_url }));
    const second = await ctx.db.transaction((tx) => sendParcelOf(ctx, tx, command, { carrier: 'Courier', tracking_number: 'C2' }));
    const events = (await eventsOf(ctx, order.id)).filter(({ event_type }) => /shipped|parcel/.test(String(event_type)));
    const names = { order_id: order.id, user_id: order.user_id };
    const shown = ({ event_id, order_id, user_id, ...event }: Record<string, unknown>) => {
      const { carrier, tracking_number, parcel_id, items, delivery } = event;
      const { tracking_url: url, number } = event;
      return { event_id, order_id, user_id, carrier, tracking_number, tracking_url: url, parcel_id, number, items, delivery };
    };
    const items = [{ product_id, name: 'Green tea', quantity: 1 }];
    const [shipped, sent] = events.map(shown);
    assert.deepEqual(shipped, {
      ...{ event_id: shipped?.event_id, ...names, carrier: 'Post', tracking_number: 'RR1', tracking_url },
      ...{ parcel_id: first.id, number: undefined, items, delivery: 'partial' },
    });
    assert.deepEqual(sent, {
      ...{ event_id: sent?.event_id, ...names, carrier: 'Courier', tracking_number: 'C2', tracking_url: undefined },
      ...{ parcel_id: second.id, number: 2, items, delivery: 'full' },
    });
    assert.deepEqual(
      events.map(({ event_type, order_version }) => [event_type, order_version]),
      [
        ['order.shipped', 4],
        ['order.parcel_sent', 5],
      ],
    );
    const page = { since: timestamp(0), after: undefined, limit: 10 };
    const { drafts } = await ctx.db.transaction((tx) => republishDecided(ctx, tx, page));
    const again = drafts.filter(({ definition }) => /shipped|parcel/.test(definition.event_type));
    assert.deepEqual(
      again.map(({ event_id, payload }) => shown({ ...payload, event_id })),
      [shipped, sent],
    );
  } finally {
    await fixture.close();
  }
});

test('an erased customer’s address is kept until everything has been sent', async () => {
  const { order, tea } = await anOrderOfThree();
  const params = { order_id: order.id };
  await shop.staff.must(sendParcel, { params, body: parcelOf(tea, 1) });
  await shop.ctx.db.query(`insert into erased_users (user_id, erased_at, cause) values ($1, now(), $2)`, [
    order.user_id,
    JSON.stringify({ correlation_id: anId() }),
  ]);
  const signal = new AbortController().signal;
  await finishErasures(shop.ctx, signal);
  assert.notEqual((await read(shop.ctx, order)).shipping_address, null);
  await shop.staff.must(sendParcel, { params, body: send });
  await finishErasures(shop.ctx, signal);
  assert.equal((await read(shop.ctx, order)).shipping_address, null);
});
