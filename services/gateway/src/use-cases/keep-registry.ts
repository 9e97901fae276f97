/** What services and operators do with the registry. */
import type { InstanceRegistration, ScrapeTargets } from '@souk/contracts';
import { authorityOf, type Instance, instanceKey, type LeasedInstance, type Registration } from '@souk/discovery';
import { timestamp } from '@souk/kernel';
import type { GatewayContext } from '../context.ts';

/** An instance as the registry lists it. */
export interface ListedInstance {
  instance_id: string;
  host: string;
  port: number;
  health_check_path: string;
  metadata: Readonly<Record<string, string>>;
  healthy: boolean;
  last_checked_at: string | null;
  last_error: string | null;
  registered_at: string | null;
  lease_until: string | null;
}

const healthPathDefault = '/health/ready';

/** Registers or renews. An instance that held the address before has gone, and is removed from the registry too. */
export async function registerInstance(
  { instances }: GatewayContext,
  name: string,
  instance_id: string,
  body: InstanceRegistration,
): Promise<LeasedInstance> {
  const { host, port, health_check_path = healthPathDefault, metadata = {} } = body;
  const registration: Registration = { name, instance_id, host, port, health_check_path, metadata };
  const known = instances.table.of(name).some((instance) => instance.instance_id === instance_id);
  if (!known) {
    const { instances: all } = await instances.registry.snapshot();
    for (const other of all)
      if (other.host === host && other.port === port) await instances.registry.deregister(other.name, other.instance_id);
  }
  return instances.registry.register(registration);
}

export async function deregisterInstance({ instances }: GatewayContext, name: string, instance_id: string): Promise<void> {
  await instances.registry.deregister(name, instance_id);
}

/** All instances by service, from every source; this gateway among them. */
export async function listInstances(
  context: GatewayContext,
  own: { host: string; port: number },
): Promise<Record<string, ListedInstance[]>> {
  const { instances, clock, instance_id, config } = context;
  // The table follows changes of the set only: a renewal is none.
  const renewed = new Map((await instances.registry.snapshot()).instances.map((leased) => [instanceKey(leased), leased.lease_until]));
  const listed: Record<string, ListedInstance[]> = {};
  for (const instance of othersThan(instances.table.all(), own)) {
    listed[instance.name] ??= [];
    listed[instance.name]?.push(
      listing(isListed(instance) ? instance : { ...instance, lease_until: renewed.get(instanceKey(instance)) ?? instance.lease_until }),
    );
  }
  const itself: ListedInstance = {
    instance_id,
    ...own,
    health_check_path: healthPathDefault,
    metadata: { code_version: config.code_version },
    healthy: true,
    last_checked_at: timestamp(clock.now()),
    last_error: null,
    registered_at: null,
    lease_until: null,
  };
  return { ...listed, gateway: [itself, ...(listed['gateway'] ?? [])] };
}

/** Where this gateway listens, so that the registry that all gateways share lists it too. */
export async function announceGateway(context: GatewayContext, own: { host: string; port: number }): Promise<void> {
  const { instance_id, config } = context;
  await registerInstance(context, 'gateway', instance_id, { ...own, metadata: { code_version: config.code_version } });
}

/** Every process that has metrics, whatever its health: this gateway, further ones, and all instances of the services. */
export function listScrapeTargets({ instances, instance_id }: GatewayContext, own: { host: string; port: number }): ScrapeTargets {
  const target = (service: string, at: { instance_id: string; host: string; port: number }): ScrapeTargets[number] => ({
    targets: [authorityOf(at)],
    labels: { service, instance_id: at.instance_id },
  });
  const others = othersThan(instances.table.all(), own).map((instance) => target(instance.name, instance));
  return [target('gateway', { instance_id, ...own }), ...others];
}

/** One address is one process: what a former run of this gateway registered is this gateway. */
function othersThan(all: readonly Instance[], own: { host: string; port: number }): Instance[] {
  return all.filter(({ host, port }) => host !== own.host || port !== own.port);
}

function listing(instance: Instance): ListedInstance {
  const { instance_id, host, port, health_check_path, metadata, healthy, last_checked_at, last_error, registered_at, lease_until } =
    instance;
  const endless = isListed(instance);
  return {
    ...{ instance_id, host, port, health_check_path, metadata, healthy },
    last_checked_at: last_checked_at === undefined ? null : timestamp(last_checked_at),
    last_error: last_error ?? null,
    registered_at: endless ? null : timestamp(registered_at),
    lease_until: endless ? null : timestamp(lease_until),
  };
}

/** From a fixed list or from DNS: it is never renewed. */
function isListed({ lease_until }: Instance): boolean {
  return lease_until === Number.MAX_SAFE_INTEGER;
}
