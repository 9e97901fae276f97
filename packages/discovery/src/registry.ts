import type { LeasedInstance, Registration } from './instance.ts';

/** Everything registered at one moment. */
export interface RegistryView {
  /** Grows with every change of the set of instances or their addresses; a renewal changes nothing. */
  version: number;
  /** True while the shared store is away: this is the last known view, and no lease ends until the store is back. */
  frozen: boolean;
  instances: readonly LeasedInstance[];
}

/**
 * The port of the registry that all gateways share. Registering and renewing are one call, idempotent by name and
 * instance id and safe under concurrency. **When the store behind it is away the view freezes**: reads answer the last
 * known view with `frozen: true`, registrations are taken into it and written when the store is back, and leases end
 * only after the store has been back for one whole lease, so that everyone had the chance to renew. No read waits for the store.
 */
export interface Registry {
  /** Registers or renews; answers the lease. Refuses with `registration_invalid`, or `registry_full` beyond the limit. */
  register(registration: Registration): Promise<LeasedInstance>;
  /** Answers whether it was there. */
  deregister(name: string, instance_id: string): Promise<boolean>;
  /** The instances of one service whose lease holds, in order of instance id. */
  list(name: string): Promise<readonly LeasedInstance[]>;
  snapshot(): Promise<RegistryView>;
  /** Calls back soon after each change of version, and once at the beginning. Returns the end of it. */
  watch(changed: (view: RegistryView) => void): () => void;
  close(): Promise<void>;
}
