/** One value to keep in a tier. */
export interface TierItem {
  key: string;
  value: string;
  /** How long it is kept, in milliseconds; greater than zero. */
  ttl_ms: number;
}

/**
 * The port of a cache's second tier, shared by all instances of a service: a store of texts that forgets. Keys are at
 * most 400 printable ASCII characters. Every call may fail or hang: the cache limits how long it waits and stops asking
 * a tier that is away. An adapter neither retries nor queues; it fails at once when it has no connection. `signal` is
 * aborted when the caller has stopped waiting.
 */
export interface CacheTier {
  /** The texts under these keys in the order asked, undefined for what is absent or has ended; one round trip. */
  get(keys: readonly string[], signal?: AbortSignal): Promise<(string | undefined)[]>;
  /** Keeps these items, each for its own time, replacing what was there; one round trip. */
  set(items: readonly TierItem[], signal?: AbortSignal): Promise<void>;
  /** Removes these keys; answers how many were there. */
  delete(keys: readonly string[], signal?: AbortSignal): Promise<number>;
  exists(key: string, signal?: AbortSignal): Promise<boolean>;
  close(): Promise<void>;
}
