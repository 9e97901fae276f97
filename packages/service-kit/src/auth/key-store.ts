/** Where the last good key set is kept, so that tokens can be verified after a restart while `users` is away. */
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { replaceFile } from '@souk/kernel/files';
import type { Database } from '@souk/postgres';
import type { JWK } from 'jose';

export interface KeySet {
  keys: JWK[];
}

export interface KeyStore {
  /** The set saved last; undefined when there was never one. */
  load(): Promise<KeySet | undefined>;
  save(set: KeySet): Promise<void>;
}

/** Keeps the key set in the table `key_sets` of the service's own database. */
export function databaseKeyStore(db: Database): KeyStore {
  return {
    async load() {
      const [row] = await db.query<{ keys: JWK[] }>("select keys from key_sets where issuer = 'souk'");
      return row && { keys: row.keys };
    },
    async save(set) {
      await db.query(
        `insert into key_sets (issuer, keys, saved_at) values ('souk', $1::jsonb, now())
         on conflict (issuer) do update set keys = excluded.keys, saved_at = excluded.saved_at`,
        [JSON.stringify(set.keys)],
      );
    },
  };
}

/** Keeps the key set in a file (mode 0600), for a process without a database such as the gateway. */
export function fileKeyStore(path: string): KeyStore {
  return {
    async load() {
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
      return text === undefined ? undefined : (JSON.parse(text) as KeySet);
    },
    async save(set) {
      await mkdir(dirname(path), { recursive: true });
      await replaceFile(path, JSON.stringify(set));
    },
  };
}

/** Keeps the key set in memory only. */
export function memoryKeyStore(set?: KeySet): KeyStore {
  let kept = set;
  return {
    load: async () => kept,
    async save(next) {
      kept = next;
    },
  };
}
