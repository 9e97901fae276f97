import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createTestClient } from '@souk/client/testing';
import {
  type Cart,
  cancelLinkedOrder,
  cancelOrder,
  findCustomersWithOrders,
  getCart,
  getLinkedOrder,
  getOrder,
  getOrderHistory,
  listOrders,
  lookUpOrder,
  mergeCart,
  placeOrder,
  putCart,
} from '@souk/contracts';
import { anEnvelope, until } from '@souk/messaging/testing';
import { eraseUserConsumer } from '../src/consumers/erase-user.ts';
import { linkGuestConsumer } from '../src/consumers/link-guest.ts';
import { aCustomer, anAddress, anId, anOrder, anOrderRequest, aProduct, openShop, type Shop } from './_support.ts';

let shop: Shop;
before(async () => {
  shop = await openShop();
});
after(() => shop.stop());
const anonymous = () => createTestClient({ base_url: shop.url });

describe('the saved cart', () => {
  const tag = (etag: unknown) => ({ 'if-match': String(etag) });

  test('is empty at first, is written whole at the version that was read, and has one owner', async () => {
    const customer = await aCustomer(shop);
    const [tea, pot] = [await aProduct(shop.ctx), await aProduct(shop.ctx)];
    const none = await customer.expect(200, getCart);
    assert.deepEqual([none.body.version, none.body.lines, none.body.updated_at], [0, [], null]);
    const lines = [{ product_id: tea.product_id, quantity: 2 }];
    assert.equal((await customer.refused(428, putCart, { body: { lines } })).code, 'precondition_required');
    const first = await customer.expect(200, putCart, { body: { lines }, headers: tag(none.headers['etag']) });
    assert.deepEqual(first.body.lines, lines);
    const stale = await customer.refused(412, putCart, { body: { lines: [] }, headers: tag(none.headers['etag']) });
    assert.deepEqual([stale.code, (stale as { current?: Cart }).current], ['precondition_failed', first.body]);
    // The answer to the first was lost: asked for again it is answered alike.
    assert.deepEqual(await customer.must(putCart, { body: { lines }, headers: tag(none.headers['etag']) }), first.body);
    const merged = await customer.must(mergeCart, { body: { lines: [{ product_id: pot.product_id, quantity: 1 }] } });
    assert.deepEqual(merged.lines, [...lines, { product_id: pot.product_id, quantity: 1, merged: 'added' }]);
    assert.deepEqual(await customer.must(mergeCart, { body: { lines: [{ product_id: pot.product_id, quantity: 1 }] } }), merged);
    const twice = { lines: [...lines, ...lines] };
    assert.equal((await customer.refused(400, putCart, { body: twice, headers: { 'if-match': '*' } })).errors?.length, 1);
    const stranger = await aCustomer(shop);
    assert.deepEqual((await stranger.must(getCart)).lines, []);
    await stranger.refused(412, putCart, { body: { lines }, headers: tag(first.headers['etag']) });
  });

  test('goes with the order that names its version; a line added meanwhile stays, and an old version never comes back', async () => {
    const customer = await aCustomer(shop);
    const product = await aProduct(shop.ctx);
    const lines = [{ product_id: product.product_id, quantity: 1 }];
    const { version } = await customer.must(mergeCart, { body: { lines } });
    const other = await aProduct(shop.ctx);
    const changed = await customer.must(mergeCart, { body: { lines: [{ product_id: other.product_id, quantity: 1 }] } });
    const body = anOrderRequest(product, { cart_version: version });
    const idempotency_key = anId();
    await customer.must(placeOrder, { body, idempotency_key });
    assert.deepEqual(await customer.must(getCart), changed, 'it has changed since it was read');
    await customer.must(placeOrder, { body: { ...body, cart_version: changed.version } });
    assert.deepEqual((await customer.must(getCart)).lines, []);
    const anew = await customer.must(mergeCart, { body: { lines } });
    assert.ok(anew.version > changed.version);
    await customer.must(placeOrder, { body, idempotency_key });
    await customer.must(placeOrder, { body: { ...body, cart_version: changed.version } });
    assert.deepEqual(await customer.must(getCart), anew, 'neither a repeat nor an older version empties it');
    const sold = anOrderRequest(product, { cart_version: anew.version, expected_total: 1 });
    await customer.refused(409, placeOrder, { body: sold });
    assert.deepEqual(await customer.must(getCart), anew, 'an order that is refused empties nothing');
  });

  test('is erased with its customer, and a token that lives on brings no other', async () => {
    const user_id = anId();
    const customer = createTestClient({ base_url: shop.url, token: await shop.tokenFor({ user_id }) });
    const lines = [{ product_id: anId(), quantity: 1 }];
    await customer.must(mergeCart, { body: { lines } });
    const erased = anEnvelope('user.deleted', { user_id, user_version: 2 });
    await shop.ctx.db.transaction(async (tx) => eraseUserConsumer.handle(shop.ctx, tx, [erased] as never));
    assert.deepEqual((await customer.must(getCart)).lines, []);
    assert.equal((await customer.refused(401, mergeCart, { body: { lines } })).code, 'token_invalid');
  });
});

describe('the orders of a guest', () => {
  const link = (user_id: string, guest_user_id: string) => {
    const event = anEnvelope('user.guest_linked', { user_id, guest_user_id });
    return shop.ctx.db.transaction(async (tx) => linkGuestConsumer.handle(shop.ctx, tx, [event] as never));
  };
  const clientOf = async (user_id: string) => createTestClient({ base_url: shop.url, token: await shop.tokenFor({ user_id }) });

  test('are those of the person who has linked it, and of nobody else', async () => {
    const [person_id, guest_id] = [anId(), anId()];
    const [person, guest, stranger] = [await clientOf(person_id), await clientOf(guest_id), await aCustomer(shop)];
    const [own, ordered, kept] = [await anOrder(shop, {}, person), await anOrder(shop, {}, guest), await anOrder(shop, {}, guest)];
    const params = { order_id: ordered.id };
    await person.refused(404, getOrder, { params });
    await link(person_id, guest_id);
    await link(anId(), guest_id);
    const listed = async (client: typeof person, query = {}) => (await client.must(listOrders, { query })).map(({ id }) => id);
    assert.deepEqual(await listed(person), [kept.id, ordered.id, own.id]);
    assert.deepEqual(await listed(person, { limit: 2 }), [kept.id, ordered.id]);
    assert.deepEqual(await listed(person, { ids: `${own.id},${ordered.id}` }), [own.id, ordered.id]);
    assert.equal((await person.must(getOrder, { params })).user_id, guest_id, 'the order is not rewritten');
    assert.equal((await person.must(getOrderHistory, { params })).length, 1);
    assert.equal((await person.must(cancelOrder, { params, body: {} })).status, 'cancelled');
    await stranger.refused(404, getOrder, { params });
    await stranger.refused(404, cancelOrder, { params: { order_id: kept.id }, body: {} });
    assert.deepEqual(await listed(guest), [kept.id, ordered.id], 'the guest sees none of the person');
    const internal = createTestClient({ base_url: shop.url, token: shop.internal_token });
    const asked = { user_ids: [guest_id, anId(), person_id] };
    assert.deepEqual((await internal.must(findCustomersWithOrders, { body: asked })).user_ids.sort(), [guest_id, person_id].sort());
  });

  test('are not linked to a person who was erased, in whichever order both are heard', async () => {
    const [person_id, guest_id, other_id] = [anId(), anId(), anId()];
    const erased = anEnvelope('user.deleted', { user_id: person_id, user_version: 3 });
    await link(person_id, guest_id);
    await shop.ctx.db.transaction(async (tx) => eraseUserConsumer.handle(shop.ctx, tx, [erased] as never));
    await link(person_id, other_id);
    assert.deepEqual(await shop.ctx.db.query('select 1 from linked_guests where user_id = $1', [person_id]), []);
  });
});

describe('an order is looked up', () => {
  const lookUp = (order_number: string, email: string) => anonymous().expect(202, lookUpOrder, { body: { order_number, email } });
  // What is published is deleted from the outbox: kept here, whatever the relay does.
  before(async () => {
    const { db } = shop.ctx;
    await db.query('create table links_requested (body text)');
    await db.query(
      `create function keep_link() returns trigger language plpgsql as $$
       begin if new.event_type = 'order.link_requested' then insert into links_requested values (new.body); end if; return new; end $$`,
    );
    await db.query('create trigger keep_link before insert on outbox for each row execute function keep_link()');
  });
  const eventsFor = async (order_id: string) =>
    (await shop.ctx.db.query<{ body: string }>('select body from links_requested where body like $1', [`%${order_id}%`])).map(
      ({ body }) => JSON.parse(body) as Record<string, unknown>,
    );
  const answered = () =>
    until(async () => ((await shop.ctx.db.query('select 1 from lookup_requests')).length === 0 ? undefined : 'requests are waiting'));
  const opened = (link: string) => ({ authorization: `OrderLink ${link}` });
  const soon = () => shop.ctx.clock.now() + 60_000;

  test('with one answer whether it is there or not, ten times an hour by address, and no address is kept', async () => {
    const order = await anOrder(shop);
    const known = await lookUp(order.order_number, 'Nora@mail.example');
    const unknown = await lookUp('S-99999999', 'nora@mail.example');
    assert.deepEqual(known.body, unknown.body);
    await answered();
    const [event] = await eventsFor(order.id);
    assert.deepEqual(
      [event?.['user_id'], event?.['order_number'], event?.['email_digest']],
      [shop.customer_id, order.order_number, shop.ctx.order_links.addressDigest('nora@mail.example')],
    );
    assert.doesNotMatch(JSON.stringify(event), /nora/i);
    await Promise.all(Array.from({ length: 30 }, () => lookUp(order.order_number, 'nora@MAIL.example')));
    await answered();
    assert.equal((await eventsFor(order.id)).length, 9, 'two of the ten were used before');
    await lookUp(order.order_number, 'another@mail.example');
    await answered();
    assert.equal((await eventsFor(order.id)).length, 10, 'another address has its own ten');
  });

  test('and its link shows that order alone, without street and telephone, and cancels it', async () => {
    const shipping_address = { ...anAddress, phone: '+41 31 000 00 00' };
    const [order, other] = [await anOrder(shop, { shipping_address }), await anOrder(shop)];
    const link = shop.ctx.order_links.sign(order.id, soon());
    const { body, headers } = await anonymous().expect(200, getLinkedOrder, { headers: opened(link) });
    assert.deepEqual([body.id, body.order_number, body.status, body.total_amount], [order.id, order.order_number, 'pending', 25]);
    assert.deepEqual(body.town, { city: 'Bern', country: 'CH' });
    assert.doesNotMatch(JSON.stringify(body), /Lindenweg|41 31|user_id|shipping_address/);
    assert.match(String(headers['cache-control']), /no-store/);
    const cancelled = await anonymous().expect(200, cancelLinkedOrder, { headers: opened(link) });
    assert.equal(cancelled.body.status, 'cancelled');
    assert.equal((await anonymous().expect(200, cancelLinkedOrder, { headers: opened(link) })).body.version, cancelled.body.version);
    const history = await shop.customer.must(getOrderHistory, { params: { order_id: order.id } });
    assert.equal(history.at(-1)?.actor, `user:${shop.customer_id}/link`);
    assert.equal((await shop.customer.must(getOrder, { params: { order_id: other.id } })).status, 'pending');
    assert.equal(
      (await anonymous().refused(401, getOrder, { params: { order_id: order.id }, headers: opened(link) })).code,
      'token_invalid',
    );
  });

  test('and nothing else opens one: no header, a token, a link that ended, was changed, or is of an erased customer', async () => {
    const user_id = anId();
    const customer = createTestClient({ base_url: shop.url, token: await shop.tokenFor({ user_id }) });
    const order = await anOrder(shop, {}, customer);
    const good = shop.ctx.order_links.sign(order.id, soon());
    assert.equal((await anonymous().refused(401, getLinkedOrder)).code, 'token_missing');
    assert.equal((await customer.refused(401, getLinkedOrder)).code, 'token_invalid');
    const ended = shop.ctx.order_links.sign(order.id, shop.ctx.clock.now() - 1);
    for (const link of [ended, good.replace(order.id, anId()), `${good}x`, shop.ctx.order_links.sign(anId(), soon())])
      for (const route of [getLinkedOrder, cancelLinkedOrder] as const)
        assert.equal((await anonymous().refused(401, route, { headers: opened(link) })).code, 'token_invalid');
    await anonymous().expect(200, getLinkedOrder, { headers: opened(good) });
    const erased = anEnvelope('user.deleted', { user_id, user_version: 2 });
    await shop.ctx.db.transaction(async (tx) => eraseUserConsumer.handle(shop.ctx, tx, [erased] as never));
    await anonymous().refused(401, getLinkedOrder, { headers: opened(good) });
    await lookUp(order.order_number, 'late@mail.example');
    await answered();
    assert.deepEqual(await eventsFor(order.id), []);
  });
});
