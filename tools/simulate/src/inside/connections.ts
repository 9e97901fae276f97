/** Stands between a service's pool of connections and the driver: connections are real and outlive a run, what is sent over them waits for its turn. */

import type { ClientPool, Connections, PooledClient } from './lent-connections.ts';
import type { Lease } from './sessions.ts';
import { stage } from './stage.ts';

/** Of `packages/postgres/src/connection.ts`. */
interface Connection {
  send(statement: { text: string }, frame: { begin: boolean; commit: boolean }): Promise<unknown>;
  command(text: string): Promise<void>;
  silentMs(): number;
  abort(): void;
  discard(): void;
  release(): void;
}

interface PoolOptions {
  url: string;
  application_name: string;
  pool_max: number;
}

/** More than all lives of an actor need at the same time. */
const connectionsMax = 40;

/** The pool of a service in a run; before and after it, the driver's own. */
export function simulatedPool(options: PoolOptions, createPool: (options: PoolOptions) => ClientPool): ClientPool {
  const { world, sessions, connections } = stage;
  if (world === undefined || sessions === undefined || connections === undefined) return createPool(options);
  const life = world.life();
  const shared = sharedPool(connections.pools, options, createPool);
  const waiting: (() => void)[] = [];
  let lent = 0;

  const enter = (): Promise<void> | undefined => {
    if (lent < options.pool_max) {
      lent += 1;
      return undefined;
    }
    return new Promise((resolve) => waiting.push(resolve));
  };
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) lent -= 1;
    else next();
  };
  const open = async (): Promise<PooledClient> => {
    const client = await world.as(world.outside, () => shared.connect());
    const end = (sound: boolean): void => world.as(world.outside, () => client.release(!sound));
    const lease: Lease = { life, database: options.url, client, waiting: [], end };
    connections.leases.set(client, lease);
    connections.ends.set(lease, leave);
    sessions.open(lease);
    return client;
  };

  return {
    async connect() {
      await enter();
      return new Promise((resolve, reject) => {
        world.plan(life, world.duration(life.actor, 'statements'), 'connect', () => open().then(resolve, reject));
      });
    },
    end: async () => undefined,
    on: () => undefined,
    get totalCount() {
      return lent;
    },
    get idleCount() {
      return Math.max(0, options.pool_max - lent);
    },
    get waitingCount() {
      return waiting.length;
    },
  };
}

/** A connection whose statements take their turns; one that no service has been lent is what it is. */
export function simulatedConnection(connection: Connection, client: PooledClient): Connection {
  const { world, sessions, connections } = stage;
  if (world === undefined || sessions === undefined || !connections?.leases.has(client)) return connection;
  // The driver's connection outlives the run, and what this life listens for must not.
  const listener = client.listeners('error').at(-1);
  if (listener !== undefined) world.atEnd.push(() => client.removeListener('error', listener));
  const lease = (): Lease => connections.leases.get(client) as Lease;
  return {
    ...connection,
    send: (statement, frame) =>
      sessions.put(lease(), `${frame.begin ? 'begin; ' : ''}${statement.text.slice(0, 80)}${frame.commit ? '; commit' : ''}`, () =>
        connection.send(statement, frame),
      ),
    command: (text) => sessions.put(lease(), text, () => connection.command(text)),
    release() {
      const own = lease();
      sessions.close(own);
      world.as(world.outside, () => connection.release());
      connections.ends.get(own)?.();
    },
  };
}

function sharedPool(pools: Connections['pools'], options: PoolOptions, createPool: (options: PoolOptions) => ClientPool): ClientPool {
  const name = `${options.url} ${options.application_name}`;
  const known = pools.get(name);
  if (known !== undefined) return known;
  // No limit of time of its own: the run has another clock.
  const limits = { pool_max: connectionsMax, idle_timeout_ms: 0, connect_timeout_ms: 0, statement_timeout_ms: 0 };
  const pool = createPool({ ...options, ...limits });
  pools.set(name, pool);
  return pool;
}
