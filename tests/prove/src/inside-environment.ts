/** What the processes of the shop get by their environment, and the files that it names. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceEdit } from '@souk/mutation/source-edits';
import type { DisturbancePlan } from './inside/disturbances.ts';
import type { Plan } from './plan.ts';

const register = new URL('./inside/register.ts', import.meta.url).href;

/** Plan and sabotage reach the processes as files. The plan has no windows yet: until the load begins nothing is disturbed. */
export async function insideEnvironment(folder: string, sabotage: readonly SourceEdit[]): Promise<Record<string, string>> {
  await mkdir(join(folder, 'counts'));
  const sabotage_file = join(folder, 'sabotage.json');
  await writeFile(sabotage_file, JSON.stringify(sabotage));
  await writePlan(folder, undefined);
  return {
    NODE_OPTIONS: `--import ${register}`,
    SOUK_PROVE_PLAN: join(folder, 'plan.json'),
    SOUK_PROVE_SABOTAGE: sabotage_file,
    ...shopSettings,
  };
}

/** Groups of orders as small, and as many of them at once, as can be: so those who want the last uses of a code meet each other. */
export const crowdSettings = { PLACE_PACE_MS: '0', PLACE_DELAY_MS: '0', PLACE_RUNS_MAX: '8', PLACE_BATCH_MAX: '2' };

/** No limits that a load test would meet, and short leases: a process that was suspended comes back after its own has ended. */
const shopSettings = {
  RATE_LIMIT: 'off',
  SOUK_BENCH: '1',
  SOUK_SAMPLE: '0',
  OPEN_ORDERS_MAX: '1000000',
  OPEN_PIECES_MAX: '1000000',
  PASSWORD_MEMORY_KIB: '64',
  PROVIDER_LEASE_MS: '3000',
  PROVIDER_TIMEOUT_MS: '2000',
  PROVIDER_RETRY_MOST_MS: '2000',
  AUDIT_INTERVAL_MS: '0',
  LOG_LEVEL: 'warn',
};

/** With the windows of the plan, counted from `epoch_ms`; without any where there is no plan yet. */
export async function writePlan(folder: string, from: { plan: Plan; epoch_ms: number } | undefined): Promise<void> {
  const moved = <W extends { from_ms: number; to_ms: number }>(windows: readonly W[]) =>
    windows.map(({ from_ms, to_ms, ...rest }) => ({ ...rest, from: (from?.epoch_ms ?? 0) + from_ms, to: (from?.epoch_ms ?? 0) + to_ms }));
  const { messages, provider, clock } = from?.plan.disturbances ?? { messages: [], provider: [], clock: [] };
  const inside = { messages: moved(messages), provider: moved(provider), clock: moved(clock), counts: join(folder, 'counts') };
  await writeFile(join(folder, 'plan.json'), JSON.stringify(inside satisfies object as DisturbancePlan));
}
