/** Connections to the instances: one bounded pool for each address, made at the first request and closed when the address is gone. */
import { refusal } from '@souk/contracts';
import { type Instance, originOf } from '@souk/discovery';
import { Pool } from 'undici';

export interface Upstream {
  readonly origin: string;
  readonly pool: Pool;
  /** Takes a place at this instance; throws `overloaded` when too many wait for a connection already. */
  enter(): void;
  leave(): void;
}

export interface UpstreamPools {
  of(instance: Instance): Upstream;
  /** Closes the pools of all other addresses once their last answer has come. */
  keepOnly(origins: ReadonlySet<string>): void;
  /** Requests under way or waiting, over all instances. */
  busy(): number;
  close(): Promise<void>;
}

export interface UpstreamPoolsOptions {
  connections_max: number;
  waiting_max: number;
  connect_timeout_ms: number;
}

/** Shorter than any service keeps its side open, so that a connection is not closed under a request. */
const keepAliveMs = 4_000;
const headersBytesMax = 65_536;

class BoundedUpstream implements Upstream {
  readonly origin: string;
  readonly pool: Pool;
  readonly #places: number;
  #taken = 0;

  constructor(origin: string, options: UpstreamPoolsOptions) {
    this.origin = origin;
    this.#places = options.connections_max + options.waiting_max;
    this.pool = new Pool(origin, {
      connections: options.connections_max,
      pipelining: 1,
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMs,
      maxHeaderSize: headersBytesMax,
      connect: { timeout: options.connect_timeout_ms },
      // Time limits are kept by the gateway, for the whole exchange: a limit of the pool would not count the wait for a connection.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  get taken(): number {
    return this.#taken;
  }

  enter(): void {
    if (this.#taken >= this.#places) throw refusal('overloaded', 'Too many requests wait for this service.');
    this.#taken += 1;
  }

  leave(): void {
    this.#taken -= 1;
  }
}

export function createUpstreamPools(options: UpstreamPoolsOptions): UpstreamPools {
  const pools = new Map<string, BoundedUpstream>();
  const known = new WeakMap<Instance, BoundedUpstream>();
  const closing = new Set<Promise<void>>();

  const openAt = (origin: string): BoundedUpstream => {
    const upstream = pools.get(origin) ?? new BoundedUpstream(origin, options);
    pools.set(origin, upstream);
    return upstream;
  };
  const retire = (upstream: BoundedUpstream): void => {
    pools.delete(upstream.origin);
    const closed: Promise<void> = upstream.pool.close().finally(() => closing.delete(closed));
    closing.add(closed);
  };

  return {
    of(instance) {
      const found = known.get(instance);
      if (found !== undefined && !found.pool.closed) return found;
      const upstream = openAt(originOf(instance));
      known.set(instance, upstream);
      return upstream;
    },
    keepOnly(origins) {
      for (const upstream of [...pools.values()]) if (!origins.has(upstream.origin)) retire(upstream);
    },
    busy: () => [...pools.values()].reduce((sum, { taken }) => sum + taken, 0),
    async close() {
      const all = [...pools.values()];
      pools.clear();
      await Promise.allSettled([...all.map(({ pool }) => pool.destroy()), ...closing]);
    },
  };
}
