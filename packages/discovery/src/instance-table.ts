/** All instances this process knows, from every source, with their health; read at once, without waiting. */
import { type Instance, instanceKey, type LeasedInstance } from './instance.ts';

export interface InstanceTable {
  /** Replaces what one source (registry, static list, DNS) says; what is known of an unchanged address stays. */
  feed(source: string, instances: readonly LeasedInstance[]): void;
  of(name: string): readonly Instance[];
  all(): readonly Instance[];
  /** Notes the end of a check or a failed connection; nothing when the instance has gone or moved meanwhile. */
  note(instance: Instance, found: { healthy: boolean; proven: boolean; checked_at: number; error?: string }): void;
  /** Calls back with instances that are new or have a new address. */
  onAdded(added: (instances: readonly Instance[]) => void): void;
}

/** An empty table. Where two sources name one instance, the source that was fed first counts; a new address is out until it is checked. */
export function createInstanceTable(): InstanceTable {
  const sources = new Map<string, readonly LeasedInstance[]>();
  const listeners = new Set<(instances: readonly Instance[]) => void>();
  let byName = new Map<string, Instance[]>();
  let byKey = new Map<string, Instance>();

  const rebuild = (): Instance[] => {
    const added: Instance[] = [];
    const known = byKey;
    byKey = new Map();
    byName = new Map();
    for (const leased of [...sources.values()].flat()) {
      const key = instanceKey(leased);
      if (byKey.has(key)) continue;
      const before = known.get(key);
      const stays = before !== undefined && before.host === leased.host && before.port === leased.port;
      const health = stays ? before : { healthy: false, proven: false, last_checked_at: undefined, last_error: undefined };
      const { healthy, proven, last_checked_at, last_error } = health;
      const instance: Instance = { ...leased, healthy, proven, last_checked_at, last_error };
      byKey.set(key, instance);
      byName.set(leased.name, [...(byName.get(leased.name) ?? []), instance]);
      if (!stays) added.push(instance);
    }
    return added;
  };

  return {
    feed(source, instances) {
      sources.set(source, instances);
      const added = rebuild();
      if (added.length > 0) for (const listener of listeners) listener(added);
    },
    of: (name) => byName.get(name) ?? [],
    all: () => [...byKey.values()],
    note(instance, { healthy, proven, checked_at, error }) {
      const current = byKey.get(instanceKey(instance));
      if (current?.host !== instance.host || current.port !== instance.port) return;
      current.healthy = healthy;
      current.proven = proven;
      current.last_checked_at = checked_at;
      current.last_error = error;
    },
    onAdded: (listener) => void listeners.add(listener),
  };
}
