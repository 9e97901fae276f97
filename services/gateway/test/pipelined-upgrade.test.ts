/** WebSocket handshakes behind other requests of the same connection. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { type Histories, keepHistories } from './_histories.ts';
import { aGateway, type TestGateway, until } from './_support.ts';

describe('a WebSocket behind a request that is not answered yet', () => {
  let shop: TestGateway;
  let histories: Histories;
  let stream: string;
  before(async () => {
    shop = await aGateway({ health_interval_ms: 60_000 });
    histories = await keepHistories();
    await shop.register('orders', histories.upstream);
    const user_id = randomUUID();
    const order_id = histories.place(user_id, 'pending');
    stream = `GET /api/orders/${order_id}/events HTTP/1.1\r\nhost: souk\r\nauthorization: Bearer ${await shop.keys.tokenFor({ user_id })}\r\n`;
  });
  after(async () => {
    await shop.stop();
    await histories.upstream.close();
  });

  const upgrade = [
    'GET /ws HTTP/1.1',
    'host: souk',
    'connection: upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
    '\r\n',
  ].join('\r\n');
  /** Sends the first bytes, and the handshake once the stream among them is open. Answers all that came until the connection ended. */
  const exchange = (first: string): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect(shop.port, '127.0.0.1', () => socket.write(first));
      let text = '';
      let isSent = false;
      socket.setEncoding('latin1').on('data', (part: string) => {
        text += part;
        if (isSent || !text.includes('retry:')) return;
        isSent = true;
        socket.write(upgrade);
      });
      socket.on('error', () => undefined).on('close', () => resolve(text));
    });
  const requests = {
    'the only one': () => `${stream}\r\n`,
    'one that waited for another, which is answered': () => `GET /health/live HTTP/1.1\r\nhost: souk\r\n\r\n${stream}\r\n`,
    'one that expected to be continued': () => `${stream}expect: 100-continue\r\n\r\n`,
  };

  for (const [which, first] of Object.entries(requests))
    it(`ends the connection and nothing else: ${which}`, async () => {
      const text = await exchange(first());
      assert.match(text, /event: pending/);
      assert.doesNotMatch(text, /101 Switching/);
      assert.equal((await fetch(`${shop.url}/health/live`)).status, 200);
      const { live } = shop.gateway.context;
      await until(
        () => live.streams.count() === 0 && live.orders.keys === 0 && shop.gateway.context.live.stock.keys === 0,
        'nothing is held',
      );
    });
});
