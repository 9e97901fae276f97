/** What a run found, for people. */
import { countBy } from './count-by.ts';
import type { Outcome } from './run.ts';

const violationsMax = 20;

export function reportLines(outcome: Outcome): string[] {
  const { injected, disturbances, orders, violations, books } = outcome;
  const strikes = countBy(injected.map(({ kind }) => kind));
  const inside = Object.values(disturbances).reduce((sum, count) => sum + count, 0);
  const recovered = injected.flatMap(({ recovered_ms }) => recovered_ms ?? []).sort((one, other) => one - other);
  return [
    '',
    `seed ${outcome.seed}, ${outcome.world} world, ${outcome.seconds} s`,
    `  faults           ${injected.length + inside}: ${listOf({ ...strikes, ...disturbances })}`,
    `  well again       median ${secondsOf(recovered[Math.floor(recovered.length / 2)])}, at most ${secondsOf(recovered.at(-1))}; every order ended ${secondsOf(outcome.healed_ms)} after the last fault`,
    `  requests         ${outcome.requests}, ${outcome.unanswered} of them without an answer`,
    `  orders           ${outcome.acknowledged} acknowledged; ${listOf(orders)}`,
    `  sold             ${outcome.parcels} parcels; returns: ${listOf(outcome.returns)}; ${outcome.code_uses} uses of the code held`,
    `  auditor          ${books}`,
    violations.length === 0 ? '  everything held: 0 violations' : `  ${violations.length} violations:`,
    ...violations.slice(0, violationsMax).map(({ rule, sentence }) => `    ${rule}: ${sentence}`),
    ...(violations.length > violationsMax ? [`    and ${violations.length - violationsMax} more (--json has all of them)`] : []),
  ];
}

function listOf(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  return parts.length === 0 ? 'none' : parts.join(', ');
}

function secondsOf(ms: number | undefined): string {
  return ms === undefined ? 'none' : `${(ms / 1_000).toFixed(1)} s`;
}
