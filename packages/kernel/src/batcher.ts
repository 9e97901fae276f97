/**
 * Group commit for calls: single calls made close together become one run over all of them, so that a statement,
 * a commit and a round trip are paid once. The first call of a group waits at most `delay_ms_max`; a full group
 * starts at once; while `runs_max` runs are under way, later calls gather (which is what makes groups grow with load).
 * With `pace_ms_max` a run also begins no sooner than `paceMsPerCall` after the one before began, for each call of that
 * one: calls that come one by one do not wait for it, those that come in crowds wait for each other.
 */
import { AppError } from './app-error.ts';
import { assert } from './assert.ts';

export interface BatcherOptions<Input, Output> {
  /** Most calls in one run. */
  batch_max: number;
  /** Longest wait of a lone call for company, in milliseconds; 0 gathers only what is made in the same turn. */
  delay_ms_max: number;
  /** Longest time from the begin of a run to that of the next while groups are large (default 0). */
  pace_ms_max?: number;
  /** Most runs at the same time. */
  runs_max: number;
  /** Most calls waiting; beyond it a call fails at once with `overloaded`. */
  waiting_max: number;
  /** Handles a group; answers one output or error for each input, in the same order. A throw fails every call of the group. */
  run(inputs: Input[]): Promise<(Output | Error)[]>;
}

const paceMsPerCall = 1;

interface Waiting<Input, Output> {
  input: Input;
  resolve: (output: Output) => void;
  reject: (error: unknown) => void;
}

/** A function that joins the current group and resolves with this call's own output. */
export function createBatcher<Input, Output>(options: BatcherOptions<Input, Output>): (input: Input) => Promise<Output> {
  const waiting: Waiting<Input, Output>[] = [];
  const { pace_ms_max = 0 } = options;
  let runs = 0;
  let scheduled = false;
  let next_at = 0;

  const start = async (): Promise<void> => {
    scheduled = false;
    if (runs >= options.runs_max || waiting.length === 0) return;
    const group = waiting.splice(0, options.batch_max);
    if (pace_ms_max > 0) next_at = performance.now() + Math.min(pace_ms_max, group.length * paceMsPerCall);
    runs += 1;
    try {
      const outputs = await options.run(group.map((call) => call.input));
      assert(outputs.length === group.length, 'a batch answers one output for each input');
      group.forEach((call, index) => {
        const output = outputs[index];
        if (output instanceof Error) call.reject(output);
        else call.resolve(output as Output);
      });
    } catch (error) {
      for (const call of group) call.reject(error);
    } finally {
      runs -= 1;
      schedule();
    }
  };

  const schedule = (): void => {
    if (waiting.length === 0 || runs >= options.runs_max) return;
    if (waiting.length >= options.batch_max) void start();
    else if (!scheduled) {
      scheduled = true;
      const delay_ms = pace_ms_max > 0 ? Math.max(options.delay_ms_max, next_at - performance.now()) : options.delay_ms_max;
      if (delay_ms === 0) setImmediate(start);
      else setTimeout(start, delay_ms);
    }
  };

  return (input) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= options.waiting_max) {
        reject(new AppError('overloaded', 'Too many calls are waiting; try again in a moment.'));
        return;
      }
      waiting.push({ input, resolve, reject });
      schedule();
    });
}
