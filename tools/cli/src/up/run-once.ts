import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { refusal } from '@souk/contracts';
import type { ProgramSpec } from './child.ts';
import type { LinePrinter } from './log-lines.ts';
import { splitLines } from './split-lines.ts';

const timeLimitMs = 120_000;
const lastWordsMost = 12;

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
  let lastWords: string[] = [];
  const hear = (line: string): void => {
    lastWords = [...lastWords, line].slice(-lastWordsMost);
    printer.line(spec.name, line);
  };
  splitLines(child.stdout, hear);
  splitLines(child.stderr, hear);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw refusal('service_unavailable', [`${spec.name} failed (${code ?? 'killed'}).`, ...lastWords].join('\n      '));
}
