import { connect, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { required } from '@souk/kernel';
import { keptLog } from '@souk/local-servers/testing';
import { type Database, openDatabase } from '@souk/postgres';

export function openTestDatabase(t: TestContext, url: string, options: Partial<Parameters<typeof openDatabase>[0]> = {}): Database {
  const db = openDatabase({ url, application_name: 'souk test', pool_max: 4, log: keptLog(), ...options });
  t.after(() => db.close());
  return db;
}

export interface CountingProxy {
  url: string;
  /** How often the client spoke after the server had: the round trips so far. */
  trips(): number;
  /** From now on nothing of what the server says arrives, as when a cable is pulled. */
  silence(): void;
}

/** A way to the server that counts round trips and can go silent. */
export async function countingProxy(t: TestContext, url: string): Promise<CountingProxy> {
  const way = new URL(url);
  const target = { port: Number(way.port), host: way.hostname, noDelay: true };
  const sockets = new Set<Socket>();
  let trips = 0;
  let silent = false;
  const server = createServer((client) => {
    const upstream = connect(target);
    let isClientTurn = true;
    client.on('data', (chunk) => {
      if (isClientTurn) trips += 1;
      isClientTurn = false;
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (silent) return;
      isClientTurn = true;
      client.write(chunk);
    });
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('close', () => other.destroy());
      socket.on('error', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = required(server.address(), 'the address of the proxy');
  way.port = String(typeof address === 'object' ? address.port : '');
  return {
    url: way.href,
    trips: () => trips,
    silence: () => {
      silent = true;
    },
  };
}
