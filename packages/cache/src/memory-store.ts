/** The first tier: entries of this process, bounded by number and by size, found by key and forgotten by key or tag. */
import { LRUCache } from 'lru-cache';
import type { Entry } from './entry.ts';

/** What an entry costs beside its characters, in bytes: objects, strings' heads, map slots. A measured order of magnitude. */
const entryOverheadBytes = 400;

export interface MemoryStore {
  get(key: string): Entry | undefined;
  set(key: string, entry: Entry): void;
  delete(key: string): void;
  deleteTagged(tag: string): void;
  clear(): void;
  size(): { entries: number; bytes: number };
}

/** Holds at most so many entries and estimated bytes: the least recently used leave first; an entry above a quarter of the bytes is not kept. */
export function createMemoryStore(limits: { entries_max: number; bytes_max: number }): MemoryStore {
  const keysByTag = new Map<string, Set<string>>();
  const entries = new LRUCache<string, Entry>({
    max: limits.entries_max,
    maxSize: limits.bytes_max,
    maxEntrySize: Math.max(1, Math.floor(limits.bytes_max / 4)),
    // The text and the parsed value beside it, which takes about twice the room.
    sizeCalculation: (entry, key) => entryOverheadBytes + 2 * key.length + 3 * entry.text.length,
    dispose: (entry, key) => unlink(entry, key),
  });

  const unlink = (entry: Entry, key: string): void => {
    for (const tag of entry.tags) {
      const keys = keysByTag.get(tag);
      keys?.delete(key);
      if (keys?.size === 0) keysByTag.delete(tag);
    }
  };

  const link = (entry: Entry, key: string): void => {
    for (const tag of entry.tags) {
      const keys = keysByTag.get(tag);
      if (keys) keys.add(key);
      else keysByTag.set(tag, new Set([key]));
    }
  };

  return {
    get: (key) => entries.get(key),
    set(key, entry) {
      entries.set(key, entry);
      // An entry that is too large is not kept, and then its tags must not be either.
      if (entries.has(key)) link(entry, key);
    },
    delete: (key) => void entries.delete(key),
    deleteTagged(tag) {
      for (const key of [...(keysByTag.get(tag) ?? [])]) entries.delete(key);
    },
    clear: () => entries.clear(),
    size: () => ({ entries: entries.size, bytes: entries.calculatedSize }),
  };
}
