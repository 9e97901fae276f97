/** Subscriptions of the graph over the running shop: every line of a history once and in order, resumed where they broke off, and bounded. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createEventStreamParser, type ServerEvent } from '@souk/client';
import { completeOrder, getOrderHistory, login, type Product, shipOrder } from '@souk/contracts';
import { until } from '@souk/platform/testing';
import { readExposition } from './_exposition.ts';
import { buy, openShop, type Shop, type Shopper, scraper } from './_support.ts';

type Json = Record<string, unknown>;

const query = `subscription Follow($order_id: ID!) {
  orderChanged(order_id: $order_id) { sequence from to order { status total_amount items { product { name } } } }
}`;

interface Subscription {
  answer: Response;
  events: AsyncIterator<ServerEvent>;
  leave(): void;
}

describe('a subscription of the graph', () => {
  let shop: Shop;
  let shopper: Shopper;
  let token: string;
  let product: Product;
  before(async () => {
    shop = await openShop();
    shopper = await shop.aShopper();
    token = await tokenOf(shopper);
    product = await shop.aProduct(100);
  });
  after(() => shop?.souk.stop());

  const tokenOf = async ({ email, password }: Shopper): Promise<string> =>
    (await shop.anonymous.expect(200, login, { body: { login: email, password } })).body.access_token;
  const subscribe = async (body: Json, headers: Record<string, string> = {}): Promise<Subscription> => {
    const gone = new AbortController();
    const answer = await fetch(`${shop.souk.gateway_url}/graphql`, {
      method: 'POST',
      headers: { accept: 'text/event-stream', 'content-type': 'application/json', 'accept-encoding': 'gzip, br, zstd', ...headers },
      body: JSON.stringify(body),
      signal: gone.signal,
    });
    return { answer, events: eventsOf(answer), leave: () => gone.abort() };
  };
  const follow = (order_id: string, more: Record<string, string> = {}, as = token): Promise<Subscription> =>
    subscribe({ query, variables: { order_id } }, { authorization: `Bearer ${as}`, ...more });
  const openStreams = async (): Promise<number> => {
    const text = await (await fetch(`${shop.souk.gateway_url}/metrics`, { headers: scraper(shop) })).text();
    return readExposition(text).series.find(({ name }) => name === 'souk_gateway_streams')?.value ?? -1;
  };
  const areOpen = (expected: number): Promise<void> =>
    until(async () => {
      const open = await openStreams();
      return open === expected ? undefined : `${open} streams are open, not ${expected}`;
    });
  const noneIsOpen = (): Promise<void> => areOpen(0);
  const refusedWith = async ({ answer, events }: Subscription): Promise<unknown[]> => {
    assert.equal(answer.status, 200);
    const [first, second] = [await events.next(), await events.next()];
    const { errors } = JSON.parse(first.value.data) as { errors: { extensions: Json }[] };
    assert.equal((await events.next()).done, true);
    return [errors[0]?.extensions['code'], second.value.event];
  };

  test('says each line once and in order as it is written, neither coded nor held back, and completes after the last', async () => {
    const { id: order_id } = await buy(shopper, product);
    const { answer, events } = await follow(order_id);
    assert.deepEqual(
      ['content-type', 'content-encoding', 'cache-control', 'x-accel-buffering'].map((name) => answer.headers.get(name)),
      ['text/event-stream', null, 'private, no-store', 'no'],
    );
    const seen: { id: string | undefined; line: Json }[] = [];
    const next = async (): Promise<Json> => {
      const { id, event, data } = (await events.next()).value as ServerEvent;
      assert.equal(event, 'next');
      const { data: part, errors, extensions } = JSON.parse(data) as { data: { orderChanged: Json }; errors?: unknown; extensions: Json };
      assert.equal(errors, undefined);
      assert.deepEqual(extensions, { cost: { requested: 13, max: 1_000, requests: 2 } });
      seen.push({ id, line: part.orderChanged });
      return part.orderChanged;
    };
    const upTo = async (status: string): Promise<Json> => {
      const line = await next();
      return line['to'] === status ? line : upTo(status);
    };
    const confirmed = await upTo('confirmed');
    assert.deepEqual(confirmed['order'], {
      status: 'confirmed',
      total_amount: 129.95,
      items: [{ product: { name: 'Copper kettle' } }],
    });
    const params = { order_id };
    await shop.staff.must(shipOrder, { params, body: { carrier: 'Post', tracking_number: '1' } });
    assert.equal((await upTo('shipped'))['from'], 'confirmed');
    const completed_at = performance.now();
    await shop.staff.must(completeOrder, { params, body: {} });
    await upTo('completed');
    const took_ms = performance.now() - completed_at;
    const last = (await events.next()).value as ServerEvent;
    assert.deepEqual([last.event, last.data], ['complete', '']);
    assert.equal((await events.next()).done, true);
    const history = (await shopper.api.expect(200, getOrderHistory, { params })).body.map(({ sequence }) => sequence);
    assert.deepEqual(
      seen.map(({ id, line }) => [Number(id), line['sequence']]),
      history.map((sequence) => [sequence, sequence]),
    );
    process.stdout.write(`subscription: ${seen.length} lines; its completion was seen after ${took_ms.toFixed(0)} ms\n`);
    const again = await follow(order_id, { 'last-event-id': String(history[1]) });
    const rest: string[] = [];
    for (let one = await again.events.next(); one.done !== true; one = await again.events.next())
      rest.push(one.value.id ?? one.value.event);
    assert.deepEqual(rest, [...history.slice(2).map(String), 'complete']);
    const over = await follow(order_id, { 'last-event-id': String(history.at(-1)) });
    assert.equal((await over.events.next()).value?.event, 'complete');
    await noneIsOpen();
  });

  test('is refused as the order itself is: a foreign one, an unknown one, one without a token or with a wrong id', async () => {
    const { id: order_id } = await buy(shopper, product);
    const other = await tokenOf(await shop.aShopper());
    assert.deepEqual(await refusedWith(await follow(order_id, {}, other)), ['not_found', 'complete']);
    assert.deepEqual(await refusedWith(await follow('0198c5a4-0000-7000-8000-000000000000')), ['not_found', 'complete']);
    assert.deepEqual(await refusedWith(await follow('../../metrics')), ['validation_failed', 'complete']);
    assert.deepEqual(await refusedWith(await subscribe({ query, variables: { order_id } })), ['token_missing', 'complete']);
    assert.deepEqual(await refusedWith(await follow(order_id, { 'last-event-id': 'x' })), ['header_invalid', 'complete']);
    assert.equal((await follow(order_id, {}, 'a.forged.token')).answer.status, 401);
    await noneIsOpen();
  });

  test('is one field: a bomb of them opens nothing', async () => {
    const { id } = await buy(shopper, product);
    const headers = { authorization: `Bearer ${token}` };
    const many = (count: number): string =>
      Array.from({ length: count }, (_, index) => `a${index}: orderChanged(order_id: "${id}") { to }`).join(' ');
    for (const [document, code] of [
      [`subscription { ${many(2)} }`, 'graphql_invalid'],
      [`subscription { ${many(21)} }`, 'graphql_too_costly'],
      [
        `subscription { ...F ...G } fragment F on Subscription { ${many(1)} } fragment G on Subscription { b: orderChanged(order_id: "${id}") { to } }`,
        'graphql_invalid',
      ],
      [`subscription A { ${many(1)} } subscription B { ${many(1)} }`, 'validation_failed'],
      ['subscription { __typename }', 'graphql_invalid'],
    ] as const) {
      const opened = await subscribe({ query: document }, headers);
      assert.deepEqual(await refusedWith(opened), [code, 'complete'], document);
    }
    const plain = await subscribe({ query, variables: { order_id: id } }, { ...headers, accept: 'application/json' });
    const { errors } = (await plain.answer.json()) as { errors: { extensions: Json }[] };
    assert.equal(errors[0]?.extensions['code'], 'not_acceptable');
    const one = await subscribe({ query: '{ products(limit: 1) { nodes { id } } }' });
    assert.deepEqual([(await one.events.next()).value.event, (await one.events.next()).value.event], ['next', 'complete']);
    await noneIsOpen();
  });

  test('of a client that leaves ends behind it as well; a caller has a bounded number of them', async () => {
    const { id: order_id } = await buy(shopper, product);
    const opened = await Promise.all(Array.from({ length: 20 }, () => follow(order_id)));
    assert.deepEqual(
      opened.map(({ answer }) => answer.status),
      Array(20).fill(200),
    );
    await Promise.all(opened.map(({ events }) => events.next()));
    // Each is one stream to the client and one that its events are read from.
    assert.equal(await openStreams(), 40);
    const refused = await follow(order_id);
    assert.deepEqual([refused.answer.status, ((await refused.answer.json()) as Json)['code']], [429, 'too_many_streams']);
    assert.ok(Number(refused.answer.headers.get('retry-after')) >= 1);
    const other = await shop.aShopper();
    // Held until the end: fetch cancels the body of an answer that is collected as garbage, and its stream would be gone.
    const theirs = await follow((await buy(other, product)).id, {}, await tokenOf(other));
    assert.equal(theirs.answer.status, 200, 'others are not kept off');
    for (const { leave } of opened) leave();
    await areOpen(2);
    theirs.leave();
    const again = await follow(order_id);
    assert.equal(again.answer.status, 200);
    again.leave();
  });

  test('ends without complete when the shop stops, so that its client comes back', async () => {
    const { id: order_id } = await buy(shopper, product);
    const { events } = await follow(order_id);
    const seen: string[] = [];
    const watched = (async () => {
      for (let one = await events.next(); one.done !== true; one = await events.next()) seen.push(one.value.event);
    })();
    await until(async () => (seen.length > 0 ? undefined : 'nothing has come'));
    const began = performance.now();
    await shop.souk.stopService('web');
    await watched;
    assert.equal(seen.includes('complete'), false);
    assert.ok(performance.now() - began < 5_000, 'the service does not wait for its streams');
  });
});

async function* eventsOf(answer: Response): AsyncGenerator<ServerEvent> {
  const parser = createEventStreamParser();
  for await (const bytes of answer.body ?? []) yield* parser.push(bytes);
}
