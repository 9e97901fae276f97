/** What the run says: shares for each file, each protection, and what has to be done about survivors. */
import type { Mutant } from './mutant.ts';
import type { Fate, Judged } from './run-mutants.ts';
import type { ListedSurvivors } from './survivors.ts';

const shareWanted = 0.9;

interface Counts {
  mutants: number;
  killed: number;
  timed_out: number;
  survived: number;
  /** Of those that survived, how many are listed with a reason. */
  listed: number;
}

interface MutantReport {
  kind: Mutant['kind'];
  file: string;
  name: string;
  fate: Fate;
  /** The test that failed. */
  by: string;
  took_ms: number;
  /** Why it survives; null where nothing says it. */
  reason: string | null;
}

export interface MutationReport {
  ok: boolean;
  took_s: number;
  decisions: Counts;
  protections: Counts;
  files: (Counts & { file: string })[];
  mutants: MutantReport[];
  /** Listed as survivors, and killed now. */
  stale: { file: string; mutant: string }[];
}

export function reportOf(judged: readonly Judged[], listed: readonly ListedSurvivors[], took_s: number): MutationReport {
  const reasons = new Map(listed.flatMap(({ file, mutants, reason }) => mutants.map((name) => [keyOf(file, name), reason])));
  const mutants = judged.map(({ mutant: { kind, name, edit }, fate, by, took_ms }): MutantReport => {
    const reason = reasons.get(keyOf(edit.file, name)) ?? null;
    return { kind, file: edit.file, name, fate, by, took_ms, reason };
  });
  const [decisions, protections] = [mutants.filter(isDecision), mutants.filter((one) => !isDecision(one))].map(countsOf) as [
    Counts,
    Counts,
  ];
  const files = Object.entries(Object.groupBy(mutants.filter(isDecision), ({ file }) => file)).map(([file, ofFile = []]) => ({
    file,
    ...countsOf(ofFile),
  }));
  return {
    ok: [decisions, protections].every((counts) => shareOf(counts) >= shareWanted && counts.survived === counts.listed),
    took_s,
    decisions,
    protections,
    files,
    mutants,
    stale: mutants.filter(({ fate, reason }) => fate !== 'survived' && reason !== null).map(({ file, name }) => ({ file, mutant: name })),
  };
}

function keyOf(file: string, name: string): string {
  return `${file} ${name}`;
}

function isDecision({ kind }: MutantReport): boolean {
  return kind === 'decision';
}

function countsOf(mutants: readonly MutantReport[]): Counts {
  const count = (fate: Fate): number => mutants.filter((one) => one.fate === fate).length;
  return {
    mutants: mutants.length,
    killed: count('killed'),
    timed_out: count('timed_out'),
    survived: count('survived'),
    listed: mutants.filter(({ fate, reason }) => fate === 'survived' && reason !== null).length,
  };
}

function shareOf({ mutants, killed, timed_out }: Counts): number {
  return mutants === 0 ? 1 : (killed + timed_out) / mutants;
}

const fateWords: Readonly<Record<Fate, string>> = { killed: 'killed', timed_out: 'timed out', survived: 'SURVIVED' };

/** One line for a mutant. */
export function mutantLine({ mutant, fate, by }: Pick<Judged, 'mutant' | 'fate' | 'by'>): string {
  const where = mutant.kind === 'decision' ? `${mutant.edit.file} ` : '';
  return `${fateWords[fate].padEnd(9)}  ${where}${mutant.name}${by === '' ? '' : ` (${by})`}`;
}

/** The tables, what survived, and the verdict. */
export function reportLines(report: MutationReport): string[] {
  const rows = [...report.files, { file: 'all decisions', ...report.decisions }, { file: 'all protections', ...report.protections }].filter(
    ({ mutants }) => mutants > 0,
  );
  const width = Math.max(...rows.map(({ file }) => file.length));
  const head = `${''.padEnd(width)}  mutants  killed  timed out  survived  with a reason   share`;
  const lines = rows.map((row) => {
    const cells = [
      [row.mutants, 7],
      [row.killed, 6],
      [row.timed_out, 9],
      [row.survived, 8],
      [row.listed, 13],
    ] as const;
    const numbers = cells.map(([value, columns]) => String(value).padStart(columns)).join('  ');
    return `${row.file.padEnd(width)}  ${numbers}  ${`${(shareOf(row) * 100).toFixed(1)} %`.padStart(7)}`;
  });
  return ['', head, ...lines, '', ...remarks(report), verdict(report)];
}

function remarks({ mutants, stale }: MutationReport): string[] {
  const survivors = mutants.filter(({ fate }) => fate === 'survived');
  const unlisted = survivors.filter(({ reason }) => reason === null);
  return [
    ...survivors
      .filter(({ reason }) => reason !== null)
      .map(({ file, name, reason }) => `survives with a reason: ${file} ${name}: ${reason}`),
    ...unlisted.map(({ file, name }) => `SURVIVED WITHOUT A REASON: ${file} ${name}`),
    ...stale.map(({ file, mutant }) => `listed as a survivor, and killed now; remove it from the list: ${file} ${mutant}`),
  ];
}

function verdict({ ok, mutants, took_s, decisions, protections }: MutationReport): string {
  const survived = decisions.survived + protections.survived;
  const sentence = ok
    ? `at least ${shareWanted * 100} % are killed, and each survivor has a reason`
    : `wanted: at least ${shareWanted * 100} % of decisions and of protections killed, and a reason for each survivor`;
  return `${mutants.length} mutants, ${survived} survived, ${took_s.toFixed(0)} s: ${sentence}`;
}
