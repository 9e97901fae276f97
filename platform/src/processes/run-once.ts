import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { refusal } from '@souk/contracts';
import { createTail, wholeLines } from '@souk/local-servers';
import type { LinePrinter } from './log-lines.ts';
import type { ProgramSpec } from './supervisor.ts';

const timeLimitDefaultMs = 120_000;
const runsMax = 3;

export type OneOff = Omit<ProgramSpec, 'ready_url' | 'stop_stage'>;

/**
 * Runs a program, which may be repeated, to its end, its lines among those of the others. Refuses with its last words when it fails; a
 * signal ends it. One that is killed from outside is run again, up to three times in all; one that goes on after `limit_ms` is ended.
 */
export async function runOnce(spec: OneOff, printer: LinePrinter, signal: AbortSignal, limit_ms = timeLimitDefaultMs): Promise<void> {
  for (let runs_left = runsMax; ; runs_left -= 1) {
    const failure = await run(spec, printer, signal, limit_ms);
    if (failure === undefined) return;
    if (!failure.killed || runs_left <= 1) throw refusal('service_unavailable', failure.sentence);
    printer.say(spec.name, 'was killed; running it again');
  }
}

interface Failure {
  killed: boolean;
  sentence: string;
}

async function run(spec: OneOff, printer: LinePrinter, signal: AbortSignal, limit_ms: number): Promise<Failure | undefined> {
  const timeLimit = AbortSignal.timeout(limit_ms);
  const child = spawn(spec.command, spec.args, {
    env: { ...spec.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    signal: AbortSignal.any([signal, timeLimit]),
  });
  const tail = createTail();
  const receive = (lines: string): void => {
    tail.add(lines);
    printer.lines(spec.name, lines);
  };
  wholeLines(child.stdout, receive);
  wholeLines(child.stderr, receive);
  const failed = (how: string): string => [`${spec.name} ${how}.`, ...tail.text().split('\n')].join('\n      ');
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return code === 0 ? undefined : { killed: code === null, sentence: failed(`failed (${code ?? 'killed'})`) };
  } catch (error) {
    if (signal.aborted || !timeLimit.aborted) throw error;
    return { killed: false, sentence: failed(`did not end within ${limit_ms / 1_000} s`) };
  }
}
