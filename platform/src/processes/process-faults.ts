/** What drills can do to a shop of many processes: kill those of a service, or the broker, and start them again. */
import { dataServices } from '@souk/contracts';
import type { DrillFault } from '../drills/drill-fault.ts';
import type { Servers } from '../infrastructure/servers.ts';
import type { Instance } from '../plan/processes.ts';
import type { Supervisor } from './supervisor.ts';

/** The broker only where it was started here. */
export function processFaults(shop: {
  instances: readonly Instance[];
  supervisor: Supervisor;
  servers: Pick<Servers, 'broker'>;
}): DrillFault[] {
  const { instances, supervisor, servers } = shop;
  const services = dataServices.map((target): DrillFault => {
    const names = instances.filter(({ service }) => service === target).map(({ name }) => name);
    return { target, means: 'killed', end: () => supervisor.kill(names), restore: () => supervisor.revive(names) };
  });
  const { broker } = servers;
  if (broker === undefined) return services;
  return [...services, { target: 'broker', means: 'killed', end: () => broker.kill(), restore: () => broker.start() }];
}
