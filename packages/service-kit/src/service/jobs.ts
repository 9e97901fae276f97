/** Timed work: each job alone with itself, at once when woken, with back-off after an error. */
import { backoffMs, type Log, type Metrics } from '@souk/kernel';

export interface Job<C> {
  /** Kebab-case, the name of its file. */
  name: string;
  every_ms: number;
  /** True: there is more, run again at once. A throw is logged and tried again after a growing pause. */
  run(context: C, signal: AbortSignal): Promise<boolean> | Promise<void>;
}

export interface JobRunner {
  start(): void;
  /** Runs a job at once; when it is running, once more after that. */
  wake(name: string): void;
  /** Whether any job runs or is about to run because it was woken. */
  busy(): boolean;
  /** Aborts the signal, then waits for what is under way. */
  stop(): Promise<void>;
}

const retryFirstMs = 500;
const retryMaxMs = 30_000;

interface JobState {
  woken: boolean;
  running: boolean;
  /** Ends the pause. */
  rouse: () => void;
}

const failuresToWarn = 3;

/** A runner for these jobs, idle until `start`. What a job throws is logged and counted; its next run waits, longer each time, at most 30 s. */
export function createJobs<C>(jobs: readonly Job<C>[], context: C, log: Log, metrics: Metrics): JobRunner {
  const stopped = new AbortController();
  const states = new Map<string, JobState>();
  let loops: Promise<void>[] = [];
  for (const { name: job } of jobs) for (const outcome of ['done', 'failed']) metrics.count('souk_job_runs_total', { job, outcome }, 0);

  const runOnce = async (job: Job<C>): Promise<boolean | Error> => {
    const started = performance.now();
    try {
      const more = (await job.run(context, stopped.signal)) === true;
      metrics.count('souk_job_runs_total', { job: job.name, outcome: 'done' });
      return more;
    } catch (error) {
      metrics.count('souk_job_runs_total', { job: job.name, outcome: 'failed' });
      return error instanceof Error ? error : new Error('a job failed', { cause: error });
    } finally {
      metrics.observe('souk_job_duration_seconds', { job: job.name }, (performance.now() - started) / 1_000);
    }
  };

  const loop = async (job: Job<C>, state: JobState): Promise<void> => {
    let failures = 0;
    while (!stopped.signal.aborted) {
      state.woken = false;
      state.running = true;
      const outcome = await runOnce(job);
      state.running = false;
      if (outcome === true) continue;
      failures = outcome === false ? 0 : failures + 1;
      if (outcome !== false && !stopped.signal.aborted) report(log, job.name, outcome, failures);
      if (state.woken || stopped.signal.aborted) continue;
      await rest(
        state,
        failures === 0 ? job.every_ms : backoffMs(failures - 1, retryFirstMs, Math.min(retryMaxMs, Math.max(job.every_ms, retryFirstMs))),
      );
    }
  };

  return {
    start() {
      if (loops.length > 0) return;
      loops = jobs.map((job) => {
        const state: JobState = { woken: false, running: false, rouse: () => undefined };
        states.set(job.name, state);
        return loop(job, state);
      });
    },
    wake(name) {
      const state = states.get(name);
      if (!state) return;
      state.woken = true;
      state.rouse();
    },
    busy: () => [...states.values()].some((state) => state.running || state.woken),
    async stop() {
      stopped.abort();
      for (const state of states.values()) state.rouse();
      await Promise.all(loops);
    },
  };
}

/** Waits until the time has passed or the job is woken. */
function rest(state: JobState, delay_ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, delay_ms);
    state.rouse = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

/** A job that keeps failing says so once loudly, then quietly. */
function report(log: Log, job: string, error: Error, failures: number): void {
  const fields = { err: error, job, failures };
  // Once may be a start in another order; what goes on failing is worth a warning.
  if (failures === failuresToWarn) log.warn(fields, 'a job keeps failing; it is tried again');
  else log.debug(fields, 'a job failed again');
}
