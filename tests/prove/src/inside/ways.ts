/**
 * Leads connections from one service to another through the doors of the proof: where the file of SOUK_PROVE_DOORS names the port that is
 * connected to, the door's port is taken instead. Servers have doors by their addresses; services find each other by the registry, and
 * what stands there is what they are.
 */
import { readFileSync } from 'node:fs';
import { type NetConnectOpts, Socket } from 'node:net';

/** Port of the door by port of the process. */
export type Doors = Readonly<Record<string, number>>;

const local: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '::1']);

export function leadThroughDoors(file: string): void {
  const plain = Socket.prototype.connect as (...args: unknown[]) => Socket;
  Socket.prototype.connect = function connect(this: Socket, ...args: unknown[]): Socket {
    // `net.connect` hands over its arguments in an array of two: the options, and a listener.
    const [options, listener] = (Array.isArray(args[0]) ? args[0] : args) as [NetConnectOpts, unknown];
    const door = doorOf(file, options);
    return door === undefined ? plain.apply(this, args) : plain.call(this, { ...options, port: door }, listener ?? undefined);
  } as Socket['connect'];
}

function doorOf(file: string, options: unknown): number | undefined {
  const { port, host = 'localhost' } = (typeof options === 'object' ? (options ?? {}) : {}) as { port?: unknown; host?: string };
  if (port === undefined || !local.has(host)) return undefined;
  // Connections are kept, so that a new one is rare enough to read the file each time.
  return (JSON.parse(readFileSync(file, 'utf8')) as Doors)[String(port)];
}
