/**
 * One process of this machine under supervision: spawned in a process group of its own, watched until it is ready, started
 * again with back-off when it dies, ended step by step. A Ctrl-C on a terminal is for its owner, which ends it in order.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AppError, backoffMs, pause, probePause } from '@souk/kernel';
import { limitSize, rotate, tailOf, withOutput } from './output-file.ts';
import type { ProcessSpec, RestartPolicy, StartFailure } from './process-spec.ts';
import { endProcess, identityOf, readIdentity, type StopSteps, signalGroup, stillRuns } from './processes.ts';
import { createTail, wholeLines } from './whole-lines.ts';

interface End {
  /** `status 1`, `SIGKILL`, or why it could not be started. */
  how: string;
  /** It was killed from outside, which says nothing about whether it can work. */
  killed: boolean;
  cause?: unknown;
}

const inSeconds = (delay_ms: number): string => `${(delay_ms / 1_000).toFixed(1)} s`;

export class ManagedProcess {
  readonly #spec: ProcessSpec;
  readonly #lastLines = createTail();
  #child: ChildProcess | undefined;
  #ended: Promise<End> = Promise.resolve({ how: 'never started', killed: false });
  #launched_ms = 0;
  #stopping = new AbortController();
  #watching: Promise<void> = Promise.resolve();

  constructor(spec: ProcessSpec) {
    this.#spec = spec;
  }

  get name(): string {
    return this.#spec.name;
  }

  /** Undefined while it does not run. */
  get pid(): number | undefined {
    return this.#child?.exitCode === null && this.#child.signalCode === null ? this.#child.pid : undefined;
  }

  /**
   * Resolves when it is ready; rejects with the error of `refuse` when it ends by itself before, or is not ready in time. One that is
   * killed from outside meanwhile is started again within the same time, if it is to be restarted at all.
   */
  async start(): Promise<void> {
    if (this.pid !== undefined) return;
    const { restart, ready_within_ms, report, output } = this.#spec;
    this.#stopping = new AbortController();
    await this.#endLeftover();
    if (typeof output === 'string') {
      rotate(output);
      limitSize(output, this.#stopping.signal);
    }
    const until_ms = performance.now() + ready_within_ms;
    for (let failures = 0; !(await this.#launch(until_ms)); failures += 1) {
      if (this.#stopping.signal.aborted) throw await this.#failure('stopped', 'was stopped before it was ready');
      const end = await Promise.race([this.#ended, pause(0).then(() => undefined)]);
      if (end === undefined) return this.#fail();
      const delay_ms = restart && end.killed ? backoffMs(failures, restart.first_ms, restart.most_ms) : Number.POSITIVE_INFINITY;
      if (performance.now() + delay_ms >= until_ms) throw await this.#failure('ended', `ended (${end.how}) before it was ready`, end.cause);
      report(`ended (${end.how}) before it was ready; starting it again in ${inSeconds(delay_ms)}`);
      await pause(delay_ms, this.#stopping.signal);
    }
    if (restart) this.#watching = this.#watch(restart);
  }

  /** Ends it in order, each step bounded, and does not start it again. Safe to call again, and while it starts. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#end(this.#spec.stop_steps);
  }

  /** Kills it as a crash of the machine would, and does not start it again. */
  async kill(): Promise<void> {
    this.#stopping.abort();
    if (this.pid !== undefined) this.signal('SIGKILL');
    await this.ended();
    await this.#end([]);
  }

  /** Starts it again after a stop, if it runs. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** `SIGSTOP` makes it hang, `SIGCONT` go on. */
  signal(name: NodeJS.Signals): void {
    const { pid } = this;
    if (pid !== undefined) (this.#spec.send ?? signalGroup)(pid, name);
  }

  /** Resolves when the running process has ended, wanted or not. */
  async ended(): Promise<void> {
    this.#child?.ref();
    await this.#ended;
  }

  /** The last lines it wrote. */
  async tail(): Promise<string> {
    const { output } = this.#spec;
    return typeof output === 'function' ? this.#lastLines.text() : tailOf(output);
  }

  /** Whether it became ready. False when it ended, the time is over or it is to be stopped. Never rejects. */
  async #launch(until_ms: number): Promise<boolean> {
    const { beforeStart, isReady, poll_ms } = this.#spec;
    this.#launched_ms = performance.now();
    try {
      await beforeStart?.();
      if (this.#stopping.signal.aborted) return false;
      const child = this.#spawn();
      const over = new AbortController();
      this.#ended = endOf(child).finally(() => over.abort());
      const signal = AbortSignal.any([this.#stopping.signal, over.signal]);
      for (; !signal.aborted && performance.now() < until_ms; await probePause(this.#launched_ms, poll_ms, signal))
        if (child.pid !== undefined && (await isReady(child.pid, signal))) return true;
    } catch (cause) {
      if (this.pid === undefined) this.#ended = Promise.resolve(neverRan(cause));
      else this.#spec.report(`cannot be asked whether it is ready: ${(cause as Error).message}`);
    }
    return false;
  }

  #spawn(): ChildProcess {
    const { output, pid_file, changed } = this.#spec;
    const child = typeof output === 'function' ? this.#spawnWith('pipe') : withOutput(output, (fd) => this.#spawnWith(fd));
    this.#child = child;
    if (pid_file !== undefined && child.pid !== undefined) writeFileSync(pid_file, JSON.stringify(identityOf(child.pid)), { mode: 0o600 });
    if (typeof output === 'function') this.#listen(child, output);
    else child.unref();
    // The pipe is only held open; 'close' reports that its reader died.
    child.stdin?.on('error', () => undefined);
    changed?.();
    return child;
  }

  #spawnWith(written: 'pipe' | number): ChildProcess {
    const { command, args, env, cwd, account, ends_with_parent } = this.#spec;
    return spawn(command, args, {
      ...account,
      ...(cwd !== undefined && { cwd }),
      ...(env && { env: { ...env } }),
      stdio: [ends_with_parent ? 'pipe' : 'ignore', written, written],
      detached: true,
      windowsHide: true,
    });
  }

  #listen({ stdout, stderr }: ChildProcess, output: (lines: string) => void): void {
    for (const stream of [stdout, stderr]) {
      if (stream === null) continue;
      wholeLines(stream, (lines) => {
        this.#lastLines.add(lines);
        output(lines);
      });
    }
  }

  /** Waits for the end of the process and starts it again, until it is to be stopped. */
  async #watch(policy: RestartPolicy): Promise<void> {
    const { signal } = this.#stopping;
    for (let failures = 0; ; failures += 1) {
      const { how } = await this.#ended;
      if (signal.aborted) return;
      this.#endGroup();
      if (performance.now() - this.#launched_ms >= policy.steady_ms) failures = 0;
      const delay_ms = backoffMs(failures, policy.first_ms, policy.most_ms);
      this.#spec.report(`ended (${how}); starting it again in ${inSeconds(delay_ms)}`);
      await pause(delay_ms, signal);
      if (signal.aborted) return;
      if (await this.#launch(performance.now() + this.#spec.ready_within_ms))
        this.#spec.report(`is ready again after ${inSeconds(performance.now() - this.#launched_ms)}`);
      else if (policy.when_not_ready === 'restart' && !signal.aborted && this.pid !== undefined)
        await this.#endSteps(this.#spec.stop_steps);
    }
  }

  async #end(steps: StopSteps): Promise<void> {
    const ran = this.pid !== undefined;
    if (!(await this.#endSteps(steps))) throw await this.#failure('stuck', `(process ${this.pid}) cannot be stopped`);
    await this.ended();
    if (ran) this.#endGroup();
    await this.#watching;
  }

  async #endSteps(steps: StopSteps): Promise<boolean> {
    const { pid } = this;
    return pid === undefined || endProcess(pid, steps, this.#spec.report, this.#spec.send);
  }

  /** Ends what a process had started that has just died; later its number may be another's. */
  #endGroup(): void {
    const pid = this.#child?.pid;
    if (pid !== undefined && process.platform !== 'win32') signalGroup(pid, 'SIGKILL');
  }

  async #endLeftover(): Promise<void> {
    const { pid_file, report, stop_steps, send } = this.#spec;
    const left = pid_file === undefined ? undefined : readIdentity(pid_file);
    if (left === undefined || !stillRuns(left)) return;
    report(`of an earlier run is still there (process ${left.pid}); ending it`);
    if (!(await endProcess(left.pid, stop_steps, report, send)))
      throw await this.#failure('stuck', `of an earlier run (process ${left.pid}) cannot be stopped`);
    if (process.platform !== 'win32') signalGroup(left.pid, 'SIGKILL');
  }

  async #fail(): Promise<never> {
    const failure = await this.#failure('not_ready', `was not ready within ${this.#spec.ready_within_ms / 1_000} s`);
    await this.stop();
    throw failure;
  }

  async #failure(reason: StartFailure['reason'], what: string, cause?: unknown): Promise<AppError> {
    return this.#spec.refuse({ sentence: `${this.name} ${what}.`, tail: await this.tail(), reason, cause });
  }
}

async function endOf(child: ChildProcess): Promise<End> {
  try {
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return { how: signal ?? `status ${code}`, killed: signal !== null };
  } catch (error) {
    return neverRan(error);
  }
}

function neverRan(cause: unknown): End {
  return { how: `it cannot be started: ${(cause as Error).message}`, killed: false, cause };
}
