/** What this process knows of the shared registry: read at once, changed by what the store answers or, while it is away, by what was asked here. */
import { instanceKey, type LeasedInstance, type Registration, type RegistryView } from '@souk/discovery';

export interface RegistryCopy {
  view(frozen: boolean): RegistryView;
  get(key: string): LeasedInstance | undefined;
  all(): readonly LeasedInstance[];
  put(instance: LeasedInstance): void;
  remove(key: string): boolean;
  /** Takes the place of everything known. */
  replace(instances: readonly LeasedInstance[]): void;
}

/** `changed` is called after each change of the set or of an address, when the version has grown; not for renewals. */
export function createRegistryCopy(changed: () => void): RegistryCopy {
  let leases = new Map<string, LeasedInstance>();
  let version = 0;
  const grow = (): void => {
    version += 1;
    changed();
  };
  return {
    view: (frozen) => ({ version, frozen, instances: [...leases.values()].sort(byKey) }),
    get: (key) => leases.get(key),
    all: () => [...leases.values()],
    put(instance) {
      const key = instanceKey(instance);
      const known = leases.get(key);
      leases.set(key, Object.freeze(instance));
      if (known === undefined || registrationText(known) !== registrationText(instance)) grow();
    },
    remove(key) {
      const present = leases.delete(key);
      if (present) grow();
      return present;
    },
    replace(instances) {
      const before = leases;
      leases = new Map(instances.map((instance) => [instanceKey(instance), Object.freeze(instance)]));
      const same = before.size === leases.size && instances.every((instance) => isSame(before.get(instanceKey(instance)), instance));
      if (!same) grow();
    },
  };
}

/** The text that is stored: the same for the same registration, in whatever order its metadata is written. */
export function registrationText({ name, instance_id, host, port, health_check_path, metadata }: Registration): string {
  const sorted = Object.fromEntries(Object.entries(metadata).sort(([left], [right]) => (left < right ? -1 : 1)));
  return JSON.stringify({ name, instance_id, host, port, health_check_path, metadata: sorted });
}

function isSame(known: LeasedInstance | undefined, instance: LeasedInstance): boolean {
  return known !== undefined && registrationText(known) === registrationText(instance);
}

function byKey(left: Registration, right: Registration): number {
  return instanceKey(left) < instanceKey(right) ? -1 : 1;
}
