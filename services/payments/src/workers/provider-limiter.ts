/**
 * Limiter of calls to the payment provider. Tasks beyond the concurrency wait in memory up to a limit; what does not fit stays in the
 * database, where it is claimed when there is room. A closed limiter takes nothing: tasks it is given then come again when their
 * lease has ended.
 */
import { doneWithin } from '@souk/kernel';

export interface ProviderLimiter<Task> {
  /** How many more tasks it takes. */
  room(): number;
  take(tasks: readonly Task[]): void;
  /** From now on tasks are taken. */
  open(): void;
  /** Waits a moment for what is under way; answers the tasks that have not ended, so that others can look after them. */
  close(): Promise<Task[]>;
  idle(): boolean;
}

export interface ProviderLimiterOptions<Task> {
  concurrency_max: number;
  waiting_max: number;
  work(task: Task): Promise<void>;
  /** A task whose work threw: it stays leased in the database and comes again. */
  failed(task: Task, error: unknown): void;
  /** There is room again after there was none. */
  onCapacity(): void;
}

/** A provider that does not answer must not hold up the end of the process. */
const closeWaitMs = 1_000;

export function createProviderLimiter<Task>(options: ProviderLimiterOptions<Task>): ProviderLimiter<Task> {
  const { concurrency_max, waiting_max } = options;
  let waiting: Task[] = [];
  const running = new Set<Task>();
  let opened = false;
  let full = false;
  let drained: (() => void) | undefined;

  const room = (): number => (opened ? Math.max(0, concurrency_max + waiting_max - running.size - waiting.length) : 0);

  const run = async (task: Task): Promise<void> => {
    running.add(task);
    try {
      await options.work(task);
    } catch (error) {
      options.failed(task, error);
    } finally {
      running.delete(task);
      pull();
    }
  };

  const pull = (): void => {
    while (running.size < concurrency_max && waiting.length > 0) void run(waiting.shift() as Task);
    if (full && waiting.length <= waiting_max / 2) {
      full = false;
      options.onCapacity();
    }
    if (running.size === 0) drained?.();
  };

  return {
    room() {
      const free = room();
      if (opened && free === 0) full = true;
      return free;
    },
    take(tasks) {
      if (!opened) return;
      waiting.push(...tasks);
      pull();
    },
    open() {
      opened = true;
      pull();
    },
    async close() {
      opened = false;
      const left = waiting;
      waiting = [];
      if (running.size > 0) {
        const { promise, resolve } = Promise.withResolvers<void>();
        drained = resolve;
        await doneWithin(promise, closeWaitMs);
      }
      return [...left, ...running];
    },
    idle: () => running.size === 0 && waiting.length === 0,
  };
}
