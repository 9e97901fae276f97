/** One process under supervision: started, watched until it is ready, started again with back-off when it dies, stopped within a limit. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { refusal } from '@souk/contracts';
import { backoffMs, pause } from '@souk/kernel';
import type { LinePrinter } from './log-lines.ts';
import { createLastWords, type LastWords, wholeLines } from './whole-lines.ts';

export interface ProgramSpec {
  /** Shown in front of its lines; unique. */
  name: string;
  command: string;
  args: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  /** Answers 2xx once the process can work. */
  ready_url: string;
  /** Those of a lower stage are stopped first. */
  stop_stage: number;
}

export interface ChildLimits {
  ready_within_ms: number;
  stop_within_ms: number;
  restart_first_ms: number;
  restart_most_ms: number;
  /** After this time alive a failure counts as the first one again. */
  steady_ms: number;
}

export const childLimits: ChildLimits = {
  ready_within_ms: 60_000,
  stop_within_ms: 16_000,
  restart_first_ms: 200,
  restart_most_ms: 10_000,
  steady_ms: 30_000,
};

export interface Child {
  readonly name: string;
  pid(): number | undefined;
  /** Resolves when it is ready for the first time; rejects when it ends before, or is not ready in time. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

interface End {
  /** `status 1`, `SIGKILL`, or why it could not be started. */
  how: string;
}

const probeMs = 50;
const probeTimeoutMs = 2_000;

/** `changed` is called whenever the process number is another one. */
export function superviseChild(spec: ProgramSpec, limits: ChildLimits, printer: LinePrinter, changed: () => void): Child {
  const stopping = new AbortController();
  let running: ChildProcess | undefined;
  let ended: Promise<End> = Promise.resolve({ how: 'never started' });
  /** Of the first start; later ones are on the terminal only. */
  let lastWords: LastWords | undefined = createLastWords();
  let watching: Promise<void> = Promise.resolve();

  const hear = (lines: string): void => {
    lastWords?.hear(lines);
    printer.lines(spec.name, lines);
  };
  const launch = (): void => {
    // A group of its own: Ctrl-C on a terminal is for the supervisor, which stops its processes in their order.
    const child = spawn(spec.command, spec.args, { env: { ...spec.env }, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    running = child;
    wholeLines(child.stdout, hear);
    wholeLines(child.stderr, hear);
    child.stdin.on('error', () => undefined); // The pipe is only held open; that its reader died is told by 'close'.
    ended = endOf(child);
    changed();
  };

  /** Waits for the end of the process and starts it again, until the supervisor stops. */
  const watch = async (): Promise<void> => {
    let failures = 0;
    for (;;) {
      const started_ms = performance.now();
      const { how } = await ended;
      if (stopping.signal.aborted) return;
      if (performance.now() - started_ms >= limits.steady_ms) failures = 0;
      const delay_ms = backoffMs(failures++, limits.restart_first_ms, limits.restart_most_ms);
      printer.say(spec.name, `ended (${how}); starting it again in ${(delay_ms / 1_000).toFixed(1)} s`);
      await pause(delay_ms, stopping.signal);
      if (stopping.signal.aborted) return;
      launch();
      void tellWhenReady();
    }
  };
  const tellWhenReady = async (): Promise<void> => {
    const started_ms = performance.now();
    const ready = await becomesReady(spec.ready_url, limits.ready_within_ms, AbortSignal.any([stopping.signal, signalOf(ended)]));
    if (ready) printer.say(spec.name, `is ready again after ${((performance.now() - started_ms) / 1_000).toFixed(1)} s`);
  };

  return {
    name: spec.name,
    pid: () => (running?.exitCode === null && running.signalCode === null ? running.pid : undefined),
    async start() {
      launch();
      const ready = await becomesReady(spec.ready_url, limits.ready_within_ms, AbortSignal.any([stopping.signal, signalOf(ended)]));
      if (ready) {
        lastWords = undefined;
        watching = watch();
        return;
      }
      if (stopping.signal.aborted) throw refusal('shutting_down', `${spec.name} was stopped before it was ready.`);
      const how = await Promise.race([ended, pause(0).then(() => undefined)]);
      const why = how ? `ended (${how.how}) before it was ready` : `was not ready within ${limits.ready_within_ms / 1_000} s`;
      throw refusal('service_unavailable', [`${spec.name} ${why}.`, ...(lastWords?.tell() ?? [])].join('\n      '));
    },
    async stop() {
      stopping.abort();
      const child = running;
      if (child) {
        child.kill('SIGTERM');
        const limit = setTimeout(() => {
          printer.say(spec.name, `did not stop within ${limits.stop_within_ms / 1_000} s and is killed`);
          child.kill('SIGKILL');
        }, limits.stop_within_ms);
        await ended;
        clearTimeout(limit);
      }
      await watching;
    },
  };
}

async function endOf(child: ChildProcess): Promise<End> {
  try {
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return { how: signal ?? `status ${code}` };
  } catch (error) {
    return { how: `it cannot be started: ${(error as Error).message}` };
  }
}

function signalOf(ended: Promise<End>): AbortSignal {
  const controller = new AbortController();
  void ended.then(() => controller.abort());
  return controller.signal;
}

/** Probes until it answers well; false when the time is over or the signal ends the wait. */
async function becomesReady(url: string, limit_ms: number, signal: AbortSignal): Promise<boolean> {
  const until_ms = performance.now() + limit_ms;
  while (!signal.aborted && performance.now() < until_ms) {
    if (await answersWell(url, signal)) return true;
    await pause(probeMs, signal);
  }
  return false;
}

async function answersWell(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(probeTimeoutMs)]) });
    await response.body?.cancel();
    return response.ok;
  } catch (error) {
    // Not listening yet, or too slow to answer: not ready.
    if (error instanceof Error) return false;
    throw error;
  }
}
