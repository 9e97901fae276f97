/** A mutex for each key: work of one key runs one after the other, that of different keys side by side. Keys that are not in use take no memory. */
import { createLimiter, type Limiter } from './limiter.ts';

/** Runs the work while no other work of this key runs. Rejects with the refusal when too many wait, or as the work does. */
export type KeyedMutex = <T>(key: string, work: () => Promise<T>) => Promise<T>;

export interface KeyedMutexOptions {
  /** Most that wait for one key; beyond it a call is refused at once. */
  waiting_max: number;
  /** The refusal; default `overloaded`. */
  overloaded?: () => Error;
}

/** A keyed mutex of this process. */
export function createKeyedMutex(options: KeyedMutexOptions): KeyedMutex {
  const inUse = new Map<string, Limiter>();
  return async (key, work) => {
    const limiter = inUse.get(key) ?? createLimiter({ running_max: 1, ...options });
    inUse.set(key, limiter);
    try {
      return await limiter.run(work);
    } finally {
      if (limiter.load().running === 0) inUse.delete(key);
    }
  };
}
