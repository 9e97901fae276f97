/** The driver's connections of a simulating process. They outlive a run; to whom they are lent does not. */
import type { Client, Lease } from './sessions.ts';

export interface PooledClient extends Client {
  release(broken?: boolean): void;
  listeners(name: string): ((...values: unknown[]) => void)[];
  removeListener(name: string, listener: (...values: unknown[]) => void): void;
}

/** Of `pg.Pool`, as far as the services' pool uses it. */
export interface ClientPool {
  connect(): Promise<PooledClient>;
  end(): Promise<void>;
  on(name: string, listener: (...values: never[]) => void): unknown;
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

/** The driver's connections of this process, and to whom they are lent. */
export interface Connections {
  /** By database and application. */
  readonly pools: Map<string, ClientPool>;
  readonly leases: WeakMap<Client, Lease>;
  /** Makes room in the pool that has lent it. */
  readonly ends: WeakMap<Lease, () => void>;
}

/** No connection yet. */
export function createConnections(): Connections {
  return { pools: new Map(), leases: new WeakMap(), ends: new WeakMap() };
}
