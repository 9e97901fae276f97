/** Peers that are gone without a word: neither FIN nor RST has come, so only their silence says it. */
import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { after, before, describe, it, type TestContext } from 'node:test';
import { aGateway, type TestGateway, until } from './_support.ts';

const pingMs = 25_000;
const ping = Buffer.from([0x89, 0x00]);
/** Masked, as those of clients are, and empty. */
const pong = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);
const handshake = [
  'GET /ws HTTP/1.1',
  'Host: souk',
  'Connection: upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  '\r\n',
].join('\r\n');

describe('a WebSocket whose peer', () => {
  let shop: TestGateway;
  before(async () => {
    shop = await aGateway();
  });
  after(() => shop.stop());

  const openStreams = (): number => shop.gateway.context.live.streams.count();
  /** Bytes alone, so that nothing answers a ping by itself. */
  const open = async (): Promise<{ socket: Socket; pings: () => number; closed: () => boolean }> => {
    let came = Buffer.alloc(0);
    let isClosed = false;
    const socket = connect(shop.port, '127.0.0.1', () => socket.write(handshake));
    socket
      .on('data', (bytes: Buffer) => {
        came = Buffer.concat([came, bytes]);
      })
      .on('error', () => undefined)
      .once('close', () => {
        isClosed = true;
      });
    await until(() => came.includes('101 Switching Protocols') && openStreams() === 1, 'it is open');
    return { socket, pings: () => came.toString('latin1').split(ping.toString('latin1')).length - 1, closed: () => isClosed };
  };
  /** Lets the clock of the process run ahead. */
  const clockOf = (t: TestContext): { advance(ms: number): void } => {
    const now = performance.now.bind(performance);
    let ahead = 0;
    t.mock.method(performance, 'now', () => now() + ahead);
    return {
      advance(ms) {
        ahead += ms;
      },
    };
  };

  it('has vanished ends at the second ping, and holds no place any more', async (t) => {
    const clock = clockOf(t);
    const { pings, closed } = await open();
    clock.advance(pingMs);
    await until(() => pings() === 1, 'it is asked whether it is there');
    assert.deepEqual([openStreams(), closed()], [1, false], 'it has time to answer');
    clock.advance(pingMs);
    await until(() => closed() && openStreams() === 0, 'it has ended');
  });

  it('answers stays', async (t) => {
    const clock = clockOf(t);
    const { socket, pings, closed } = await open();
    for (const asked of [1, 2]) {
      clock.advance(pingMs);
      await until(() => pings() === asked, 'it is asked');
      await new Promise((resolve) => socket.write(pong, resolve));
      // What was sent has arrived once something after it is answered.
      assert.equal((await fetch(`${shop.url}/health/live`)).status, 200);
    }
    assert.deepEqual([openStreams(), closed()], [1, false]);
    socket.destroy();
    await until(() => openStreams() === 0, 'it has ended');
  });
});
