import assert from 'node:assert/strict';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { limitKeyOf } from '../src/http/client-address.ts';
import { aGateway, type TestGateway, until } from './_support.ts';

describe('connections of clients', () => {
  let shop: TestGateway;
  const sockets = new Set<Socket>();
  const open = async (config: Parameters<typeof aGateway>[0]): Promise<void> => {
    shop = await aGateway(config);
  };
  /** Opens connections and sends nothing; resolves when the gateway has seen them. */
  const idle = async (count: number, localAddress = '127.0.0.1'): Promise<void> => {
    const opened = Array.from({ length: count }, async () => {
      const socket = connect({ port: shop.port, host: '127.0.0.1', localAddress });
      sockets.add(socket);
      socket
        .on('error', () => undefined)
        .on('close', () => sockets.delete(socket))
        .resume();
      await new Promise<void>((resolve) => socket.once('connect', resolve).once('close', () => resolve()));
    });
    await Promise.all(opened);
  };
  const ask = (localAddress: string): Promise<number | undefined> =>
    new Promise((resolve) => {
      const asked = request({ port: shop.port, host: '127.0.0.1', localAddress, path: '/health/live', agent: false });
      asked.setTimeout(2_000, () => asked.destroy(new Error('no answer')));
      asked.on('response', (answer) => resolve(answer.resume().statusCode)).on('error', () => resolve(undefined));
      asked.end();
    });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await shop.stop();
  });

  it('are limited for each address: new ones take the place of its own idle ones, others are not touched', async () => {
    await open({ address_connections_max: 20 });
    await idle(5, '127.0.0.2');
    await idle(60, '127.0.0.1');
    await until(() => sockets.size === 25, 'only its share is left');
    assert.equal(await ask('127.0.0.1'), 200);
    assert.equal(await ask('127.0.0.2'), 200);
    assert.equal([...sockets].filter(({ localAddress }) => localAddress === '127.0.0.2').length, 5);
    const metrics = await shop.gateway.context.metrics.read();
    assert.match(metrics.text, /souk_gateway_connections_closed_total\{[^}]*reason="address"[^}]*\} 4[01]\n/);
  });

  it('give way while they are idle when the total is near its limit', async () => {
    await open({ client_connections_max: 50, address_connections_max: 1_000 });
    await idle(45, '127.0.0.3');
    await idle(15, '127.0.0.4');
    await until(() => sockets.size <= 45, 'the oldest are closed');
    for (const address of ['127.0.0.3', '127.0.0.4', '127.0.0.5']) assert.equal(await ask(address), 200, address);
  });

  it('through a trusted proxy are not those of one client', async () => {
    await open({ address_connections_max: 5, trusted_proxies: '127.0.0.6' });
    await idle(20, '127.0.0.6');
    await idle(20, '127.0.0.7');
    await until(() => sockets.size === 25, 'only the other has lost some');
    assert.equal([...sockets].filter(({ localAddress }) => localAddress === '127.0.0.6').length, 20);
  });

  it('that send nothing end when the time for headers is over', async () => {
    await open({ headers_timeout_ms: 300 });
    await idle(3);
    await until(() => sockets.size === 0, 'they are closed');
  });

  it('of IPv6 are counted by the network, however an address is written', () => {
    const written = ['2001:db8::1', '2001:DB8:0:0:1::', '2001:0db8:0000:0000:ffff::5', '2001:db8:0:0:1:2:3:4', '2001:db8::9%eth0'];
    assert.deepEqual([...new Set(written.map(limitKeyOf))], ['2001:db8:0:0::/64']);
    assert.notEqual(limitKeyOf('2001:db8:0:1::1'), limitKeyOf('2001:db8::1'));
    assert.equal(limitKeyOf('::1'), '0:0:0:0::/64');
  });
});
