/** The services of a run: built and started as the platform does it, crashed, and started again. */

import { buildInventory, InventoryConfig } from '@souk/inventory';
import { type Clock, type IdSource, type Log, silentLog } from '@souk/kernel';
import type { Broker } from '@souk/messaging';
import { buildNotifications, NotificationsConfig } from '@souk/notifications';
import { buildOrders, OrdersConfig } from '@souk/orders';
import { buildPayments, PaymentsConfig } from '@souk/payments';
import type { Overrides, Service } from '@souk/service-kit';
import { testConfig } from '@souk/service-kit/testing';
import { type SimulatedService, simulatedServices } from '../plan.ts';
import type { SimulatedBroker } from './broker.ts';
import type { SimulatedDatabases } from './databases.ts';
import type { Edges } from './edges.ts';
import { simulatedSecret, simulatedUuid } from './entropy.ts';
import type { SimulatedProvider } from './provider.ts';
import type { Sessions } from './sessions.ts';
import type { Life, World } from './world.ts';

export const virtualClock: Clock = { now: () => Date.now() };
const ids: IdSource = { uuid: simulatedUuid, secret: simulatedSecret };

/** No token is verified here: requests carry their caller. */
const verifier = {
  remembered: () => undefined,
  endOf: () => 0,
  verify: () => Promise.reject(new Error('no token is verified in a simulation')),
  ready: () => true,
  refresh: async () => true,
};

const internal_token = 'f1d2d2f924e986ac86fdf7b36c94bcdf32beec15a7c1e8d0';

export interface ShopParts {
  world: World;
  databases: SimulatedDatabases;
  sessions: Sessions;
  edges: Edges;
  broker: SimulatedBroker;
  provider: SimulatedProvider;
  deadline_ms: number;
}

export class Shop {
  readonly #parts: ShopParts;
  readonly #lives = new Map<SimulatedService, Life>();
  readonly #services = new Map<SimulatedService, Service>();
  #crashes = 0;

  constructor(parts: ShopParts) {
    this.#parts = parts;
  }

  get crashes(): number {
    return this.#crashes;
  }

  life(service: SimulatedService): Life | undefined {
    return this.#lives.get(service);
  }

  start(service: SimulatedService): void {
    const { world } = this.#parts;
    const life: Life = { actor: service, number: (this.#lives.get(service)?.number ?? 0) + 1, alive: true };
    this.#lives.set(service, life);
    if (life.number > 1) world.note(() => `${service} is started again`);
    world.plan(life, 0, 'start', () => {
      const running = this.#build(service, life);
      this.#services.set(service, running);
      running.start().catch((error: unknown) => {
        world.note(() => `${service} did not start: ${(error as Error).message}`);
        world.plan(world.outside, restartMs, `start ${service} again`, () => this.start(service));
      });
    });
  }

  /** Everything the service has in memory is gone; what it had committed and published stays. */
  async crash(service: SimulatedService, down_ms: number): Promise<void> {
    const { world, sessions, edges, broker } = this.#parts;
    const life = this.#lives.get(service);
    if (life === undefined || !life.alive) return;
    this.#crashes += 1;
    world.note(() => `CRASH of ${service}`);
    life.alive = false;
    this.#services.delete(service);
    broker.detach(life);
    edges.cut(service);
    await sessions.endAll(life);
    world.plan(world.outside, down_ms, `start ${service}`, () => this.start(service));
  }

  /** Nothing waits in an outbox, no job runs, no money is under way. */
  async settled(): Promise<boolean> {
    for (const name of simulatedServices) {
      const service = this.#services.get(name);
      const life = this.#lives.get(name);
      if (service === undefined || life === undefined || !this.#parts.edges.isUp(name)) return false;
      if (!(await this.#parts.world.as(life, () => service.settled()))) return false;
    }
    return true;
  }

  #build(service: SimulatedService, life: Life): Service {
    const { databases, broker, provider, deadline_ms } = this.#parts;
    const log = this.#log(service);
    const overrides: Overrides = { clock: virtualClock, ids, log, verifier, broker: broker.for(life) as Broker };
    return buildSimulated(service, databases.urlOf(service), overrides, { deadline_ms, provider: () => provider.for(life) });
  }

  /** Warnings and errors are part of the trace. */
  #log(service: SimulatedService): Log {
    const { world } = this.#parts;
    const say = (fields: object, message: string): void => {
      const { err } = fields as { err?: Error };
      world.note(() => `  ${service} logs: ${message}${err === undefined ? '' : `: ${err.message}`}`);
    };
    const log: Log = { ...silentLog, warn: say, error: say, child: () => log };
    return log;
  }
}

const restartMs = 1_000;

interface Extras {
  deadline_ms: number;
  provider?: () => Overrides extends never ? never : ReturnType<SimulatedProvider['for']>;
}

/** One service as the platform builds it, over this database. */
export function buildSimulated(service: SimulatedService, database_url: string, overrides: Overrides, extras: Extras): Service {
  const shared = { database_url, internal_token, instance_id: `${service}-simulated`, metrics: 'off' as const, migrate: false };
  switch (service) {
    case 'orders': {
      const deadlines = { saga_stock_deadline_ms: extras.deadline_ms, saga_payment_deadline_ms: extras.deadline_ms };
      return buildOrders(testConfig<OrdersConfig>('orders', OrdersConfig, { ...shared, ...deadlines }), overrides) as unknown as Service;
    }
    case 'inventory':
      return buildInventory(testConfig<InventoryConfig>('inventory', InventoryConfig, shared), overrides) as unknown as Service;
    case 'payments': {
      const provider = extras.provider?.();
      return buildPayments(testConfig<PaymentsConfig>('payments', PaymentsConfig, shared), {
        ...overrides,
        ...(provider && { provider }),
      }) as unknown as Service;
    }
    case 'notifications':
      return buildNotifications(
        testConfig<NotificationsConfig>('notifications', NotificationsConfig, shared),
        overrides,
      ) as unknown as Service;
  }
}
