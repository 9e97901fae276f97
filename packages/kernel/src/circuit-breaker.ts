/**
 * A circuit breaker (Nygard, "Release It!", 2018, ch. 5): closed while calls succeed, open (nothing is called) after several failures in a row or
 * when half of a window's calls failed, half open (one probe at a time) when it has been open long enough. An outcome
 * belongs to the admission it was given with: what was admitted before a change of state changes nothing after it.
 */

export type BreakerState = 'closed' | 'open' | 'half_open';

export interface BreakerLimits {
  /** Failures in a row that open it. */
  failures_max: number;
  /** Calls of a window before their ratio counts; default never. */
  window_calls_min?: number;
  /** Share of failures that opens it; default 1. */
  failure_ratio_max?: number;
  /** Default 10 s. */
  window_ms?: number;
  /** How long it stays open before a probe. */
  open_ms: number;
}

export type Admission = number;

export interface CircuitBreaker {
  /** Undefined when the call must not be made; otherwise exactly one of the three outcomes must follow. */
  admit(now_ms: number): Admission | undefined;
  succeeded(admission: Admission, now_ms: number): void;
  failed(admission: Admission, now_ms: number): void;
  /** The call ended without saying anything about what is called (the client left). */
  abandoned(admission: Admission): void;
  state(): BreakerState;
  /** Whole seconds until the next probe, at least 1. */
  retryAfterSeconds(now_ms: number): number;
  /** Lets a probe through at once: there is reason to think that it works again. */
  probeNow(): void;
}

/** A closed breaker. Times are milliseconds of one clock, which the caller reads. */
export function createCircuitBreaker(limits: BreakerLimits): CircuitBreaker {
  const { window_calls_min = Number.POSITIVE_INFINITY, failure_ratio_max = 1, window_ms = 10_000 } = limits;
  let state: BreakerState = 'closed';
  let generation = 0;
  let probing = false;
  let open_until = 0;
  let in_a_row = 0;
  let window_from = 0;
  let calls = 0;
  let failures = 0;

  const turn = (next: BreakerState): void => {
    state = next;
    generation += 1;
    probing = false;
    in_a_row = 0;
    calls = 0;
    failures = 0;
  };
  const open = (now_ms: number): void => {
    turn('open');
    open_until = now_ms + limits.open_ms;
  };
  const counted = (now_ms: number): void => {
    if (now_ms - window_from >= window_ms) {
      window_from = now_ms;
      calls = 0;
      failures = 0;
    }
    calls += 1;
  };

  return {
    admit(now_ms) {
      if (state === 'closed') return generation;
      if (state === 'open' && now_ms >= open_until) turn('half_open');
      if (state !== 'half_open' || probing) return undefined;
      probing = true;
      return generation;
    },
    succeeded(admission, now_ms) {
      if (admission !== generation) return;
      if (state === 'half_open') turn('closed');
      else {
        counted(now_ms);
        in_a_row = 0;
      }
    },
    failed(admission, now_ms) {
      if (admission !== generation) return;
      if (state === 'half_open') {
        open(now_ms);
        return;
      }
      counted(now_ms);
      failures += 1;
      in_a_row += 1;
      const tooMany = calls >= window_calls_min && failures / calls >= failure_ratio_max;
      if (in_a_row >= limits.failures_max || tooMany) open(now_ms);
    },
    abandoned(admission) {
      if (admission === generation) probing = false;
    },
    state: () => state,
    retryAfterSeconds: (now_ms) => Math.max(1, Math.ceil((open_until - now_ms) / 1_000)),
    probeNow() {
      if (state === 'open') open_until = 0;
    },
  };
}
