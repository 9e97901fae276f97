import { AppError, type Clock } from '@souk/kernel';
import { checkRegistration, instanceKey, type LeasedInstance, type Registration } from './instance.ts';
import type { Registry, RegistryView } from './registry.ts';

export interface MemoryRegistryOptions {
  clock: Clock;
  /** How long a registration holds without renewal. */
  lease_ms: number;
  /** How often ended leases are looked for without a request; 0 leaves it to the calls. Default 1 s. */
  sweep_ms?: number;
  /** Most instances of all services together; default 1,000. */
  instances_max?: number;
  /** The last view of an earlier run: each begins with a whole lease, and ends if its instance does not come back. */
  initial?: readonly Registration[];
}

/** The registry of one gateway, in its memory. Nothing is ever away here, so its view is never frozen. */
export function memoryRegistry(options: MemoryRegistryOptions): Registry {
  const { clock, lease_ms } = options;
  const leases = new Map<string, LeasedInstance>();
  const watchers = new Set<(view: RegistryView) => void>();
  let version = 0;

  const view = (): RegistryView => ({ version, frozen: false, instances: [...leases.values()].sort(byKey) });
  const changed = (): void => {
    version += 1;
    const seen = view();
    for (const watcher of watchers) watcher(seen);
  };
  const sweep = (): void => {
    const before = leases.size;
    for (const [key, lease] of leases) if (lease.lease_until <= clock.now()) leases.delete(key);
    if (leases.size !== before) changed();
  };
  const take = (registration: Registration): LeasedInstance => {
    const checked = checkRegistration(registration);
    const key = instanceKey(checked);
    const known = leases.get(key);
    if (!known && leases.size >= (options.instances_max ?? 1_000))
      throw new AppError('registry_full', 'The registry has no room for another instance.');
    const now = clock.now();
    const lease = Object.freeze({ ...checked, registered_at: known?.registered_at ?? now, lease_until: now + lease_ms });
    leases.set(key, lease);
    if (!known || !sameAddress(known, lease)) changed();
    return lease;
  };

  for (const registration of options.initial ?? []) take(registration);
  const sweep_ms = options.sweep_ms ?? 1_000;
  const timer = sweep_ms > 0 ? setInterval(sweep, sweep_ms).unref() : undefined;
  return {
    async register(registration) {
      sweep();
      return take(registration);
    },
    async deregister(name, instance_id) {
      sweep();
      const present = leases.delete(instanceKey({ name, instance_id }));
      if (present) changed();
      return present;
    },
    async list(name) {
      sweep();
      return view().instances.filter((instance) => instance.name === name);
    },
    async snapshot() {
      sweep();
      return view();
    },
    watch(watcher) {
      watchers.add(watcher);
      watcher(view());
      return () => void watchers.delete(watcher);
    },
    async close() {
      clearInterval(timer);
      watchers.clear();
    },
  };
}

function byKey(left: Registration, right: Registration): number {
  return instanceKey(left) < instanceKey(right) ? -1 : 1;
}

function sameAddress(left: Registration, right: Registration): boolean {
  const fixed = ({ host, port, health_check_path, metadata }: Registration): string =>
    JSON.stringify([host, port, health_check_path, Object.entries(metadata).sort()]);
  return fixed(left) === fixed(right);
}
