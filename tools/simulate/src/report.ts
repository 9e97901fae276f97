/** What people read of a simulation. */
import type { Failure, Outcome, Totals } from './campaign.ts';
import type { RunResult } from './inside/run.ts';
import type { SimulateOptions } from './options.ts';
import { faultText } from './plan.ts';

const count = (value: number): string => value.toLocaleString('en-GB');
const hourMs = 3_600_000;
const hours = (ms: number): string =>
  ms < hourMs ? `${(ms / 60_000).toFixed(1)} virtual minutes` : `${(ms / hourMs).toFixed(1)} virtual hours`;
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

export function progressText({ seeds, virtual_ms }: Totals, all: number, elapsed_ms: number): string {
  return `  ${count(seeds)} of ${count(all)} seeds, ${hours(virtual_ms)}, ${((seeds * 1_000) / elapsed_ms).toFixed(1)} seeds a second`;
}

/** The command that does this seed again. */
function replayCommand(seed: number, { orders, faults, sabotage }: SimulateOptions): string {
  const also = sabotage === undefined ? '' : ` --sabotage ${sabotage}`;
  return `npm run simulate -- --seed ${seed} --orders ${orders} --faults ${faults}${also}`;
}

/** The last lines of a run in which everything held. */
export function summaryText({ totals, faults, took_ms, failure, single }: Outcome): string {
  const kinds = Object.entries(faults)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([kind, times]) => `${kind} ${count(times)}`);
  return [
    ...(single === undefined ? [] : [`digest ${single.digest}`]),
    `  faults       ${kinds.join(', ') || 'none'}`,
    `  shop         ${count(totals.orders)} orders, ${count(totals.messages)} messages, ${count(totals.provider_calls)} calls of the provider, ${count(totals.crashes)} crashes`,
    `  database     ${count(totals.statements)} statements, ${count(totals.lock_waits)} waits for a lock, ${count(totals.deadlocks)} deadlocks`,
    `${count(totals.seeds)} ${totals.seeds === 1 ? 'seed' : 'seeds'} simulated: ${hours(totals.virtual_ms)} in ${seconds(took_ms)}, ${failure === undefined ? '0 violations' : '1 seed failed'}`,
    '',
  ].join('\n');
}

export function violationsText(result: RunResult): string {
  return result.violations.map(({ rule, detail }) => `  VIOLATION    ${rule}: ${detail}\n`).join('');
}

export function traceText(result: RunResult): string {
  return result.trace.map((line) => `${line}\n`).join('');
}

/** The seed that failed, what is left of it, and what happens then. */
export function failureText({ seed, result, plan, replays, replayed }: Failure, options: SimulateOptions): string {
  const full = `${options.faults} faults and ${options.orders} orders`;
  return [
    `seed ${seed} fails:`,
    violationsText(result),
    `reduced from ${full} to ${plan.faults.length} and ${plan.orders.length}, by ${replays} replays; what is left:`,
    ...plan.faults.map((fault) => `  ${faultText(fault)}`),
    '',
    traceText(replayed),
    violationsText(replayed),
    `replay: ${replayCommand(seed, options)}`,
    '',
  ].join('\n');
}
