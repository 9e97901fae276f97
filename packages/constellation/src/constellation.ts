/**
 * The constellation: the gateway and all services in one process, each on its own port, wired as configuration would
 * wire separate processes. Used by `npm start`, by the journeys and by the benchmarks.
 */
import type { ServiceName } from '@souk/contracts';
import { type Clock, type IdSource, type Log, systemClock, systemIds } from '@souk/kernel';
import { portOffsets, type Service } from '@souk/service-kit';
import { awaitRoutes } from './await-routes.ts';
import type { World } from './embedded-world.ts';
import { addressOf, environmentOf } from './environment.ts';
import { keptSecret } from './secrets.ts';
import { builders, type Environment, keepers, type ServiceOverrides } from './services.ts';
import { settle } from './settle.ts';

export interface ConstellationOptions {
  world: World;
  port_base: number;
  log: Log;
  clock?: Clock;
  ids?: IdSource;
  /** Variables for all services, as the environment would hold them. */
  env?: Environment;
  overrides?: { [Name in ServiceName]?: Partial<ServiceOverrides[Name]> };
  progress?(sentence: string): void;
}

export interface Constellation {
  world: World;
  gateway_url: string;
  internal_token: string;
  urlOf(name: string): string;
  service(name: ServiceName): Service;
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

const stages: readonly ServiceName[][] = [['users'], ['gateway'], ['products', 'orders', 'inventory', 'payments', 'notifications']];

/**
 * Builds and starts everything, and returns when the gateway sends requests to each service. When a part cannot start,
 * the parts already started are stopped again.
 */
export async function startConstellation(options: ConstellationOptions): Promise<Constellation> {
  const internal_token = await keptSecret(options.world.home, 'internal_token');
  const urlOf = (name: string): string => addressOf(name as ServiceName, options.port_base);
  const services = new Map<ServiceName, Service>();
  const running = new Set<ServiceName>();
  const build = (name: ServiceName): Service => {
    const env = environmentOf(name, { ...options, internal_token, env: options.env ?? {} });
    const overrides = {
      broker: options.world.broker,
      clock: options.clock ?? systemClock,
      ids: options.ids ?? systemIds,
      log: options.log,
      ...options.world.partsOf?.(name),
      ...options.overrides?.[name],
    };
    return (builders[name] as (env: Environment, overrides: unknown) => Service)(env, overrides);
  };
  const start = async (name: ServiceName): Promise<void> => {
    const service = build(name);
    services.set(name, service);
    await service.start();
    running.add(name);
  };
  const routed = (names: readonly ServiceName[]): Promise<void> =>
    awaitRoutes({ gateway_url: urlOf('gateway'), internal_token, names, log: options.log });
  const stop = async (): Promise<void> => {
    // The gateway first: it stops letting requests in while the services behind it still answer.
    await services.get('gateway')?.stop();
    await Promise.all(keepers.map((name) => services.get(name)?.stop()));
  };

  options.progress?.('starting the services');
  try {
    // Whoever verifies tokens asks users for its keys, and whoever is ready registers at the gateway.
    for (const stage of stages) await startAll(stage.map(start));
    await routed(keepers);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    world: options.world,
    gateway_url: urlOf('gateway'),
    internal_token,
    urlOf,
    service: (name) => services.get(name) as Service,
    async stopService(name) {
      running.delete(name);
      await services.get(name)?.stop();
    },
    async startService(name) {
      await start(name);
      if (running.has('gateway')) await routed(keepers.filter((keeper) => running.has(keeper)));
    },
    settle: (limit_ms) => settle({ services, broker: options.world.broker, ...(limit_ms === undefined ? {} : { limit_ms }) }),
    stop,
  };
}

/** Waits for all of them, so that none is left half started when another fails. */
async function startAll(starts: Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(starts)).find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}
