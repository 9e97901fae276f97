import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { refusal } from '@souk/contracts';
import type { ProgramSpec } from './child.ts';
import type { LinePrinter } from './log-lines.ts';
import { createLastWords, wholeLines } from './whole-lines.ts';

const timeLimitMs = 120_000;

/** Runs a program to its end, its lines among those of the others. Refuses with its last words when it fails; a signal ends it. */
export async function runOnce(
  spec: Omit<ProgramSpec, 'ready_url' | 'stop_stage'>,
  printer: LinePrinter,
  signal: AbortSignal,
): Promise<void> {
  const child = spawn(spec.command, spec.args, {
    env: { ...spec.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeLimitMs)]),
  });
  const lastWords = createLastWords();
  const hear = (lines: string): void => {
    lastWords.hear(lines);
    printer.lines(spec.name, lines);
  };
  wholeLines(child.stdout, hear);
  wholeLines(child.stderr, hear);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0)
    throw refusal('service_unavailable', [`${spec.name} failed (${code ?? 'killed'}).`, ...lastWords.tell()].join('\n      '));
}
