import { randomUUID } from 'node:crypto';
import { checkRegistration, instanceKey, type LeasedInstance, type Registration, type Registry, type RegistryView } from '@souk/discovery';
import { AppError, type Clock, type Log } from '@souk/kernel';
import type { Redis } from '../redis.ts';
import { createExchange, type Exchange } from './exchange.ts';
import { createRegistryCopy } from './registry-copy.ts';

export interface RedisRegistryOptions {
  clock: Clock;
  log: Log;
  /** How long a registration holds without renewal. */
  lease_ms: number;
  /** How often the whole registry is read, beside what other gateways announce; default a tenth of the lease, at most 1 s. */
  poll_ms?: number;
  /** Longest time without a visit of any gateway before Redis counts as having been away; default three polls. */
  absence_ms_max?: number;
  /** Most instances of all services together; default 1,000. */
  instances_max?: number;
  /** Longest wait for Redis within one registration; default 250 ms. */
  timeout_ms?: number;
  /** Separates installations that share one Redis; default `souk`. */
  prefix?: string;
}

/**
 * The registry that all gateways share. Reads answer from a copy in memory. Whether a lease has ended is decided by the
 * store alone, so nothing ends while it is away; the copy follows within one poll, mostly at once.
 */
export function redisRegistry(redis: Redis, options: RedisRegistryOptions): Registry {
  const { clock, log, lease_ms, instances_max = 1_000, prefix = 'souk' } = options;
  const poll_ms = options.poll_ms ?? Math.min(1_000, lease_ms / 10);
  const channel = `${prefix}:registry:changes`;
  const origin = randomUUID();
  const watchers = new Set<(view: RegistryView) => void>();
  const view = (): RegistryView => copy.view(exchange.frozen());
  const copy = createRegistryCopy(() => {
    const seen = view();
    for (const watcher of watchers) watcher(seen);
  });
  const exchange: Exchange = createExchange(redis, copy, {
    ...{ clock, log, lease_ms, instances_max, channel, origin, prefix },
    absence_ms_max: options.absence_ms_max ?? Math.max(3 * poll_ms, 500),
    timeout_ms: options.timeout_ms ?? 250,
  });

  const leaseHere = (registration: Registration): LeasedInstance => {
    const key = instanceKey(registration);
    const known = copy.get(key);
    if (known === undefined && copy.all().length >= instances_max) throw full();
    const now = clock.now();
    const leased = { ...registration, registered_at: known?.registered_at ?? now, lease_until: now + lease_ms };
    exchange.takeLater(registration);
    copy.put(leased);
    return leased;
  };

  const timer = setInterval(exchange.refresh, poll_ms).unref();
  const endState = redis.onState((state) => {
    if (state === 'ready') exchange.refresh();
    else exchange.freeze();
  });
  const endChanges = redis.subscribe(channel, {
    received: (said) => {
      if (said !== origin) exchange.refresh();
    },
    gap: exchange.refresh,
  });
  exchange.refresh();

  return {
    async register(registration) {
      const checked = checkRegistration(registration);
      const key = instanceKey(checked);
      const answer = await exchange.send('take', checked);
      if (answer?.refused.includes(key)) throw full();
      return (answer && copy.get(key)) ?? leaseHere(checked);
    },
    async deregister(name, instance_id) {
      const key = instanceKey({ name, instance_id });
      const answer = await exchange.send('drop', { name, instance_id });
      if (answer) return answer.dropped.includes(key);
      exchange.dropLater({ name, instance_id });
      return copy.remove(key);
    },
    list: async (name) => view().instances.filter((instance) => instance.name === name),
    snapshot: async () => view(),
    watch(watcher) {
      watchers.add(watcher);
      watcher(view());
      return () => void watchers.delete(watcher);
    },
    async close() {
      clearInterval(timer);
      endState();
      endChanges();
      watchers.clear();
      exchange.close();
    },
  };
}

function full(): AppError {
  return new AppError('registry_full', 'The registry has no room for another instance.');
}
