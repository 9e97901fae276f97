/** Faults of single processes, as only a platform of several has them. */
import assert from 'node:assert/strict';
import { required } from '@souk/kernel';
import { until } from '@souk/platform/testing';
import type { ShopProcess } from '@souk/platform/testing/shop-process';
import type { Fault, Seen } from './_fault.ts';

/** A platform of processes. */
export interface Processes extends Seen {
  shop: ShopProcess;
}

const restarts = 3;
const restart_limit_ms = 40_000;

async function pidOf(shop: ShopProcess, service: string): Promise<number> {
  const pids = await shop.pidsOf(new RegExp(`services/${service}/src/main`));
  return required(pids[0], `the process of ${service}`);
}

/** When the youngest process of the service that was ever scraped was started, in seconds since the Unix epoch. */
async function lastStart({ prometheus }: Seen, service: string): Promise<number> {
  const [latest] = await prometheus.now(`max(max_over_time(process_start_time_seconds{service="${service}"}[10m]))`);
  return required(latest, `${service} among what is scraped`).value;
}

async function restart(scene: Processes, service: string, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  const before = await lastStart(scene, service);
  process.kill(await pidOf(scene.shop, service), signal);
  await until(async () => ((await lastStart(scene, service)) > before ? undefined : `${service} was not started again`), restart_limit_ms);
}

/** For the platform: its processes obey. */
export const hoarder = { NODE_OPTIONS: `--import=${new URL('_hoarder.mjs', import.meta.url).href}` };

export const processFaults: readonly Fault<Processes>[] = [
  {
    what: 'a process that dies again and again',
    alerts: [{ alert: 'ProcessRestarting', step: 'Read the end of its log before the last start.' }],
    async inflict(scene) {
      for (let round = 0; round < restarts; round += 1) await restart(scene, 'notifications', 'SIGKILL');
      return async () => assert.match(scene.shop.output(), /notifications.*SIGKILL/);
    },
  },
  {
    what: 'a process that hangs',
    alerts: [{ alert: 'InstanceDown', step: 'Restart that instance; the others take its work meanwhile.' }],
    async inflict(scene) {
      process.kill(await pidOf(scene.shop, 'products'), 'SIGSTOP');
      // Killed it is started again; a stopped process receives no other signal.
      return () => restart(scene, 'products', 'SIGKILL');
    },
  },
  {
    what: 'a process that takes more and more memory',
    alerts: [{ alert: 'MemoryHigh', step: 'Restart the process at a quiet moment: it drains first, and nothing is lost.' }],
    async inflict(scene) {
      process.kill(await pidOf(scene.shop, 'inventory'), 'SIGUSR2');
      return () => restart(scene, 'inventory', 'SIGTERM');
    },
  },
];
