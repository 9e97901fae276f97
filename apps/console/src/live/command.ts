/**
 * A command to the shop and what is known of it. When the connection breaks after it was sent, it is not known whether it arrived: the
 * same command is sent again under its key, or, where a route has none, the shop is asked what became of it.
 */
import { type ReadonlySignal, signal } from '@preact/signals';
import { RefusedError, UnansweredError } from './transport.ts';

export type CommandState<Result> =
  | { readonly state: 'idle' }
  | { readonly state: 'sending' }
  | { readonly state: 'asking'; readonly attempts: number }
  | { readonly state: 'done'; readonly result: Result | undefined }
  | { readonly state: 'refused'; readonly error: unknown };

export interface Command<Input, Result> {
  readonly progress: ReadonlySignal<CommandState<Result>>;
  /** Nothing is sent while one is under way. Resolves with whether it was done. */
  run(input: Input): Promise<boolean>;
  /** Forgets how the last one ended. */
  reset(): void;
}

export interface CommandOptions<Input, Result> {
  send(input: Input, key: string): Promise<Result>;
  /** Whether it has been done, where `send` may not be repeated as it is; rejects while that cannot be said. */
  wasDone?(input: Input): Promise<boolean>;
  newKey(): string;
  wait(delay_ms: number): Promise<void>;
}

const firstDelayMs = 1_000;
const longestDelayMs = 15_000;

export function createCommand<Input, Result>({ send, wasDone, newKey, wait }: CommandOptions<Input, Result>): Command<Input, Result> {
  const progress = signal<CommandState<Result>>({ state: 'idle' });
  const isRunning = (): boolean => progress.value.state === 'sending' || progress.value.state === 'asking';
  /** Undefined while there is no answer. */
  const attempt = async (input: Input, key: string, isFirst: boolean): Promise<CommandState<Result> | undefined> => {
    try {
      if (!isFirst && wasDone !== undefined && (await wasDone(input))) return { state: 'done', result: undefined };
      return { state: 'done', result: await send(input, key) };
    } catch (error) {
      if (error instanceof UnansweredError || isBusy(error)) return undefined;
      return { state: 'refused', error };
    }
  };
  return {
    progress,
    async run(input) {
      if (isRunning()) return false;
      progress.value = { state: 'sending' };
      const key = newKey();
      for (let attempts = 0; ; attempts += 1) {
        const end = await attempt(input, key, attempts === 0);
        if (end !== undefined) {
          progress.value = end;
          return end.state === 'done';
        }
        progress.value = { state: 'asking', attempts: attempts + 1 };
        await wait(Math.min(longestDelayMs, firstDelayMs * 2 ** attempts));
      }
    },
    reset() {
      if (!isRunning()) progress.value = { state: 'idle' };
    },
  };
}

/** The shop says itself that the same request may succeed soon. */
function isBusy(error: unknown): boolean {
  return error instanceof RefusedError && (error.problem.status === 503 || error.problem.status === 429);
}
