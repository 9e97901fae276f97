/** What the command and its simulating processes say to each other. */
import type { RunResult } from './inside/run.ts';
import type { Plan } from './plan.ts';

export interface ToWorker {
  plan: Plan;
  /** Keeps the trace. */
  traced: boolean;
}

export type FromWorker = { kind: 'ready' } | { kind: 'done'; result: RunResult } | { kind: 'failed'; seed: string; why: string };
