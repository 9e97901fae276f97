/** Opens connections that watch an order, says when all are open, and holds them until its input ends. */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { pause } from '@souk/kernel';
import type { WatcherOrder } from './watchers.ts';

const atOnce = 50;
const pauseMs = 20;

function open({ kind, url, token, order_id }: WatcherOrder): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const path = kind === 'streams' ? `/api/orders/${order_id}/events` : '/ws';
  const upgrade = [
    'connection: upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    `sec-websocket-key: ${randomBytes(16).toString('base64')}`,
  ];
  const head = [`GET ${path} HTTP/1.1`, 'host: souk', `authorization: Bearer ${token}`, ...(kind === 'streams' ? [] : upgrade), '', ''];
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(head.join('\r\n')));
    socket.once('data', (bytes: Buffer) => {
      const answer = bytes.toString('latin1');
      if (!/^HTTP\/1\.1 (200|101) /.test(answer)) reject(new Error(answer.slice(0, 300)));
      if (kind === 'WebSockets') socket.write(frameOf(JSON.stringify({ type: 'subscribe', id: 'a', topic: 'order', order_id })));
      resolve(socket);
    });
    socket.once('error', reject);
  });
}

/** A masked text frame of up to 65,535 bytes (RFC 6455, section 5.2). */
function frameOf(text: string): Buffer {
  const payload = Buffer.from(text);
  const mask = randomBytes(4);
  for (const [index, byte] of payload.entries()) payload[index] = byte ^ (mask[index % 4] as number);
  const head = Buffer.from([0x81, 0xfe, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([head, mask, payload]);
}

const lines = createInterface(process.stdin);
const line = await new Promise<string>((resolve) => lines.once('line', resolve));
const order = JSON.parse(line) as WatcherOrder;
const sockets: Socket[] = [];
while (sockets.length < order.count) {
  const some = Math.min(atOnce, order.count - sockets.length);
  sockets.push(...(await Promise.all(Array.from({ length: some }, () => open(order)))));
  await pause(pauseMs);
}
process.stdout.write('open\n');
lines.once('close', () => {
  for (const socket of sockets) socket.destroy();
});
