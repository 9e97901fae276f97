/**
 * How many connections clients may hold. One address has its share; near the total, or beyond its share, a new connection
 * takes the place of the one that has been idle longest, so that idle connections keep no client out. Proxies that the
 * configuration trusts have no share: many clients come through each of them.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { createLinkedList, type LinkedList, type ListNode } from '@souk/kernel';
import { limitKeyOf, plainAddress } from './client-address.ts';

export interface ConnectionLimits {
  connections_max: number;
  address_connections_max: number;
  isTrusted(address: string): boolean;
  /** A connection was closed: beyond the share of its address, or idle while the total was near its limit. */
  closed(reason: 'address' | 'idle'): void;
}

/** From this share of all connections on idle ones are closed. */
const nearlyFull = 0.9;

/** The connections of one address. */
interface Client {
  open: number;
  /** In the order in which they became idle. */
  readonly idle: LinkedList<Socket>;
}

interface Connection {
  readonly key: string;
  readonly client: Client;
  /** Its places among the idle ones, of its client and of all; undefined while it is busy. */
  idle: { of_client: ListNode<Socket>; of_all: ListNode<Socket> } | undefined;
}

/** What the connections do, as the listener that answers their requests reports it. */
export interface ConnectionUse {
  /** A request of the connection has come. */
  busy(socket: Socket): void;
  /** It has been answered. */
  idle(socket: Socket): void;
}

/** Watches the connections of a server from now on. */
export function limitConnections(server: Server, limits: ConnectionLimits): ConnectionUse {
  const clients = new Map<string, Client>();
  const connections = new Map<Socket, Connection>();
  // Of all addresses, in the order in which they became idle: the front has been idle longest.
  const idle = createLinkedList<Socket>();
  const nearly_full_at = Math.floor(limits.connections_max * nearlyFull);
  // Node refuses beyond this by itself; below it idle ones make room.
  server.maxConnections = limits.connections_max;

  const setBusy = (socket: Socket): void => {
    const known = connections.get(socket);
    if (known?.idle === undefined) return;
    idle.remove(known.idle.of_all);
    known.client.idle.remove(known.idle.of_client);
    known.idle = undefined;
  };
  const setIdle = (socket: Socket): void => {
    const known = connections.get(socket);
    if (known !== undefined && known.idle === undefined)
      known.idle = { of_client: known.client.idle.add(socket), of_all: idle.add(socket) };
  };
  const forget = (socket: Socket): void => {
    const known = connections.get(socket);
    if (known === undefined) return;
    setBusy(socket);
    connections.delete(socket);
    known.client.open -= 1;
    if (known.client.open === 0) clients.delete(known.key);
  };
  const close = (socket: Socket, reason: 'address' | 'idle'): void => {
    forget(socket);
    limits.closed(reason);
    socket.destroy();
  };
  const enter = (socket: Socket): boolean => {
    const address = plainAddress(socket.remoteAddress ?? '');
    const key = limitKeyOf(address);
    const client = clients.get(key) ?? { open: 0, idle: createLinkedList<Socket>() };
    if (client.open >= limits.address_connections_max && !limits.isTrusted(address)) {
      const longest = client.idle.first();
      close(longest ?? socket, 'address');
      if (longest === undefined) return false;
    }
    client.open += 1;
    clients.set(key, client);
    connections.set(socket, { key, client, idle: undefined });
    return true;
  };

  server.on('connection', (socket: Socket) => {
    if (!enter(socket)) return;
    const longest = connections.size > nearly_full_at ? idle.first() : undefined;
    if (longest !== undefined) close(longest, 'idle');
    setIdle(socket);
    socket.once('close', () => forget(socket));
  });
  return { busy: setBusy, idle: setIdle };
}
