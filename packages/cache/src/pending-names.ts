/**
 * Names whose invalidation still has to be published to a receiver that may be away. An invalidation must not be lost because the second
 * tier or the bus did not answer: its names stay here and are published again until that worked. More than `names_max` become
 * `*`, everything, so that the memory stays bounded.
 */
import type { Log } from '@souk/kernel';

/** The name that stands for every key of the namespace. */
export const everything = '*';

export interface PendingNames {
  /** Publishes these names now; answers whether that worked. On failure they stay pending and are published again. Never throws. */
  publish(names: readonly string[]): Promise<boolean>;
  /** Notes names as unpublished without publishing them now. */
  keep(names: readonly string[]): void;
  /** Whether one of these, or everything, is still unpublished. */
  includes(names: readonly string[]): boolean;
  size(): number;
  close(): void;
}

export interface PendingNamesOptions {
  publish(names: readonly string[]): Promise<void>;
  names_max: number;
  retry_ms: number;
  log: Log;
  whom: string;
}

export function createPendingNames(options: PendingNamesOptions): PendingNames {
  /** Name → the turn in which it was noted last, so that a later invalidation of the same name is not crossed off by an earlier publication. */
  const unpublished = new Map<string, number>();
  let turn = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const keep = (names: readonly string[]): number => {
    turn += 1;
    for (const name of names) unpublished.set(name, turn);
    if (unpublished.size > options.names_max) {
      unpublished.clear();
      unpublished.set(everything, turn);
    }
    return turn;
  };

  const attempt = async (names: readonly string[], until_turn: number): Promise<boolean> => {
    try {
      await options.publish(names);
    } catch (error) {
      options.log.debug({ err: error, names: names.length, whom: options.whom }, 'publishing an invalidation failed; trying again later');
      retryLater();
      return false;
    }
    for (const name of names) {
      if ((unpublished.get(name) ?? Number.POSITIVE_INFINITY) <= until_turn) unpublished.delete(name);
    }
    if (unpublished.size > 0) retryLater();
    return true;
  };

  const retryLater = (): void => {
    if (closed || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      if (unpublished.size > 0) void attempt([...unpublished.keys()], turn);
    }, options.retry_ms);
    timer.unref();
  };

  return {
    publish: (names) => attempt(names, keep(names)),
    keep(names) {
      keep(names);
      retryLater();
    },
    includes: (names) => unpublished.size > 0 && (unpublished.has(everything) || names.some((name) => unpublished.has(name))),
    size: () => unpublished.size,
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
