/** Keeps the processes of the services: started in health-gated stages, restarted when they die, stopped in order. */
import { refusal } from '@souk/contracts';
import { httpReady, ManagedProcess } from '@souk/local-servers';
import type { LinePrinter } from './log-lines.ts';

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

export interface ProcessLimits {
  ready_within_ms: number;
  stop_within_ms: number;
  restart_first_ms: number;
  restart_most_ms: number;
  /** After this time alive a failure counts as the first one again. */
  steady_ms: number;
}

export interface SupervisorOptions {
  printer: LinePrinter;
  limits?: Partial<ProcessLimits>;
  /** Called when a process has another number than before. */
  changed?(): void;
}

export interface Supervisor {
  /** Starts these together and resolves when all are ready. Rejects with the last words of the first that could not. */
  start(stage: readonly ProgramSpec[]): Promise<void>;
  /** Kills these as a crash would and leaves them dead; resolves when they are gone. */
  kill(names: readonly string[]): Promise<void>;
  /** Starts again what was killed so; resolves when all are ready. Nothing is started once all is being stopped. */
  revive(names: readonly string[]): Promise<void>;
  /** The process numbers by name. */
  pids(): Record<string, number>;
  /** Stops what was started: stage after stage, those of one stage together. */
  stop(): Promise<void>;
}

const usualLimits: ProcessLimits = {
  ready_within_ms: 60_000,
  stop_within_ms: 16_000,
  restart_first_ms: 200,
  restart_most_ms: 10_000,
  steady_ms: 30_000,
};
const probeMs = 50;
const killWithinMs = 5_000;

export function createSupervisor(options: SupervisorOptions): Supervisor {
  const processes: { process: ManagedProcess; stop_stage: number }[] = [];
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    const stages = [...new Set(processes.map(({ stop_stage }) => stop_stage))].sort((left, right) => left - right);
    for (const stage of stages)
      await Promise.all(processes.filter(({ stop_stage }) => stop_stage === stage).map(({ process }) => process.stop()));
  };
  const named = (names: readonly string[]): ManagedProcess[] =>
    processes.flatMap(({ process }) => (names.includes(process.name) ? [process] : []));
  return {
    async start(stage) {
      const started = stage.map((spec) => {
        const process = serviceProcess(spec, options);
        processes.push({ process, stop_stage: spec.stop_stage });
        return process.start();
      });
      await Promise.all(started);
    },
    kill: async (names) => {
      await Promise.all(named(names).map((process) => process.kill()));
    },
    revive: async (names) => {
      if (stopping === undefined) await Promise.all(named(names).map((process) => process.start()));
    },
    pids: () => Object.fromEntries(processes.flatMap(({ process: { name, pid } }) => (pid === undefined ? [] : [[name, pid]]))),
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}

function serviceProcess(spec: ProgramSpec, { printer, limits, changed }: SupervisorOptions): ManagedProcess {
  const { name, command, args, env, ready_url } = spec;
  const { ready_within_ms, stop_within_ms, restart_first_ms, restart_most_ms, steady_ms } = { ...usualLimits, ...limits };
  return new ManagedProcess({
    name,
    command,
    args,
    env,
    output: (lines) => printer.lines(name, lines),
    ends_with_parent: true,
    isReady: httpReady(ready_url),
    poll_ms: probeMs,
    ready_within_ms,
    stop_steps: [
      ['SIGTERM', stop_within_ms],
      ['SIGKILL', killWithinMs],
    ],
    // One that is not ready may wait for what it depends on.
    restart: { first_ms: restart_first_ms, most_ms: restart_most_ms, steady_ms, when_not_ready: 'keep' },
    report: (sentence) => printer.say(name, sentence),
    ...(changed && { changed }),
    refuse: ({ sentence, tail, reason }) =>
      refusal(reason === 'stopped' ? 'shutting_down' : 'service_unavailable', [sentence, ...tail.split('\n')].join('\n      ')),
  });
}
