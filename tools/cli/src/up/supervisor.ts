/** Keeps many processes: started in health-gated stages, restarted when they die, stopped in order. */
import { type Child, type ChildLimits, childLimits, type ProgramSpec, superviseChild } from './child.ts';
import type { LinePrinter } from './log-lines.ts';

export interface SupervisorOptions {
  printer: LinePrinter;
  limits?: Partial<ChildLimits>;
  /** Called when a process has another number than before. */
  changed?(): void;
}

export interface Supervisor {
  /** Starts these together and resolves when all are ready. Rejects with the last words of the first that could not. */
  start(stage: readonly ProgramSpec[]): Promise<void>;
  /** The process numbers by name. */
  pids(): Record<string, number>;
  /** Stops what was started: stage after stage, those of one stage together. */
  stop(): Promise<void>;
}

export function createSupervisor({ printer, limits = {}, changed = () => undefined }: SupervisorOptions): Supervisor {
  const children: { child: Child; stop_stage: number }[] = [];
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    const stages = [...new Set(children.map(({ stop_stage }) => stop_stage))].sort((left, right) => left - right);
    for (const stage of stages)
      await Promise.all(children.filter(({ stop_stage }) => stop_stage === stage).map(({ child }) => child.stop()));
  };
  return {
    async start(stage) {
      const started = stage.map((spec) => {
        const child = superviseChild(spec, { ...childLimits, ...limits }, printer, changed);
        children.push({ child, stop_stage: spec.stop_stage });
        return child.start();
      });
      await Promise.all(started);
    },
    pids: () =>
      Object.fromEntries(children.flatMap(({ child }) => (child.pid() === undefined ? [] : [[child.name, child.pid() as number]]))),
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}
