/** WebSockets over which clients follow several things at once. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, before, describe, it } from 'node:test';
import type { LiveMessage } from '@souk/contracts';
import { type TestBroker, testBroker } from '@souk/service-kit/testing';
import type { GatewayConfig } from '../src/index.ts';
import { broadcast, type Histories, keepHistories } from './_histories.ts';
import { connectSocket, type SocketClient, summaryOf } from './_socket-client.ts';
import { aGateway, anUpstream, rawExchange, sendJson, type TestGateway, type Upstream, until } from './_support.ts';

describe('the WebSocket', () => {
  const user_id = randomUUID();
  let own: TestBroker;
  let shop: TestGateway;
  let histories: Histories;
  let inventory: Upstream;
  let token: string;

  before(async () => {
    own = await testBroker();
  });
  after(() => own.close());
  const open = async (config: Partial<GatewayConfig> = {}): Promise<void> => {
    shop = await aGateway({ health_interval_ms: 60_000, ...config }, { broker: own.broker });
    histories = await keepHistories();
    inventory = await anUpstream((_request, response, body) => {
      const { product_ids } = JSON.parse(body) as { product_ids: string[] };
      const levels = product_ids.map((product_id) => ({
        product_id,
        available: 3,
        stock_version: 1,
        updated_at: '2026-11-29T10:00:00.000Z',
      }));
      sendJson(response, 200, levels);
    });
    await shop.register('orders', histories.upstream);
    await shop.register('inventory', inventory);
    token = await shop.keys.tokenFor({ user_id });
  };
  afterEach(async () => {
    await shop.stop();
    await histories.upstream.close();
    await inventory.close();
  });

  const address = (): string => `${shop.url.replace('http', 'ws')}/ws`;
  const connectAs = async (
    headers: Record<string, string> = { authorization: `Bearer ${token}` },
    protocols: string[] = ['souk.v1'],
  ): Promise<SocketClient> => connectSocket(address(), headers, protocols);
  const subscribeTo = (order_id: string, id = 'one', after = 0) => ({ type: 'subscribe', id, topic: 'order', order_id, after });
  const publish = (event_type: string, payload: object): Promise<unknown> => broadcast(own.broker, event_type, payload);
  const nothingLeft = (): Promise<void> =>
    until(() => {
      const { live } = shop.gateway.context;
      return live.streams.count() === 0 && live.orders.keys === 0 && live.stock.keys === 0;
    }, 'nothing is held any more');

  it('follows orders, stock and the shop over one connection', async () => {
    await open();
    const order_id = histories.place(user_id, 'pending', 'confirmed');
    const staff = await shop.keys.tokenFor({ role: 'staff' });
    const client = await connectAs({ authorization: `Bearer ${staff}` });
    assert.equal(client.socket.protocol, 'souk.v1');
    assert.equal(client.socket.extensions, '');
    client.send(subscribeTo(order_id));
    const seen = [await client.next(), await client.next(), await client.next()];
    assert.deepEqual(seen.map(summaryOf), [
      ['subscribed', 'one'],
      ['event', 'one', 'pending'],
      ['event', 'one', 'confirmed'],
    ]);
    const product_id = randomUUID();
    client.send({ type: 'subscribe', id: 'stock', topic: 'stock', product_ids: [product_id] });
    assert.deepEqual(summaryOf(await client.next()), ['subscribed', 'stock']);
    assert.deepEqual(summaryOf(await client.next()), ['event', 'stock', 'stock']);
    client.send({ type: 'subscribe', id: 'all', topic: 'shop', topics: ['products'] });
    assert.deepEqual(
      [summaryOf(await client.next()), summaryOf(await client.next())],
      [
        ['subscribed', 'all'],
        ['event', 'all', 'gap'],
      ],
    );
    await publish('product.updated', { product_id });
    // Once more when the subscription at the broker begins after that.
    const nextButGap = async (): Promise<ReturnType<typeof summaryOf>> => {
      const news = summaryOf(await client.next());
      return news[2] === 'gap' ? nextButGap() : news;
    };
    assert.deepEqual(await nextButGap(), ['event', 'all', 'product.updated']);
    client.send({ type: 'unsubscribe', id: 'all' });
    assert.deepEqual(await nextButGap(), ['unsubscribed', 'all']);
    await publish('product.updated', { product_id });
    histories.add(order_id, 'shipped');
    histories.add(order_id, 'completed');
    await publish('order.completed', { order_id });
    assert.deepEqual([await client.next(), await client.next(), await client.next()].map(summaryOf), [
      ['event', 'one', 'shipped'],
      ['event', 'one', 'completed'],
      ['end', 'one'],
    ]);
    client.send({ type: 'ping' });
    assert.deepEqual(await client.next(), { type: 'pong' });
    client.send(subscribeTo(order_id, 'again', (seen[2] as { sequence: number }).sequence));
    assert.deepEqual([await client.next(), await client.next(), await client.next(), await client.next()].map(summaryOf), [
      ['subscribed', 'again'],
      ['event', 'again', 'shipped'],
      ['event', 'again', 'completed'],
      ['end', 'again'],
    ]);
    client.socket.close();
    await client.closed;
    await nothingLeft();
  });

  it('takes the token as a subprotocol or as a message, and ends with it', async () => {
    await open();
    const order_id = histories.place(user_id, 'pending');
    const short = await shop.keys.tokenFor({ user_id, expires_in_s: 2 });
    const browser = await connectAs({}, ['souk.v1', `bearer.${short}`]);
    assert.equal(browser.socket.protocol, 'souk.v1', 'the token is not repeated');
    const late = await connectAs({});
    late.send(subscribeTo(order_id));
    assert.deepEqual(summaryOf(await late.next()), ['error', 'one', 'token_missing']);
    late.send({ type: 'authenticate', token: 'guessed' });
    assert.deepEqual(summaryOf(await late.next()), ['error', 'token_invalid']);
    late.send({ type: 'authenticate', token: short });
    assert.equal((await late.next()).type, 'authenticated');
    late.send({ type: 'authenticate', token: await shop.keys.tokenFor() });
    assert.deepEqual(summaryOf(await late.next()), ['error', 'forbidden'], 'a connection is that of one user');
    late.send({ type: 'authenticate', token });
    assert.equal((await late.next()).type, 'authenticated');
    browser.send(subscribeTo(order_id));
    assert.deepEqual(summaryOf(await browser.next()), ['subscribed', 'one']);
    assert.deepEqual(await browser.closed, [4401, 'token']);
    late.send(subscribeTo(order_id));
    assert.deepEqual(summaryOf(await late.next()), ['subscribed', 'one'], 'the fresh token has prolonged it');
    late.socket.terminate();
    await nothingLeft();
  });

  it('ends for who comes back with another role', async () => {
    await open();
    const client = await connectAs({ authorization: `Bearer ${await shop.keys.tokenFor({ user_id, role: 'staff' })}` });
    client.send({ type: 'subscribe', id: 'all', topic: 'shop' });
    assert.deepEqual(summaryOf(await client.next()), ['subscribed', 'all']);
    client.send({ type: 'authenticate', token });
    assert.deepEqual(await client.closed, [4401, 'token']);
    await nothingLeft();
  });

  it('is not opened any more when the gateway stops, and holds up no stop', async () => {
    await open();
    const other = await anUpstream();
    await shop.register('gateway', other);
    assert.equal((await fetch(`${shop.url}/health/live`)).status, 200);
    const stopped = shop.gateway.stop();
    // There is another gateway, so this one still answers for a moment.
    assert.equal((await fetch(`${shop.url}/health/ready`)).status, 503);
    await assert.rejects(connectAs(), /503 shutting_down/);
    await stopped;
    await other.close();
  });

  it('refuses each message for itself, and whom to refuse', async () => {
    await open();
    const foreign = histories.place(randomUUID(), 'pending');
    const client = await connectAs();
    const refused = async (message: unknown, ...expected: string[]): Promise<void> => {
      client.send(message);
      assert.deepEqual(summaryOf(await client.next()), ['error', ...expected], JSON.stringify(message).slice(0, 100));
    };
    for (const text of ['', 'x', '[', 'null', '"ping"', '17']) await refused(text, 'json_invalid');
    client.socket.send(Buffer.from('{"type":"ping"}'));
    assert.deepEqual(summaryOf(await client.next()), ['error', 'json_invalid'], 'binary');
    for (const message of [{}, [], { type: 'constructor' }, { type: 'subscribe' }, { type: 'subscribe', topic: '__proto__' }])
      await refused(message, 'validation_failed');
    await refused({ ...subscribeTo(foreign), more: 1 }, 'one', 'validation_failed');
    await refused({ ...subscribeTo(foreign), after: -1 }, 'one', 'validation_failed');
    await refused(subscribeTo('17'), 'one', 'validation_failed');
    await refused({ ...subscribeTo(foreign), topic: 'weather' }, 'one', 'validation_failed');
    for (const id of [17, '', null, { id: 'one' }]) await refused({ ...subscribeTo(foreign), id }, 'validation_failed');
    await refused({ type: 'subscribe', id: 'x'.repeat(65), topic: 'stock', product_ids: [foreign] }, 'validation_failed');
    await refused({ type: 'unsubscribe', id: 'none' }, 'none', 'validation_failed');
    await refused(subscribeTo(foreign), 'one', 'not_found');
    await refused(subscribeTo(randomUUID()), 'one', 'not_found');
    await refused({ type: 'subscribe', id: 'all', topic: 'shop' }, 'all', 'forbidden');
    histories.away = true;
    await refused(subscribeTo(foreign), 'one', 'service_unavailable');
    client.socket.send(JSON.stringify({ type: 'authenticate', token: 'x'.repeat(5_000) }));
    assert.equal((await client.closed)[0], 1009, 'a message above 4 kB');
    await nothingLeft();
  });

  it('bounds subscriptions, messages and connections', async () => {
    await open({ caller_streams_max: 2 });
    const orders = Array.from({ length: 101 }, () => histories.place(user_id, 'pending'));
    const client = await connectAs();
    for (const [index, order_id] of orders.entries()) client.send(subscribeTo(order_id, String(index)));
    const answers: LiveMessage[] = [];
    while (answers.length < 201) answers.push(await client.next());
    assert.deepEqual(answers.filter(({ type }) => type === 'error').map(summaryOf), [['error', '100', 'too_many_streams']]);
    assert.equal(answers.filter(({ type }) => type === 'subscribed').length, 100);
    assert.ok(histories.questions.length < 20, `${histories.questions.length} questions`);
    await connectAs();
    await assert.rejects(connectAs(), /429 too_many_streams/);
    for (let message = 0; message < 200; message += 1) client.send({ type: 'ping' });
    assert.deepEqual(await client.closed, [4429, 'flood']);
  });

  it('refuses handshakes as requests, in problem documents', async () => {
    await open({ cors_origins: 'https://shop.example' });
    const own_origin = await connectAs({ origin: shop.url });
    const allowed = await connectAs({ origin: 'https://shop.example' });
    await assert.rejects(connectAs({ origin: 'https://evil.example' }), /403 forbidden/);
    await assert.rejects(connectAs({ authorization: 'Bearer guessed' }), /401 token_invalid/);
    await assert.rejects(connectAs({}, ['souk.v1', 'bearer.guessed']), /401 token_invalid/);
    await assert.rejects(connectAs({}, ['chat']), /400 header_invalid/);
    const plain = await fetch(`${shop.url}/ws`);
    assert.deepEqual([plain.status, plain.headers.get('upgrade')], [426, 'websocket']);
    const short = await fetch(`${shop.url}/ws`, { method: 'HEAD' });
    assert.deepEqual([short.status, short.headers.get('upgrade')], [426, 'websocket']);
    const shake =
      'HEAD /ws HTTP/1.1\r\nhost: souk\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n';
    assert.match(await rawExchange(shop.port, `${shake}\r\n`), /^HTTP\/1\.1 426 [\s\S]*\r\nupgrade: websocket\r\n[\s\S]*\r\n\r\n$/i);
    const head = 'GET /ws HTTP/1.1\r\nhost: souk\r\nconnection: upgrade\r\nupgrade: websocket\r\n';
    const wrong = [
      '',
      'sec-websocket-version: 8\r\n',
      'sec-websocket-version: 13\r\n',
      'sec-websocket-version: 13\r\nsec-websocket-key: x\r\n',
    ];
    for (const more of wrong) assert.match(await rawExchange(shop.port, `${head}${more}\r\n`), /^HTTP\/1\.1 400 [\s\S]*header_invalid/);
    const elsewhere = await rawExchange(shop.port, `${head.replace('/ws', '/health/live')}\r\n`, (text) => text.includes('healthy'));
    assert.match(elsewhere, /^HTTP\/1\.1 200 /, 'other addresses take no upgrade');
    assert.equal((await fetch(`${shop.url}/ws`, { method: 'POST' })).status, 405);
    await shop.gateway.stop();
    assert.deepEqual(
      [await own_origin.closed, await allowed.closed],
      [
        [1001, 'stopping'],
        [1001, 'stopping'],
      ],
    );
  });
});
