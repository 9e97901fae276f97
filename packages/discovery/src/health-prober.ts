/** Asks every instance for its health: at once when it appears, then regularly. Lookups read the table and never wait. */
import { type Clock, type Log, mapBounded } from '@souk/kernel';
import { Agent, request } from 'undici';
import { type Instance, instanceKey, originOf } from './instance.ts';
import type { InstanceTable } from './instance-table.ts';
import { challengeHeader, isProof, newChallenge, proofHeader } from './proof.ts';

export interface HealthProberOptions {
  table: InstanceTable;
  clock: Clock;
  log: Log;
  /** Between two checks of an instance; default 30 s. */
  interval_ms?: number;
  /** Longest wait for one answer; default 2 s. */
  timeout_ms?: number;
  /** Most checks under way at once; default 16. */
  concurrency_max?: number;
  /** Instances prove with it that they are those that were registered; undefined: every answer counts. */
  identity_key?: Buffer;
  /** Sources of instances (`static`, `dns`) that need not prove themselves: programs that are not Souk's. */
  unproven_sources?: readonly string[];
}

export interface HealthProber {
  /** Checks all instances now; resolves when all checks have ended. Never fails. */
  probeAll(): Promise<void>;
  close(): Promise<void>;
}

/** Begins to check the instances of the table, and goes on until it is closed. A failed check is noted in the table, never thrown. */
export function createHealthProber(options: HealthProberOptions): HealthProber {
  const { table, clock, log, interval_ms = 30_000, timeout_ms = 2_000, concurrency_max = 16 } = options;
  const dispatcher = new Agent({ connections: 1, keepAliveTimeout: 1_000, connect: { timeout: timeout_ms } });
  const underWay = new Map<string, Promise<void>>();
  const stopped = new AbortController();

  const probe = async (instance: Instance): Promise<void> => {
    const { error, proven } = await examine(
      instance,
      dispatcher,
      AbortSignal.any([stopped.signal, AbortSignal.timeout(timeout_ms)]),
      options,
    );
    if (stopped.signal.aborted) return;
    const { name, instance_id, healthy: was, last_checked_at } = instance;
    const healthy = error === undefined;
    table.note(instance, { healthy, proven, checked_at: clock.now(), ...(healthy ? {} : { error }) });
    if (healthy !== was || last_checked_at === undefined) {
      // An instance that was never met comes from the last view of an earlier run: its absence is no loss.
      const lost = !healthy && last_checked_at !== undefined;
      log[lost ? 'warn' : 'info'](
        { upstream: name, instance_id, origin: originOf(instance), reason: error },
        healthy ? 'an instance is healthy' : 'an instance is out',
      );
    }
  };
  const once = (instance: Instance): Promise<void> => {
    const key = `${instanceKey(instance)} ${originOf(instance)}`;
    const running = underWay.get(key) ?? probe(instance).finally(() => underWay.delete(key));
    underWay.set(key, running);
    return running;
  };
  const probeSome = async (instances: readonly Instance[]): Promise<void> => {
    if (!stopped.signal.aborted) await mapBounded(instances, concurrency_max, once);
  };

  table.onAdded((instances) => void probeSome(instances));
  void probeSome(table.all());
  const timer = setInterval(() => void probeSome(table.all()), interval_ms).unref();
  return {
    probeAll: () => probeSome(table.all()),
    async close() {
      clearInterval(timer);
      stopped.abort();
      await Promise.allSettled([...underWay.values()]);
      await dispatcher.destroy();
    },
  };
}

/** Why the instance is not healthy, undefined when it is; and whether it has proved which one it is. */
async function examine(
  instance: Instance,
  dispatcher: Agent,
  signal: AbortSignal,
  { identity_key, unproven_sources = [] }: Pick<HealthProberOptions, 'identity_key' | 'unproven_sources'>,
): Promise<{ error: string | undefined; proven: boolean }> {
  const { source } = instance.metadata;
  const listed = instance.lease_until === Number.MAX_SAFE_INTEGER;
  const key = listed && source !== undefined && unproven_sources.includes(source) ? undefined : identity_key;
  const challenge = key && newChallenge(instance.name, listed ? undefined : instance.instance_id);
  try {
    const headers = challenge === undefined ? {} : { [challengeHeader]: challenge };
    const answer = await request(`${originOf(instance)}${instance.health_check_path}`, { dispatcher, signal, headers });
    await answer.body.dump({ limit: 65_536, signal });
    const proven = key === undefined || challenge === undefined || isProof(key, challenge, instance, answer.headers[proofHeader]);
    if (!proven) return { error: 'another program answers at its address: it does not prove that it is this instance', proven };
    return { error: answer.statusCode >= 200 && answer.statusCode < 300 ? undefined : `status ${answer.statusCode}`, proven };
  } catch (error) {
    return { error: error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 200) : 'unknown failure', proven: false };
  }
}
