/** What one cache sends to the others of its namespace: invalidate these. */
export interface Invalidation {
  namespace: string;
  /** The instance that speaks; it does not listen to itself. */
  origin: string;
  /** `key:<key>`, `tag:<tag>`, or `*` for everything. */
  names: readonly string[];
  /** Whether the second tier is invalidated already; if not, the receiver does not trust it for these names until it has invalidated it itself. */
  marked: boolean;
}

export interface InvalidationListener {
  received(invalidation: Invalidation): void;
  /** Something may have been lost (each reconnection): the cache then forgets its whole memory. */
  gap(): void;
}

/**
 * The port that carries invalidations between instances; any broadcast will do. Delivery is at most once, which is
 * why an adapter must report every gap. `publish` may fail or hang; the cache limits its wait and tries again later.
 */
export interface InvalidationBus {
  publish(invalidation: Invalidation): Promise<void>;
  /** Takes effect at once for what is received from now on; connecting is the adapter's own business. Returns the end of it. */
  subscribe(listener: InvalidationListener): () => void;
}

/** The bus for caches that live in one process. */
export function memoryBus(): InvalidationBus {
  const listeners = new Set<InvalidationListener>();
  return {
    async publish(invalidation) {
      for (const listener of listeners) listener.received(invalidation);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
