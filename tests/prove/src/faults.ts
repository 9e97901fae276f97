/** Carries out the planned faults one after the other, and measures how long the shop takes to be well again. */
import { pause } from '@souk/kernel';
import { sendOnce } from './client.ts';
import type { PlannedFault } from './plan.ts';
import type { Machine, NetworkFault, Shop, ShopProcess } from './shop.ts';

export interface Injected {
  at_ms: number;
  kind: string;
  what: string;
  /** From the end of the fault until every gateway says that all is well; undefined where the next fault came before. */
  recovered_ms: number | undefined;
}

export interface Striking {
  shop: Shop;
  began: number;
  stopped: AbortSignal;
  said(injected: Injected): void;
}

const healthyLimitMs = 120_000;
const pollMs = 50;
const networkFaults: readonly NetworkFault[] = ['delay', 'cut', 'black hole', 'one way', 'throttle'];

export async function strike(striking: Striking, faults: readonly PlannedFault[]): Promise<Injected[]> {
  const { shop, began, stopped, said } = striking;
  const injected: Injected[] = [];
  for (const fault of faults) {
    await pause(Math.max(0, began + fault.at_ms - performance.now()), stopped);
    if (stopped.aborted) break;
    const at_ms = Math.round(performance.now() - began);
    const what = await inject(shop, fault);
    if (what === undefined) continue;
    const ended = performance.now();
    await untilHealthy(shop);
    const one: Injected = { at_ms, kind: fault.kind, what, recovered_ms: Math.round(performance.now() - ended) };
    injected.push(one);
    said(one);
  }
  return injected;
}

/** A sentence about what was done; undefined where there was nothing to do it to. */
async function inject(shop: Shop, fault: PlannedFault): Promise<string | undefined> {
  const { machine } = shop;
  if (machine !== undefined) {
    if (fault.kind === 'kill') return kill(shop, machine, await chosen(machine, fault));
    if (fault.kind === 'stop') return suspend(machine, await chosen(machine, fault), fault.for_ms);
    if (fault.kind === 'outage') return outage(shop, machine, fault.for_ms);
    if (fault.kind === 'database') {
      await machine.hurtDatabase(fault.variant);
      return fault.variant === 'whole' ? 'PostgreSQL crashes and recovers' : 'all connections to PostgreSQL are ended';
    }
  }
  if (fault.kind === 'network') return disturb(shop, fault);
  if (fault.kind === 'switches') return switchOn(shop, fault);
  const { servers } = shop;
  if (servers === undefined) return undefined;
  if (fault.kind === 'redis') {
    await servers.restartRedis();
    return 'Redis is killed and started again';
  }
  const how = fault.variant === 'whole' ? 'kill' : 'stop';
  await servers.restartBroker(how);
  return `RabbitMQ is ${how === 'kill' ? 'killed' : 'stopped'} and started again`;
}

async function chosen(machine: Machine, { which }: PlannedFault): Promise<ShopProcess> {
  const all = await machine.processes();
  return all[Math.floor(which * all.length)] as ShopProcess;
}

async function kill(shop: Shop, machine: Machine, process: ShopProcess): Promise<string> {
  await machine.kill(process);
  await shop.start();
  return `SIGKILL to ${process.name}`;
}

async function suspend(machine: Machine, process: ShopProcess, for_ms: number): Promise<string> {
  const resume = await machine.suspend(process);
  await pause(for_ms);
  resume();
  return `SIGSTOP to ${process.name} for ${(for_ms / 1_000).toFixed(1)} s`;
}

async function outage(shop: Shop, machine: Machine, for_ms: number): Promise<string> {
  await machine.outage();
  await pause(for_ms / 4);
  await shop.start();
  return 'SIGKILL to everything at once';
}

async function switchOn({ switches }: Shop, fault: PlannedFault): Promise<string | undefined> {
  if (switches === undefined) return undefined;
  const { what, end } = await switches.inject(fault);
  await pause(fault.for_ms);
  await end();
  return what;
}

async function disturb({ network }: Shop, { which, for_ms }: PlannedFault): Promise<string | undefined> {
  if (network === undefined) return undefined;
  const fault = networkFaults[Math.floor(which * 997) % networkFaults.length] as NetworkFault;
  const { way, end } = network.disturb(which, fault);
  await pause(for_ms);
  end();
  return `${fault} between ${way} for ${(for_ms / 1_000).toFixed(1)} s`;
}

/** Resolves when every gateway says that all is well; throws after two minutes. */
export async function untilHealthy({ gateways }: Shop): Promise<void> {
  const end = performance.now() + healthyLimitMs;
  for (let turn = 0; turn < gateways.length; turn += 1) {
    for (;;) {
      const { body } = await sendOnce(gateways, turn, { method: 'GET', path: '/health' });
      if ((body as { status?: string } | undefined)?.status === 'healthy') break;
      if (performance.now() > end) throw new Error(`the shop did not get well: ${JSON.stringify(body)}`);
      await pause(pollMs);
    }
  }
}
