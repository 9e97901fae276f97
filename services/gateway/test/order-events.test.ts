/** Streams of what happens to an order. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import { type TestBroker, testBroker } from '@souk/service-kit/testing';
import type { GatewayConfig, GatewayOverrides } from '../src/index.ts';
import { allOf, broadcast, eventsOf, type Histories, keepHistories, type StreamedEvent } from './_histories.ts';
import { aGateway, type TestGateway, until } from './_support.ts';

describe('the events of an order', () => {
  const user_id = randomUUID();
  let own: TestBroker;
  let shop: TestGateway;
  let histories: Histories;
  let token: string;

  before(async () => {
    own = await testBroker();
  });
  after(() => own.close());
  const open = async (config: Partial<GatewayConfig> = {}, overrides: GatewayOverrides = { broker: own.broker }): Promise<void> => {
    shop = await aGateway({ health_interval_ms: 60_000, ...config }, overrides);
    histories = await keepHistories();
    await shop.register('orders', histories.upstream);
    token = await shop.keys.tokenFor({ user_id });
  };
  afterEach(async () => {
    await shop.stop();
    await histories.upstream.close();
  });
  const watch = (order_id: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> =>
    fetch(`${shop.url}/api/orders/${order_id}/events`, { method, headers: { authorization: `Bearer ${token}`, ...headers } });
  const refusalOf = async (answer: Response): Promise<[number, string]> => [
    answer.status,
    ((await answer.json()) as { code: string }).code,
  ];
  const next = async (events: AsyncGenerator<StreamedEvent>): Promise<StreamedEvent | undefined> =>
    (await events.next()).value ?? undefined;
  const open_streams = (): number => shop.gateway.context.live.streams.count();
  const publish = (order_id: string): Promise<unknown> => broadcast(own.broker, 'order.confirmed', { order_id });

  it('come from the first on, then as they happen, and end with the order', async () => {
    await open();
    const order_id = histories.place(user_id, 'pending', 'confirmed');
    const answer = await watch(order_id);
    assert.deepEqual(
      ['content-type', 'cache-control', 'x-accel-buffering', 'content-encoding'].map((name) => answer.headers.get(name)),
      ['text/event-stream', 'private, no-store', 'no', null],
    );
    const events = eventsOf(answer);
    const retry = Number((await next(events))?.retry);
    assert.ok(retry >= 2_000 && retry <= 5_000, String(retry));
    const first = await next(events);
    assert.deepEqual([first?.event, (JSON.parse(first?.data ?? '') as { to: string }).to], ['pending', 'pending']);
    const second = await next(events);
    assert.equal(second?.event, 'confirmed');
    histories.add(order_id, 'shipped');
    await publish(order_id);
    assert.equal((await next(events))?.event, 'shipped');
    histories.add(order_id, 'completed');
    await publish(order_id);
    const rest = await allOf(events);
    assert.deepEqual(
      rest.map(({ event }) => event),
      ['completed', 'end'],
    );
    const again = await allOf(eventsOf(await watch(order_id, { 'last-event-id': second?.id ?? '' })));
    assert.deepEqual(
      again.map(({ event }) => event),
      [undefined, 'shipped', 'completed', 'end'],
    );
    assert.equal((await watch(order_id, { 'last-event-id': rest[0]?.id ?? '' })).status, 204);
    await until(() => open_streams() === 0 && shop.gateway.context.live.orders.keys === 0, 'nothing is watched any more');
  });

  it('come without a broadcast too, a little later', async () => {
    await open({}, {});
    const order_id = histories.place(user_id, 'pending');
    const events = eventsOf(await watch(order_id));
    await next(events);
    await next(events);
    histories.add(order_id, 'cancelled');
    assert.deepEqual(
      (await allOf(events)).map(({ event }) => event),
      ['cancelled', 'end'],
    );
  });

  it('are read for all who watch in few questions', async () => {
    await open({ caller_streams_max: 1_000, caller_requests_max: 1_000 });
    const orders = Array.from({ length: 150 }, () => histories.place(user_id, 'pending'));
    const streams = await Promise.all([...orders, ...orders].map(async (order_id) => eventsOf(await watch(order_id))));
    for (const events of streams) await next(events);
    for (const events of streams) assert.equal((await next(events))?.event, 'pending');
    const before = histories.questions.length;
    assert.ok(before < 100, `${before} questions for 300 streams`);
    for (const order_id of orders) histories.add(order_id, 'cancelled');
    await Promise.all(orders.map(publish));
    for (const events of streams) assert.equal((await next(events))?.event, 'cancelled');
    const asked = histories.questions.slice(before);
    assert.ok(asked.length < 100, `${asked.length} questions for 150 changes`);
  });

  it('come once to each, wherever others who ask at the same time begin', async () => {
    await open();
    const order_id = histories.place(user_id, 'pending', 'confirmed', 'shipped', 'cancelled');
    const sequences = (await allOf(eventsOf(await watch(order_id)))).map(({ id }) => Number(id)).filter((id) => id > 0);
    const starts = [0, ...sequences.slice(0, -1)];
    const answers = await Promise.all(
      starts.map(async (after) => allOf(eventsOf(await watch(order_id, { 'last-event-id': String(after) })))),
    );
    for (const [index, events] of answers.entries())
      assert.deepEqual(
        events.map(({ id }) => Number(id)).filter((id) => id > 0),
        sequences.slice(index),
      );
    assert.ok(
      histories.questions.some((orders) => orders > 1),
      'they asked at the same time',
    );
  });

  it('are for the customer and for staff', async () => {
    await open();
    const order_id = histories.place(user_id, 'pending', 'cancelled');
    const staff = await shop.keys.tokenFor({ role: 'staff' });
    assert.equal((await allOf(eventsOf(await watch(order_id, { authorization: `Bearer ${staff}` })))).length, 4);
    const foreign = await shop.keys.tokenFor();
    assert.deepEqual(await refusalOf(await watch(order_id, { authorization: `Bearer ${foreign}` })), [404, 'not_found']);
    assert.deepEqual(await refusalOf(await watch(randomUUID())), [404, 'not_found']);
    assert.deepEqual(await refusalOf(await watch('17')), [400, 'validation_failed']);
    const asked = await fetch(`${shop.url}/api/orders/${order_id}/events?after=3`, { headers: { authorization: `Bearer ${token}` } });
    assert.deepEqual(await refusalOf(asked), [400, 'validation_failed'], 'it takes no member in its query');
    assert.deepEqual(await refusalOf(await fetch(`${shop.url}/api/orders/${order_id}/events`)), [401, 'token_missing']);
    for (const id of ['x', '-1', '1e3', '9'.repeat(16), '1 '.repeat(9)])
      assert.deepEqual(await refusalOf(await watch(order_id, { 'last-event-id': id })), [400, 'header_invalid'], id);
    assert.deepEqual(await refusalOf(await watch(order_id, { accept: 'application/json' })), [406, 'not_acceptable']);
    assert.deepEqual(await refusalOf(await watch(order_id, { accept: '*/*;q=0' })), [406, 'not_acceptable']);
    const head = await watch(order_id, {}, 'HEAD');
    assert.deepEqual([head.status, head.headers.get('content-type')], [200, 'text/event-stream']);
    assert.equal((await watch(order_id, { 'last-event-id': '999999999999999' })).status, 204);
    await until(() => open_streams() === 0, 'every place is free again');
  });

  it('are not begun while orders is away, and go on when it was away in between', async () => {
    await open();
    const order_id = histories.place(user_id, 'pending');
    const events = eventsOf(await watch(order_id));
    await next(events);
    await next(events);
    histories.away = true;
    assert.deepEqual(await refusalOf(await watch(order_id)), [503, 'service_unavailable']);
    histories.add(order_id, 'confirmed');
    await publish(order_id);
    const failed = () =>
      shop.gateway.context.metrics.read(undefined).then(({ text }) => /live_reads_total\{[^}]*failed[^}]*\} [1-9]/.test(text ?? ''));
    await until(failed, 'a question has failed');
    histories.away = false;
    assert.equal((await next(events))?.event, 'confirmed');
  });

  it('end with the token, and have a limit for each caller', async () => {
    await open({ caller_streams_max: 2 });
    const order_id = histories.place(user_id, 'pending');
    const short = await shop.keys.tokenFor({ user_id, expires_in_s: 2 });
    const ending = await watch(order_id, { authorization: `Bearer ${short}` });
    const staying = await watch(order_id);
    const third = await watch(order_id);
    assert.deepEqual([third.headers.get('retry-after'), ...(await refusalOf(third))], ['5', 429, 'too_many_streams']);
    const ended = await allOf(eventsOf(ending));
    assert.deepEqual(
      ended.map(({ event }) => event),
      [undefined, 'pending'],
    );
    assert.equal((await watch(order_id)).status, 200);
    await staying.body?.cancel();
    await until(() => open_streams() === 1, 'who has left holds no place');
  });

  it('end for a client that does not read, at once for all when the gateway stops', async () => {
    await open();
    const order_id = histories.place(user_id, 'pending');
    for (let line = 0; line < 70; line += 1) histories.add(order_id, 'pending', 'x'.repeat(100_000));
    const socket = connect(shop.port, '127.0.0.1', () => {
      socket.write(`GET /api/orders/${order_id}/events HTTP/1.1\r\nhost: souk\r\nauthorization: Bearer ${token}\r\n\r\n`);
    });
    socket.pause().on('error', () => undefined);
    await until(() => open_streams() === 1 && histories.questions.length > 0, 'the stream is open');
    histories.add(order_id, 'confirmed');
    await publish(order_id);
    const reason = async (name: string): Promise<boolean> => {
      const { text } = await shop.gateway.context.metrics.read(undefined);
      return new RegExp(`streams_ended_total\\{[^}]*reason="${name}"[^}]*\\} [1-9]`).test(text ?? '');
    };
    await until(() => reason('slow'), 'the stream that nobody reads is cut off');
    socket.destroy();
    const other = histories.place(user_id, 'pending');
    const streams = await Promise.all([1, 2, 3].map(async () => eventsOf(await watch(other))));
    await shop.gateway.stop();
    for (const events of streams)
      assert.deepEqual(
        (await allOf(events)).map(({ event }) => event),
        [undefined, 'pending'],
      );
    assert.equal(open_streams(), 0);
  });
});
