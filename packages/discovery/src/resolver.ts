/** Chooses an instance for a call: round robin over the healthy ones. */
import type { Clock } from '@souk/kernel';
import { type Instance, instanceKey } from './instance.ts';
import type { InstanceTable } from './instance-table.ts';

export interface Resolver {
  /** The next instance of the service, not one of `exclude` (instance ids); undefined when there is none at all. */
  pick(name: string, options?: { exclude?: readonly string[] }): Instance | undefined;
  /** Takes an instance out at once after a failed connection, until its next check succeeds. */
  markUnhealthy(instance: Instance, reason: string): void;
}

/** A resolver over the table; each has turns of its own. With no healthy instance it offers the one that failed longest ago. */
export function createResolver(options: { table: InstanceTable; clock: Clock }): Resolver {
  const { table, clock } = options;
  const turns = new Map<string, number>();
  /** Order of failures, finer than the clock: several fail within a millisecond. */
  const failedAs = new WeakMap<Instance, number>();
  let failures = 0;

  const nextOf = (name: string, instances: readonly Instance[], exclude: readonly string[]): Instance | undefined => {
    const start = turns.get(name) ?? 0;
    for (let step = 0; step < instances.length; step += 1) {
      const index = (start + step) % instances.length;
      const instance = instances[index];
      if (!instance?.healthy || exclude.includes(instance.instance_id)) continue;
      turns.set(name, index + 1);
      return instance;
    }
    return undefined;
  };

  return {
    pick(name, { exclude = [] } = {}) {
      const instances = table.of(name);
      const healthy = nextOf(name, instances, exclude);
      if (healthy) return healthy;
      // None is healthy: the one that failed longest ago may be back already. One whose place another program may have taken is not asked.
      const failedAt = (instance: Instance): readonly [number, number] => [instance.last_checked_at ?? 0, failedAs.get(instance) ?? 0];
      return instances
        .filter((instance) => instance.proven && !exclude.includes(instance.instance_id))
        .toSorted((left, right) => compare(failedAt(left), failedAt(right)) || (instanceKey(left) < instanceKey(right) ? -1 : 1))[0];
    },
    markUnhealthy(instance, reason) {
      failures += 1;
      failedAs.set(instance, failures);
      table.note(instance, { healthy: false, proven: false, checked_at: clock.now(), error: reason });
    },
  };
}

function compare(left: readonly [number, number], right: readonly [number, number]): number {
  return left[0] - right[0] || left[1] - right[1];
}
