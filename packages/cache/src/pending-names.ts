/**
 * Names that still have to be told to somebody who may be away. An invalidation must not be lost because the second
 * tier or the bus did not answer: its names stay here and are told again until it worked. More than `names_max` become
 * `*`, everything, so that the memory stays bounded.
 */
import type { Log } from '@souk/kernel';

/** The name that stands for every key of the namespace. */
export const everything = '*';

export interface PendingNames {
  /** Tells these names now; answers whether that worked. On failure they stay pending and are told again. Never throws. */
  tell(names: readonly string[]): Promise<boolean>;
  /** Notes names as untold without telling them now. */
  keep(names: readonly string[]): void;
  /** Whether one of these, or everything, is still untold. */
  includes(names: readonly string[]): boolean;
  size(): number;
  close(): void;
}

export interface PendingNamesOptions {
  tell(names: readonly string[]): Promise<void>;
  names_max: number;
  retry_ms: number;
  log: Log;
  whom: string;
}

export function createPendingNames(options: PendingNamesOptions): PendingNames {
  /** Name → the turn in which it was noted last, so that a later invalidation of the same name is not crossed off by an earlier telling. */
  const untold = new Map<string, number>();
  let turn = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const keep = (names: readonly string[]): number => {
    turn += 1;
    for (const name of names) untold.set(name, turn);
    if (untold.size > options.names_max) {
      untold.clear();
      untold.set(everything, turn);
    }
    return turn;
  };

  const attempt = async (names: readonly string[], until_turn: number): Promise<boolean> => {
    try {
      await options.tell(names);
    } catch (error) {
      options.log.debug({ err: error, names: names.length, whom: options.whom }, 'an invalidation is told again later');
      retryLater();
      return false;
    }
    for (const name of names) {
      if ((untold.get(name) ?? Number.POSITIVE_INFINITY) <= until_turn) untold.delete(name);
    }
    if (untold.size > 0) retryLater();
    return true;
  };

  const retryLater = (): void => {
    if (closed || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      if (untold.size > 0) void attempt([...untold.keys()], turn);
    }, options.retry_ms);
    timer.unref();
  };

  return {
    tell: (names) => attempt(names, keep(names)),
    keep(names) {
      keep(names);
      retryLater();
    },
    includes: (names) => untold.size > 0 && (untold.has(everything) || names.some((name) => untold.has(name))),
    size: () => untold.size,
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
