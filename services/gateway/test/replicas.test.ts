import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { aGateway, anUpstream, sendJson, type TestGateway, type Upstream, until } from './_support.ts';

/** A replica that does not answer must be left within this time. */
const leftWithinMs = 2_000;

describe('a replica that does not answer', () => {
  let shop: TestGateway;
  const ended: (() => Promise<unknown>)[] = [];

  const open = async (): Promise<void> => {
    shop = await aGateway({ health_interval_ms: 60_000, recheck_interval_ms: 60_000 });
    ended.push(() => shop.stop());
  };
  const replica = async (name: string, react: Parameters<typeof anUpstream>[0]): Promise<Upstream> => {
    const upstream = await anUpstream(react);
    ended.unshift(() => upstream.close());
    await shop.register(name, upstream);
    return upstream;
  };
  const well = (name: string) => replica(name, (_request, response) => sendJson(response, 200, { name: 'well' }));
  /** As a stopped process: the system takes connections, nobody answers. */
  const stopped = async (name: string): Promise<{ port: number }> => {
    const upstream = await replica(name, () => undefined);
    await upstream.close();
    const sockets = new Set<Socket>();
    const server = createServer((socket) => void sockets.add(socket.on('error', () => undefined)));
    await new Promise<void>((resolve) => server.listen(upstream.port, '127.0.0.1', resolve));
    ended.unshift(async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    return upstream;
  };
  const timed = async (path: string, init: RequestInit = {}): Promise<{ status: number; ms: number }> => {
    const began = performance.now();
    const { status } = await fetch(shop.url + path, init);
    return { status, ms: Math.round(performance.now() - began) };
  };
  const asCustomer = async (headers: Record<string, string> = {}): Promise<Record<string, string>> => ({
    authorization: `Bearer ${await shop.keys.tokenFor()}`,
    ...headers,
  });
  const assertSwift = (answers: readonly { status: number; ms: number }[]): void => {
    for (const { status, ms } of answers) assert.ok(status === 200 && ms < leftWithinMs, `${status} after ${ms} ms`);
  };

  afterEach(async () => {
    for (const end of ended.splice(0)) await end();
  });

  it('is left within two seconds: reads and keyed writes that wait for it go to another one, then nobody waits', async () => {
    await open();
    for (const name of ['orders', 'products']) {
      await stopped(name);
      await well(name);
    }
    const key = async (id: number): Promise<RequestInit> => ({
      method: 'POST',
      headers: await asCustomer({ 'idempotency-key': `key-${id}`, prefer: 'wait=20' }),
      body: '{}',
    });
    assertSwift(
      await Promise.all([
        ...Array.from({ length: 6 }, () => timed('/api/products')),
        ...Array.from({ length: 6 }, async (_, id) => timed('/api/orders', await key(id))),
      ]),
    );
    const afterwards = await Promise.all([timed('/api/products'), timed('/api/products'), timed('/api/orders', await key(9))]);
    assert.ok(
      afterwards.every(({ status, ms }) => status === 200 && ms < 500),
      JSON.stringify(afterwards),
    );
  });

  it('but its health check is left as well, while the other does better', async () => {
    await open();
    const hanging = await replica('products', () => undefined);
    await well('products');
    assertSwift([await timed('/api/products'), await timed('/api/products')]);
    const before = hanging.seen.length;
    assert.equal(before, 1);
    for (let turn = 0; turn < 6; turn += 1) assert.ok((await timed('/api/products')).ms < 500);
    assert.equal(hanging.seen.length, before);
  });

  it('because it was killed is not asked again: a write that was never sent goes to the other one', async () => {
    await open();
    const killed = await replica('orders', (_request, response) => sendJson(response, 200, {}));
    const other = await well('orders');
    await killed.close();
    const headers = await asCustomer();
    for (let turn = 0; turn < 4; turn += 1) assert.equal((await timed('/api/orders', { method: 'POST', headers, body: '{}' })).status, 200);
    assert.equal(other.seen.length, 4);
  });

  it('is waited for when it is the only one, or when the whole service is slow', async () => {
    await open();
    const slow = (_request: unknown, response: Parameters<typeof sendJson>[0]): void =>
      void setTimeout(() => sendJson(response, 200, {}), 1_800);
    const [one, two] = [await replica('products', slow), await replica('products', slow)];
    assert.deepEqual(
      (await Promise.all([timed('/api/products'), timed('/api/products')])).map(({ status }) => status),
      [200, 200],
    );
    const healthy = shop.gateway.context.instances.table
      .of('products')
      .filter((instance) => !shop.gateway.context.passive_health.isOut(instance));
    assert.deepEqual(healthy.map(({ port }) => port).sort(), [one.port, two.port].sort());
  });

  it('is asked for its health by the joined answers of the gateway too', async () => {
    await open();
    await stopped('orders');
    await well('orders');
    const details = '/api/orders/0190a0b0-0000-7000-8000-000000000001/details';
    const answers = [await timed(details, { headers: await asCustomer() }), await timed(details, { headers: await asCustomer() })];
    // The order is no order here; that it came at all, and when, is what counts.
    assert.ok(
      answers.every(({ ms }) => ms < leftWithinMs),
      JSON.stringify(answers),
    );
    await until(() => shop.gateway.context.instances.table.of('orders').some(({ healthy }) => !healthy), 'it is out');
  });
});
