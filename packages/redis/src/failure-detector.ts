/** Between "it did not reply" and "it is away": replies missed in a row, and then the time in which Redis is suspect: no command is sent to it, and it does not count as away yet. */
export interface FailureDetector {
  /** Whether Redis is left alone. */
  holds(): boolean;
  /** A reply did not come in time. */
  missed(): void;
  /** A reply came. */
  answered(): void;
  /** The state is known now. */
  end(): void;
}

export interface FailureDetectorOptions {
  failures_max: number;
  suspect_ms_max: number;
  /** Called when Redis begins to be left alone. */
  begun(): void;
  /** Called when it was left alone for `suspect_ms_max`. */
  lost(): void;
}

export function createFailureDetector({ failures_max, suspect_ms_max, begun, lost }: FailureDetectorOptions): FailureDetector {
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
      }, suspect_ms_max);
      begun();
    },
    answered() {
      failures = 0;
    },
    end,
  };
}
