/** All instances of the platform, read from the registries of the gateways. While no gateway answers, the last list stays. */
import { type ListedInstance, listServices, registeredServices } from '@souk/contracts';
import { createSingleFlight, type Log } from '@souk/kernel';
import { platformKeys } from '@souk/kernel/platform-keys';
import { type CallContext, callService } from './call-service.ts';

export interface KnownInstance extends Pick<ListedInstance, 'instance_id' | 'host' | 'port' | 'healthy' | 'last_error' | 'registered_at'> {
  service: string;
}

export interface InstanceDirectory {
  /** As read last; empty before the first `refresh`. */
  all(): readonly KnownInstance[];
  /** Of one service, those to which gateways send requests first. */
  of(service: string): readonly KnownInstance[];
  /** Of one service, those to be asked, healthy ones first, with another one in front each time. Waits for the list only when it is old. */
  candidates(service: string): Promise<readonly KnownInstance[]>;
  /** Whether an instance of each service behind the gateway takes requests. */
  isComplete(): boolean;
  /** Reads the list again unless that was just done. Never rejects. */
  refresh(): Promise<void>;
}

const answerTimeoutMs = 2_000;
const freshMs = 500;
/** A list this old may name instances that are gone; until then it is read again beside the request. */
const oldMs = 5_000;

/** The directory of a service that has `gateway_url`; nothing is read before it is first asked for. */
export function createInstanceDirectory(context: CallContext & { config: { gateway_url: string }; log: Log }): InstanceDirectory {
  const { config, log } = context;
  const gateway_urls = config.gateway_url.split(',').filter((url) => url !== '');
  const authorization = `Bearer ${platformKeys(config.internal_token).scrapeToken()}`;
  let known: readonly KnownInstance[] = [];
  let read_at = Number.NEGATIVE_INFINITY;
  const turns = new Map<string, number>();

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
    read_at = performance.now();
  };
  const reading = createSingleFlight(readAll);
  const of = (service: string): KnownInstance[] =>
    known.filter((instance) => instance.service === service).sort((left, right) => Number(right.healthy) - Number(left.healthy));
  const inTurn = (service: string): KnownInstance[] => {
    const [healthy, others] = [of(service).filter((one) => one.healthy), of(service).filter((one) => !one.healthy)];
    const first = healthy.length === 0 ? 0 : ((turns.get(service) ?? -1) + 1) % healthy.length;
    turns.set(service, first);
    return [...healthy.slice(first), ...healthy.slice(0, first), ...others];
  };
  return {
    all: () => known,
    of,
    isComplete: () => registeredServices.every((name) => of(name)[0]?.healthy === true),
    refresh: async () => (performance.now() - read_at < freshMs ? undefined : reading.run()),
    async candidates(service) {
      const age = performance.now() - read_at;
      const again = age >= freshMs ? reading.run() : undefined;
      if (age >= oldMs || of(service).length === 0) await again;
      return inTurn(service);
    },
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
