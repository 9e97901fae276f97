/** Between "it did not reply" and "it is away": replies missed in a row, and then the time in which Redis is left alone and nobody is told yet. */
export interface Doubt {
  /** Whether Redis is left alone. */
  holds(): boolean;
  /** A reply did not come in time. */
  missed(): void;
  /** A reply came. */
  answered(): void;
  /** Whatever was doubted is known now. */
  end(): void;
}

export interface DoubtOptions {
  failures_max: number;
  doubt_ms_max: number;
  /** Called when Redis begins to be left alone. */
  begun(): void;
  /** Called when it was left alone for `doubt_ms_max`. */
  lost(): void;
}

export function createDoubt({ failures_max, doubt_ms_max, begun, lost }: DoubtOptions): Doubt {
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  const end = (): void => {
    clearTimeout(timer);
    timer = undefined;
    failures = 0;
  };
  return {
    holds: () => timer !== undefined,
    missed() {
      failures += 1;
      if (failures < failures_max || timer !== undefined) return;
      timer = setTimeout(() => {
        end();
        lost();
      }, doubt_ms_max);
      begun();
    },
    answered() {
      failures = 0;
    },
    end,
  };
}
