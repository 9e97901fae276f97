/**
 * Passive health checks: what requests show about the replicas of a service, faster than the regular checks. A replica
 * that lets a request wait is asked for its health at once, and is out when it does not answer that either (a stopped
 * process, a dead host); one that answers its health check but not its requests is left out while another one does better.
 */
import { type Instance, instanceKey, originOf, type Resolver } from '@souk/discovery';
import type { Clock, Log } from '@souk/kernel';
import { Agent, request } from 'undici';
import { createOutlierMemory } from '../workers/outlier-memory.ts';

export interface PassiveHealth {
  /** The instance for a call: one that is neither excluded nor left out; else one that is only left out. */
  pick(service: string, options?: { exclude?: readonly string[] }): Instance | undefined;
  /** Whether another replica could take over from this one. */
  hasAlternative(instance: Instance): boolean;
  /** It did not answer in time, or broke off: asks for its health, unless it is the only one left. */
  suspect(instance: Instance): void;
  /** Another replica answered at once what this one did not. */
  outdone(instance: Instance): void;
  /** Whether the instance is out, by whichever check. */
  isOut(instance: Instance): boolean;
  close(): Promise<void>;
}

export interface PassiveHealthOptions {
  resolver: Resolver;
  /** All instances of a service. */
  instancesOf(service: string): readonly Instance[];
  clock: Clock;
  log: Log;
}

/** Together with the wait before a replica is suspected this stays below two seconds. */
const answerTimeoutMs = 500;
/** Between two questions to one instance, however many requests wait for it. */
const pauseMs = 300;
const connectionsMax = 1;
const answerBytesMax = 65_536;
const outlierLimits = { out_ms: 5_000, out_max_ms: 60_000, remembered_max: 1_000 };

export function createPassiveHealth({ resolver, instancesOf, clock, log }: PassiveHealthOptions): PassiveHealth {
  // Connections of its own: those of the requests may all be held by a replica that hangs.
  const dispatcher = new Agent({ connections: connectionsMax, keepAliveTimeout: 1_000, connect: { timeout: answerTimeoutMs } });
  const outliers = createOutlierMemory(outlierLimits);
  const asked_at = new WeakMap<Instance, number>();
  const underWay = new Map<string, Promise<void>>();
  let isClosed = false;

  const current = ({ name, instance_id }: Instance): Instance | undefined =>
    instancesOf(name).find((instance) => instance.instance_id === instance_id);
  const isOut = (instance: Instance): boolean => current(instance)?.healthy !== true || outliers.isOut(instanceKey(instance), clock.now());
  const hasAlternative = ({ name, instance_id }: Instance): boolean =>
    instancesOf(name).some((other) => other.instance_id !== instance_id && !isOut(other));

  const ask = async (instance: Instance): Promise<void> => {
    const reason = await failureOf(instance, dispatcher);
    // At the end questions are cut off: that says nothing of who was asked.
    if (isClosed || reason === undefined || !hasAlternative(instance)) return;
    const { name, instance_id } = instance;
    log.warn(
      { upstream: name, upstream_instance: instance_id, origin: originOf(instance), reason },
      'an instance does not answer and is out',
    );
    resolver.markUnhealthy(instance, reason);
  };

  return {
    pick(service, { exclude = [] } = {}) {
      const instances = instancesOf(service);
      // Nearly always: nothing to leave out, and no key to be made of each instance to find that.
      if (outliers.isEmpty() && instances.every(({ healthy }) => healthy)) return resolver.pick(service, { exclude });
      const left_out = instances.filter(isOut);
      if (left_out.length === 0) return resolver.pick(service, { exclude });
      const chosen = resolver.pick(service, { exclude: [...exclude, ...left_out.map(({ instance_id }) => instance_id)] });
      return chosen ?? resolver.pick(service, { exclude });
    },
    hasAlternative,
    suspect(instance) {
      const key = instanceKey(instance);
      const now = clock.now();
      if (underWay.has(key) || now - (asked_at.get(instance) ?? 0) < pauseMs || !hasAlternative(instance)) return;
      asked_at.set(instance, now);
      underWay.set(
        key,
        ask(instance).finally(() => underWay.delete(key)),
      );
    },
    outdone(instance) {
      if (!hasAlternative(instance)) return;
      const lasts_ms = outliers.add(instanceKey(instance), clock.now());
      const { name, instance_id } = instance;
      log.warn({ upstream: name, upstream_instance: instance_id, lasts_ms }, 'an instance answers later than the others and is left out');
    },
    isOut,
    async close() {
      isClosed = true;
      await dispatcher.destroy();
      await Promise.allSettled([...underWay.values()]);
    },
  };
}

/** Why the instance is not healthy; undefined when it is. */
async function failureOf(instance: Instance, dispatcher: Agent): Promise<string | undefined> {
  const signal = AbortSignal.timeout(answerTimeoutMs);
  try {
    const answer = await request(`${originOf(instance)}${instance.health_check_path}`, { dispatcher, signal });
    await answer.body.dump({ limit: answerBytesMax, signal });
    return answer.statusCode >= 200 && answer.statusCode < 300 ? undefined : `status ${answer.statusCode}`;
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 200) : 'unknown failure';
  }
}
