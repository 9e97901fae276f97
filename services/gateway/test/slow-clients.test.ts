import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import { aGateway, anUpstream, rawExchange, sendJson, type TestGateway, type Upstream, until } from './_support.ts';

const largeBytes = 6_000_000;
const connections = 4;

describe('clients that are slower than the services', () => {
  let shop: TestGateway;
  let orders: Upstream;
  const sockets: Socket[] = [];

  const open = async (config: Parameters<typeof aGateway>[0] = {}): Promise<void> => {
    orders = await anUpstream((request, response, body) => {
      if (request.url?.includes('large'))
        response.writeHead(200, { 'content-length': String(largeBytes) }).end(Buffer.alloc(largeBytes, 'x'));
      else sendJson(response, 200, { length: body.length });
    });
    shop = await aGateway({ upstream_connections_max: connections, upstream_waiting_max: 100, route_timeout_ms: 5_000, ...config });
    await shop.register('orders', orders);
  };
  /** Asks for a large answer and never reads it. */
  const readSlowly = (token: string): Socket => {
    const socket = connect(shop.port, '127.0.0.1', () =>
      socket.pause().write(`GET /api/orders?q=large HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n\r\n`),
    );
    socket.on('error', () => undefined);
    sockets.push(socket);
    return socket;
  };
  const ask = async (token: string): Promise<{ status: number; ms: number }> => {
    const began = performance.now();
    const { status } = await fetch(`${shop.url}/api/orders`, { headers: { authorization: `Bearer ${token}` } });
    return { status, ms: performance.now() - began };
  };

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await shop.stop();
    await orders.close();
  });

  it('hold no connection to a service with answers that they do not read', async () => {
    await open();
    const [slow, other] = [await shop.keys.tokenFor(), await shop.keys.tokenFor()];
    for (let reader = 0; reader < 2 * connections; reader += 1) readSlowly(slow);
    await until(() => orders.seen.length >= connections, 'their requests are there');
    const { status, ms } = await ask(other);
    assert.equal(status, 200);
    assert.ok(ms < 2_000, `${Math.round(ms)} ms`);
    await until(() => shop.gateway.context.pools.busy() === 0, 'no place is held');
    assert.ok(shop.gateway.context.buffers.used() > 0);
  });

  it('are cut off, the slowest first, when the memory for all of them is used up', async () => {
    await open({ buffer_bytes_max: 8_000_000 });
    const [slow, other] = [await shop.keys.tokenFor(), await shop.keys.tokenFor()];
    for (let reader = 0; reader < 3 * connections; reader += 1) readSlowly(slow);
    await until(() => orders.seen.length >= connections, 'their requests are there');
    const { status, ms } = await ask(other);
    assert.equal(status, 200);
    assert.ok(ms < 4_000, `${Math.round(ms)} ms`);
    assert.ok(shop.gateway.context.buffers.used() <= 8_000_000);
  });

  it('hold none with bodies that drip in, whatever they say of the length', async () => {
    await open();
    const token = await shop.keys.tokenFor();
    const head = `POST /api/orders HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n`;
    for (const rest of ['Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n', 'Content-Length: 500000\r\n\r\nhello'])
      for (let sender = 0; sender < connections; sender += 1) {
        const socket = connect(shop.port, '127.0.0.1', () => socket.write(head + rest));
        sockets.push(socket);
      }
    await until(() => shop.gateway.context.buffers.used() === 2 * connections * 5, 'all have begun');
    assert.equal(shop.gateway.context.pools.busy(), 0);
    assert.equal((await ask(token)).status, 200);
    assert.equal(shop.gateway.context.breakers.get('orders')?.state(), 'closed');
  });

  it('must send at the least rate', async () => {
    await open({ request_timeout_ms: 300 });
    const token = await shop.keys.tokenFor();
    const text = await rawExchange(
      shop.port,
      `POST /api/orders HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`,
    );
    assert.match(text, /^HTTP\/1\.1 408 [\s\S]*request_timeout/);
    assert.equal(orders.seen.length, 0);
  });

  it('may have only so many requests under way, each user and each address by itself', async () => {
    await open({ caller_requests_max: 2, request_timeout_ms: 5_000 });
    const [busy, other] = [await shop.keys.tokenFor(), await shop.keys.tokenFor()];
    for (let sender = 0; sender < 2; sender += 1) {
      const socket = connect(shop.port, '127.0.0.1', () =>
        socket.write(`POST /api/orders HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${busy}\r\nContent-Length: 9\r\n\r\n{`),
      );
      sockets.push(socket);
    }
    await until(() => shop.gateway.context.buffers.used() === 2, 'both are under way');
    const refused = await fetch(`${shop.url}/api/orders`, { headers: { authorization: `Bearer ${busy}` } });
    assert.equal(refused.status, 429);
    assert.equal(((await refused.json()) as { code: string }).code, 'rate_limited');
    assert.equal(refused.headers.get('retry-after'), '1');
    assert.equal((await ask(other)).status, 200);
    sockets[0]?.destroy();
    await until(async () => (await ask(busy)).status === 200, 'a place is free again');
  });

  it('do not open the breaker by filling the connections', async () => {
    await open({ upstream_connections_max: 1, route_timeout_ms: 300, breaker_failures_max: 2 });
    const held = await anUpstream(() => undefined);
    try {
      await shop.register('payments', held, 'payments');
      const token = await shop.keys.tokenFor();
      const statuses = await Promise.all(
        Array.from({ length: 5 }, () => fetch(`${shop.url}/api/payments`, { headers: { authorization: `Bearer ${token}` } })),
      );
      assert.ok(statuses.every(({ status }) => status === 504));
      assert.equal(shop.gateway.context.breakers.get('payments')?.state(), 'closed', 'four of five never reached the service');
    } finally {
      await held.close();
    }
  });
});

describe('a large upload', () => {
  let shop: TestGateway;
  let products: Upstream;
  before(async () => {
    products = await anUpstream((_request, response, body) => sendJson(response, 200, { length: body.length }));
    shop = await aGateway({ uploads_max: 1, body_bytes_max: 65_536 });
    await shop.register('products', products);
  });
  after(async () => {
    await shop.stop();
    await products.close();
  });

  it('is streamed, and more than a few at once are refused', async () => {
    const authorization = `Bearer ${await shop.keys.tokenFor({ role: 'staff' })}`;
    const upload = (body: ReadableStream | string): Promise<Response> =>
      fetch(`${shop.url}/api/products/import`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'text/csv' },
        body,
        duplex: 'half',
      } as RequestInit);
    let finish: () => void = () => undefined;
    const first = upload(
      new ReadableStream({
        start(controller) {
          controller.enqueue(new Uint8Array(3_000_000));
          finish = () => controller.close();
        },
      }),
    );
    await until(() => shop.gateway.context.pools.busy() === 1, 'it is on its way');
    const second = await upload('x'.repeat(100_000));
    assert.equal(second.status, 503);
    assert.equal(second.headers.get('retry-after'), '10');
    finish();
    assert.deepEqual(await (await first).json(), { length: 3_000_000 });
    await until(async () => (await upload('x'.repeat(100_000))).status === 200, 'the place is free again');
  });
});
