/** Makes the memory of this process, the second tier and the other instances forget. */
import { randomUUID } from 'node:crypto';
import { doneWithin, type Log } from '@souk/kernel';
import type { InvalidationBus } from './invalidation-bus.ts';
import type { MemoryStore } from './memory-store.ts';
import { createPendingNames, everything } from './pending-names.ts';
import type { SharedTier } from './shared-tier.ts';

/** A read or load under way; once outdated its result may still be answered to those who wait for it, but not kept. */
export interface Watch {
  readonly key: string;
  /** Undefined when the tags are not known before the entry is: then any tag outdates it. */
  readonly tags: readonly string[] | undefined;
  outdated: boolean;
}

export interface Invalidator {
  /** Forgets at once in this process, before it returns its promise; resolves when tier and bus know or have proved away. Never throws. */
  invalidate(names: readonly string[]): Promise<void>;
  unpublished(): number;
  close(): void;
}

export interface InvalidatorOptions {
  namespace: string;
  memory: MemoryStore;
  shared: SharedTier | undefined;
  bus: InvalidationBus | undefined;
  /** Called for each read under way that these names outdate. */
  watches: ReadonlySet<Watch>;
  outdated(watch: Watch): void;
  bus_timeout_ms: number;
  retry_ms: number;
  unpublished_names_max: number;
  log: Log;
}

export function createInvalidator(options: InvalidatorOptions): Invalidator {
  const { namespace, shared, bus } = options;
  const origin = randomUUID();
  const forget = (names: readonly string[]): void => forgetLocally(options, names);

  const unpublished = createPendingNames({
    whom: 'bus',
    names_max: options.unpublished_names_max,
    retry_ms: options.retry_ms,
    log: options.log,
    publish: async (names) => {
      const marked = shared === undefined || shared.state().unpublished === 0;
      const sent = await doneWithin(bus?.publish({ namespace, origin, names, marked }) ?? Promise.resolve(), options.bus_timeout_ms);
      if (!sent) throw new Error(`the invalidation bus took longer than ${options.bus_timeout_ms} ms`);
    },
  });

  const unsubscribe = bus?.subscribe({
    received(invalidation) {
      if (invalidation.namespace !== namespace || invalidation.origin === origin) return;
      if (!invalidation.marked) shared?.discard(invalidation.names);
      forget(invalidation.names);
    },
    gap: () => forget([everything]),
  });

  return {
    async invalidate(names) {
      forget(names);
      // The tier first: a subscriber of the bus that then reads the tier must find the new marks there.
      if (shared) await shared.invalidate(names);
      if (bus) await unpublished.publish(names);
    },
    unpublished: () => unpublished.size() + (shared?.state().unpublished ?? 0),
    close() {
      unsubscribe?.();
      unpublished.close();
      shared?.close();
    },
  };
}

function forgetLocally(options: InvalidatorOptions, names: readonly string[]): void {
  const { memory, watches, outdated } = options;
  for (const name of names) {
    if (name === everything) memory.clear();
    else if (name.startsWith('key:')) memory.delete(name.slice(4));
    else if (name.startsWith('tag:')) memory.deleteTagged(name.slice(4));
  }
  if (watches.size === 0) return;
  const published = new Set(names);
  const anyTag = names.some((name) => name.startsWith('tag:'));
  for (const watch of watches) {
    const tagged = watch.tags === undefined ? anyTag : watch.tags.some((tag) => published.has(`tag:${tag}`));
    if (tagged || published.has(everything) || published.has(`key:${watch.key}`)) outdated(watch);
  }
}
