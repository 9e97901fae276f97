/** A shop that is running already, as the other commands find it: by SOUK_HOME. Nothing is done to it but what its own switches allow. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { readConfig } from '@souk/cli/config';
import { needRunning, type RunningPlatform } from '@souk/cli/running';
import { openShopDatabases } from '@souk/cli/shop-databases';
import { silentLog } from '@souk/kernel';
import { createChaosSwitches, type SwitchedProcess } from './chaos-switches.ts';
import type { DatabaseUrls } from './end-state.ts';
import type { Shop } from './shop.ts';

const main = fileURLToPath(new URL('../../../tools/cli/src/main.ts', import.meta.url));

/** Rejects with a sentence where no shop runs. With a token faults are injected, and the shop must accept it. */
export async function attachToShop(env: NodeJS.ProcessEnv, chaos_token: string | undefined): Promise<Shop> {
  const config = readConfig(env);
  const { home } = config;
  const running = await needRunning(home);
  const switches =
    chaos_token === undefined ? undefined : createChaosSwitches(chaos_token, async () => processesOf(await needRunning(home)));
  await switches?.check();
  return {
    home,
    gateways: gatewaysOf(running),
    accounts: [running.urls['users'] ?? running.gateway_url],
    start: async () => void (await needRunning(home)),
    machine: undefined,
    servers: undefined,
    network: undefined,
    switches,
    souk: (...args) =>
      new Promise((resolve) => {
        execFile(process.execPath, [main, ...args], { env, maxBuffer: 64 * 1_048_576 }, (error, stdout, stderr) =>
          resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
        );
      }),
    said: () => '',
    stop: async () => undefined,
    async withDatabases(read) {
      const { databases, close } = await openShopDatabases(config, silentLog);
      try {
        return await read(Object.fromEntries(databases.map(({ name, url }) => [name, url])) as DatabaseUrls);
      } finally {
        await close();
      }
    },
    end: async () => undefined,
  };
}

/** The note of a distributed shop names each process; in one process each service has an address of its own. */
function processesOf(running: RunningPlatform & { processes?: readonly SwitchedProcess[] }): SwitchedProcess[] {
  if (running.processes !== undefined) return running.processes.map(({ name, url }) => ({ name, url }));
  return Object.entries({ ...running.urls, gateway: running.gateway_url }).map(([name, url]) => ({ name, url }));
}

function gatewaysOf(running: RunningPlatform & { processes?: readonly (SwitchedProcess & { service: string })[] }): string[] {
  const own = (running.processes ?? []).filter(({ service }) => service === 'gateway').map(({ url }) => url);
  return own.length > 0 ? own : [running.gateway_url];
}
