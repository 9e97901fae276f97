/**
 * Sends the same few requests over a fixed number of keep-alive connections and writes how many answers came and how long they took.
 * A small client on plain sockets, so that the generator costs the machine less than what is measured. Reads its order from standard input.
 */
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { RequestMeasurements, RequestOrder } from './request-rounds.ts';

const order = JSON.parse(await text(process.stdin)) as RequestOrder;
const target = new URL(order.url);
const requests = order.requests.map(({ method, path, headers, body = '' }) => {
  const lines = Object.entries({
    host: target.host,
    ...headers,
    ...(body !== '' && { 'content-length': String(Buffer.byteLength(body)) }),
  });
  return `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
});
const times: number[] = [];
const began = performance.now();
const ends = began + order.seconds * 1_000;
let sent = 0;
let failed = 0;
let bytes = 0;

/** With a rate, each connection keeps to its share of a timetable, so that a slow answer does not make the next one come later. */
const everyMs = order.rate === undefined ? 0 : (order.connections * 1_000) / order.rate;

function runConnection(number: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: target.hostname, port: Number(target.port), noDelay: true });
    let due = began + (everyMs * number) / order.connections;
    let head = '';
    let left = -1;
    const send = (): void => {
      const now = performance.now();
      if (now >= ends || (order.count !== undefined && sent >= order.count)) {
        socket.end();
        resolve();
        return;
      }
      if (everyMs === 0) due = now;
      else if (due > now) {
        setTimeout(send, due - now);
        return;
      }
      sent += 1;
      socket.write((requests[sent % requests.length] as string).replace('{number}', `${process.pid}-${sent}`));
    };
    const answered = (): void => {
      times.push(performance.now() - due);
      due += everyMs;
      left = -1;
      send();
    };
    socket.on('connect', send);
    socket.on('error', reject);
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (left >= 0) {
        left -= chunk.length;
        if (left === 0) answered();
        return;
      }
      head += chunk.toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? Number.NaN);
      if (Number.isNaN(length)) {
        fail(socket, head, reject);
        return;
      }
      if (!/^HTTP\/1\.1 2/.test(head) && failed++ === 0) process.stderr.write(`${order.url} answered ${head.slice(0, 400)}\n`);
      left = length - (head.length - end - 4);
      head = '';
      if (left === 0) answered();
    });
  });
}

function fail(socket: Socket, head: string, reject: (error: Error) => void): void {
  socket.destroy();
  reject(new Error(`The generator needs Content-Length; it got ${head.slice(0, 300)}`));
}

await Promise.all(Array.from({ length: order.connections }, (_, number) => runConnection(number)));
times.sort((a, b) => a - b);
const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
const seconds = (performance.now() - began) / 1_000;
const measurements: RequestMeasurements = {
  answers: times.length,
  failed,
  per_second: times.length / seconds,
  p50_ms: at(0.5),
  p99_ms: at(0.99),
  bytes,
};
process.stdout.write(JSON.stringify(measurements));
