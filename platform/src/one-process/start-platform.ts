/**
 * The platform in one process: the gateway and all services, each on its own port, wired as configuration would
 * wire separate processes. Used by `npm start`, by the journeys and by the benchmarks.
 */
import { dataServices, portOffsets, registeredServices, type ServiceName, startStages } from '@souk/contracts';
import { type Clock, type IdSource, type Log, systemClock, systemIds } from '@souk/kernel';
import type { RunnableService } from '@souk/service-kit';
import type { DrillFault } from '../drills/drill-fault.ts';
import { openDrills } from '../drills/open-drills.ts';
import type { World } from '../infrastructure/embedded-world.ts';
import { addressOf, environmentOf } from '../plan/environment.ts';
import { keptInternalToken } from '../seed/secrets.ts';
import { buildNamed, type Environment, type NamedService, type ServiceOverrides } from '../services.ts';
import { awaitRoutes } from './await-routes.ts';
import { settle } from './settle.ts';

export interface PlatformOptions {
  world: World;
  port_base: number;
  log: Log;
  clock?: Clock;
  ids?: IdSource;
  /** Variables for all services, as the environment would hold them. */
  env?: Environment;
  overrides?: { [Name in ServiceName]?: Partial<ServiceOverrides[Name]> };
  /** Whether drills may be started; default not. */
  drills?: boolean;
  progress?(sentence: string): void;
}

export interface Platform {
  world: World;
  gateway_url: string;
  internal_token: string;
  urlOf(name: string): string;
  service<Name extends ServiceName>(name: Name): NamedService<Name>;
  /** Stops one service as a deployment would; the others go on. */
  stopService(name: ServiceName): Promise<void>;
  /** Builds and starts it again; returns when the gateway sends requests to it. */
  startService(name: ServiceName): Promise<void>;
  /** Returns when nothing is on its way any more: no outbox, no queue, no work in hand. Fails with what is left. */
  settle(limit_ms?: number): Promise<void>;
  /** Stops all services; the world goes on. */
  stop(): Promise<void>;
}

/** The ports of the gateway and of all services. */
export function portsFrom(port_base: number): number[] {
  return Object.values(portOffsets).map((offset) => port_base + offset);
}

/**
 * Builds and starts everything, and returns when the gateway sends requests to each service. When a part cannot start,
 * the parts already started are stopped again.
 */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const internal_token = await keptInternalToken(options.world.home);
  const urlOf = (name: string): string => addressOf(name as ServiceName, options.port_base);
  const services = new Map<ServiceName, RunnableService>();
  const running = new Set<ServiceName>();
  const { log, clock = systemClock } = options;
  const drills = options.drills ? await openDrills({ internal_token, clock, log }) : undefined;
  const start = async (name: ServiceName): Promise<void> => {
    const service = built(name, options, { internal_token, drills_url: drills?.url });
    services.set(name, service);
    await service.start();
    running.add(name);
  };
  const routed = (names: readonly ServiceName[]): Promise<void> =>
    awaitRoutes({ gateway_url: urlOf('gateway'), internal_token, names, log });
  const stop = async (): Promise<void> => {
    await drills?.close();
    // The gateway first: it stops letting requests in while the services behind it still answer.
    await services.get('gateway')?.stop();
    await Promise.all(registeredServices.map((name) => services.get(name)?.stop()));
  };

  options.progress?.('starting the services');
  try {
    for (const stage of startStages()) await startAll((stage as ServiceName[]).map(start));
    await routed(registeredServices);
  } catch (error) {
    await stop();
    throw error;
  }
  const stopService = async (name: ServiceName): Promise<void> => {
    running.delete(name);
    await services.get(name)?.stop();
  };
  const startService = async (name: ServiceName): Promise<void> => {
    await start(name);
    if (running.has('gateway')) await routed(registeredServices.filter((each) => running.has(each)));
  };
  drills?.begin(faultsOf({ stopService, startService }), urlOf('operations'));
  return {
    world: options.world,
    gateway_url: urlOf('gateway'),
    internal_token,
    urlOf,
    // All are built before this is handed out, each by its name.
    service: <Name extends ServiceName>(name: Name) => services.get(name) as NamedService<Name>,
    stopService,
    startService,
    settle: (limit_ms) => settle({ services, broker: options.world.broker, ...(limit_ms === undefined ? {} : { limit_ms }) }),
    stop,
  };
}

/** Nothing is started. */
function built(
  name: ServiceName,
  options: PlatformOptions,
  made: { internal_token: string; drills_url: string | undefined },
): RunnableService {
  const env = environmentOf(name, { ...options, ...made, env: options.env ?? {} });
  const overrides = {
    broker: options.world.broker,
    clock: options.clock ?? systemClock,
    ids: options.ids ?? systemIds,
    log: options.log,
    ...options.world.partsOf?.(name),
    ...options.overrides?.[name],
  };
  return buildNamed(name, env, overrides as ServiceOverrides[ServiceName]);
}

/** In one process a service can be ended in order only: to kill it would kill the shop. The broker is tables that all services share. */
function faultsOf({ stopService, startService }: Pick<Platform, 'stopService' | 'startService'>): DrillFault[] {
  return dataServices.map((target) => ({
    target,
    means: 'stopped',
    end: () => stopService(target),
    restore: () => startService(target),
  }));
}

/** Waits for all of them, so that none is left half started when another fails. */
async function startAll(starts: Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(starts)).find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}
