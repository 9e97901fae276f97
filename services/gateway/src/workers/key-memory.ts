/** Which access token stands for an API key, by digest of the key: bounded, and one question for all who wait for the same key. */
import { hash } from 'node:crypto';
import type { Caller } from '@souk/service-kit';
import { LRUCache } from 'lru-cache';

/** Moments are those of the injected clock, in milliseconds. */
export interface KnownKey {
  readonly caller: Caller;
  readonly access_token: string;
  /** Until then the token can be sent, whether the service that issued it answers or not. */
  readonly ends_at: number;
  /** From then on it is to be asked whether the key is still good. */
  readonly ask_at: number;
}

export interface KeyMemory {
  /** What is known of a key whose token has not ended. */
  find(key: string, now_ms: number): KnownKey | undefined;
  /** Keeps what `ask` answers; where that throws, what was known stays. */
  renew(key: string, ask: () => Promise<KnownKey>): Promise<KnownKey>;
  forget(key: string): void;
}

export function createKeyMemory(keys_max: number): KeyMemory {
  const known = new LRUCache<string, KnownKey>({ max: keys_max });
  const asking = new Map<string, Promise<KnownKey>>();
  const digestOf = (key: string): string => hash('sha256', key, 'base64');
  return {
    find(key, now_ms) {
      const found = known.get(digestOf(key));
      return found !== undefined && found.ends_at > now_ms ? found : undefined;
    },
    renew(key, ask) {
      const digest = digestOf(key);
      const underWay = asking.get(digest);
      if (underWay !== undefined) return underWay;
      const asked = ask()
        .then((next) => {
          known.set(digest, next);
          return next;
        })
        .finally(() => asking.delete(digest));
      asking.set(digest, asked);
      return asked;
    },
    forget: (key) => {
      known.delete(digestOf(key));
    },
  };
}
