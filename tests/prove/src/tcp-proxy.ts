/** A door between two parts of the shop: passes bytes on until it is told to disturb them. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { NetworkFault } from './shop.ts';

export interface TcpProxy {
  readonly port: number;
  /** Until `end` is called. */
  disturb(fault: NetworkFault): { end(): void };
  close(): Promise<void>;
}

interface Pair {
  client: Socket;
  server: Socket;
}

const delayMs = 400;
const throttledBytes = 2_048;
const throttleMs = 100;

/** Listens on a free port of 127.0.0.1 for `target`. */
export async function openTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  let fault: NetworkFault | undefined;
  const held: (() => void)[] = [];

  /** Passes a piece on as the fault of this moment lets it. */
  const pass = (from: Socket, to: Socket, piece: Buffer, is_answer: boolean): void => {
    if (fault === 'black hole' || (fault === 'one way' && is_answer)) {
      // Nothing is lost for good: TCP would send it again once the way is there.
      from.pause();
      held.push(() => {
        write(from, to, piece);
        from.resume();
      });
      return;
    }
    if (fault === 'delay' || fault === 'throttle') {
      from.pause();
      const wait_ms = fault === 'delay' ? delayMs : throttleMs * Math.ceil(piece.length / throttledBytes);
      setTimeout(() => {
        write(from, to, piece);
        from.resume();
      }, wait_ms);
      return;
    }
    write(from, to, piece);
  };
  const write = (from: Socket, to: Socket, piece: Buffer): void => {
    if (to.destroyed || to.write(piece)) return;
    from.pause();
    to.once('drain', () => from.resume());
  };
  const join = (client: Socket): void => {
    if (fault === 'cut') {
      client.resetAndDestroy();
      return;
    }
    const server = connect({ ...target, noDelay: true });
    const pair = { client, server };
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) socket.on('error', end).on('close', end);
    client.on('data', (piece: Buffer) => pass(client, server, piece, false));
    server.on('data', (piece: Buffer) => pass(server, client, piece, true));
  };
  const server = await listen(join);
  return {
    port: (server.address() as { port: number }).port,
    disturb(next) {
      fault = next;
      if (next === 'cut') for (const { client, server: other } of pairs) for (const socket of [client, other]) socket.resetAndDestroy();
      return {
        end: () => {
          fault = undefined;
          for (const release of held.splice(0)) release();
        },
      };
    },
    async close() {
      for (const { client, server: other } of pairs) for (const socket of [client, other]) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function listen(join: (client: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ noDelay: true }, join);
    server.once('error', reject).listen(0, '127.0.0.1', () => resolve(server));
  });
}
