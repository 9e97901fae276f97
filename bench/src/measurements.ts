import { arch, cpus, totalmem } from 'node:os';
import type { CheckoutMeasurements } from './checkouts.ts';
import type { LatencyMeasurements } from './latency.ts';
import type { WorldName } from './platform.ts';
import { median, type Rounds, sharesOf } from './rounds.ts';
import type { Yardstick } from './yardstick.ts';

export interface Measurements {
  first_order_s: number;
  idle_memory_mb: number | undefined;
  yardstick: Pick<Yardstick, 'by' | 'clients'>;
  rounds: Rounds;
  latency?: LatencyMeasurements;
}

/** The table that is printed: each measurement with its limit. */
export function measurementLines(
  measurements: Measurements,
  load: { world: WorldName; open: number; users: number; products: number; seconds: number },
): string[] {
  const { yardstick, rounds } = measurements;
  const shares = sharesOf(rounds);
  const checkouts = rounds.checkouts.toSorted((a, b) => a.per_second - b.per_second);
  const middle = checkouts[Math.floor(checkouts.length / 2)] as CheckoutMeasurements;
  const sum = (of: (round: CheckoutMeasurements) => number): number => checkouts.reduce((total, round) => total + of(round), 0);
  const memory = measurements.idle_memory_mb === undefined ? 'not measured on this system' : `${measurements.idle_memory_mb.toFixed(0)} MB`;
  return [
    `world ${load.world}, ${cpus().length} × ${cpus()[0]?.model ?? arch()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`,
    `load: ${load.open} checkouts open, ${load.users} customers, ${load.products} products, ${load.seconds} s, generator on the same machine`,
    '',
    row(
      'update transactions per second',
      median(rounds.yardsticks).toFixed(0),
      `${yardstick.by} at its best, ${yardstick.clients} clients; by turns ${whole(rounds.yardsticks)}`,
    ),
    row(
      'whole checkouts per second',
      middle.per_second.toFixed(0),
      `p50 ${middle.p50_ms.toFixed(0)} ms, p99 ${middle.p99_ms.toFixed(0)} ms; by turns ${whole(rounds.checkouts.map((round) => round.per_second))}; ${sum((round) => round.confirmed)} confirmed, ${sum((round) => round.other)} not`,
    ),
    row(
      'checkouts as share of the yardstick',
      `${median(shares).toFixed(1)} %`,
      `${load.world === 'embedded' ? 'at least 8 %' : 'at least 10 %, aim 20 %'}; round by round ${shares.map((share) => share.toFixed(1)).join(', ')}`,
    ),
    row('idle memory, all processes (PSS)', memory, load.world === 'embedded' ? 'at most 450 MB' : ''),
    row('start to first confirmed order', `${measurements.first_order_s.toFixed(1)} s`, load.world === 'embedded' ? 'at most 15 s' : ''),
    ...latencyLines(measurements.latency),
    '',
    'CPU seconds for 1000 checkouts in the last round, by process:',
    ...cpuLines(rounds.checkouts.at(-1)?.cpu_s_per_1000 ?? {}),
  ];
}

function whole(values: readonly number[]): string {
  return values.map((value) => value.toFixed(0)).join(', ');
}

function row(name: string, value: string, remark: string): string {
  return `${name.padEnd(40)}${value.padStart(12)}   ${remark}`;
}

function latencyLines(latency: LatencyMeasurements | undefined): string[] {
  if (!latency) return [];
  const remark = `at most 3 ×; raw ${latency.raw_p50_ms.toFixed(2)} ms, ours ${latency.own_p50_ms.toFixed(2)} ms at the median`;
  return [row('commit to handler against a raw round trip', `${(latency.own_p50_ms / latency.raw_p50_ms).toFixed(1)} ×`, remark)];
}

function cpuLines(seconds: Readonly<Record<string, number>>): string[] {
  const rows = Object.entries(seconds).sort(([, a], [, b]) => b - a);
  const sum = rows.reduce((total, [, value]) => total + value, 0);
  return [
    ...rows.map(([kind, value]) => row(`  ${kind}`, value.toFixed(2), '')),
    row('  all', sum.toFixed(2), 'without the load generator'),
  ];
}
