/** All instances of the platform, read from the registries of the gateways. While no gateway answers, the last list stays. */
import { type ListedInstance, listServices, registeredServices } from '@souk/contracts';
import { createSingleFlight, type Log } from '@souk/kernel';
import { platformKeys } from '@souk/kernel/platform-keys';
import { type CallContext, callService } from '@souk/service-kit';

export interface KnownInstance extends Pick<ListedInstance, 'instance_id' | 'host' | 'port' | 'healthy' | 'last_error' | 'registered_at'> {
  service: string;
}

export interface InstanceDirectory {
  /** As read last; empty before the first `refresh`. */
  all(): readonly KnownInstance[];
  /** Of one service, those to which gateways send requests first. */
  of(service: string): readonly KnownInstance[];
  /** Whether an instance of each service behind the gateway takes requests. */
  isComplete(): boolean;
  /** Reads the list again unless that was just done. Never rejects. */
  refresh(): Promise<void>;
}

const answerTimeoutMs = 2_000;
const freshMs = 500;

/** Nothing is read before the first `refresh`. */
export function createInstanceDirectory(context: CallContext & { config: { gateway_url: string }; log: Log }): InstanceDirectory {
  const { config, log } = context;
  const gateway_urls = config.gateway_url.split(',').filter((url) => url !== '');
  const authorization = `Bearer ${platformKeys(config.internal_token).scrapeToken()}`;
  let known: readonly KnownInstance[] = [];
  let fresh_until = Number.NEGATIVE_INFINITY;

  const read = async (gateway_url: string): Promise<KnownInstance[]> => {
    const { status, body } = await callService(context, gateway_url, listServices, {
      headers: { authorization },
      timeout_ms: answerTimeoutMs,
    });
    if (status !== 200) throw new Error(`the gateway at ${gateway_url} answered ${status}`);
    return Object.entries(body).flatMap(([service, instances]) => instances.map((instance) => ({ ...instance, service })));
  };
  const readAll = async (): Promise<void> => {
    const answers = await Promise.allSettled(gateway_urls.map(read));
    const lists = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    if (lists.length > 0) known = uniqueInstances(lists.flat());
    else log.debug({ gateway_urls }, 'no gateway answers; the last list of instances stays');
    fresh_until = performance.now() + freshMs;
  };
  const reading = createSingleFlight(readAll);
  const of = (service: string): KnownInstance[] =>
    known.filter((instance) => instance.service === service).sort((left, right) => Number(right.healthy) - Number(left.healthy));
  return {
    all: () => known,
    of,
    isComplete: () => registeredServices.every((name) => of(name)[0]?.healthy === true),
    refresh: async () => (performance.now() < fresh_until ? undefined : reading.run()),
  };
}

/** Gateways that share a registry list the same instances. */
function uniqueInstances(instances: readonly KnownInstance[]): KnownInstance[] {
  const byKey = new Map<string, KnownInstance>();
  for (const instance of instances) {
    const key = `${instance.service}/${instance.instance_id}`;
    const known = byKey.get(key);
    // What one gateway sends nothing to is worth knowing.
    if (known === undefined || (known.healthy && !instance.healthy)) byKey.set(key, instance);
  }
  return [...byKey.values()];
}
