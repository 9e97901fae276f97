import type { Log, Metrics } from '@souk/kernel';

/** `connecting` until the first success or failure. */
export type RedisState = 'connecting' | 'ready' | 'away';

/** Whether Redis is there, reported once for each change and each reason. */
export interface Availability {
  state(): RedisState;
  /** It serves. */
  back(): void;
  /** It cannot be used, or (`refused`) does not take this client. */
  gone(reason: string, refused?: boolean): void;
  onState(changed: (state: RedisState) => void): () => void;
  close(): void;
}

export function createAvailability({ log, metrics, shown }: { log: Log; metrics: Metrics; shown: string }): Availability {
  const listeners = new Set<(state: RedisState) => void>();
  let state: RedisState = 'connecting';
  let reported = '';
  let closed = false;

  const become = (next: RedisState): void => {
    if (state === next) return;
    if (state === 'ready') metrics.count('souk_redis_losses_total');
    state = next;
    for (const listener of listeners) listener(next);
  };
  metrics.gauge('souk_redis_away', () => [{ labels: {}, value: state === 'ready' ? 0 : 1 }]);

  return {
    state: () => state,
    back() {
      if (closed) return;
      if (state !== 'ready') log.info({ redis: shown }, 'Redis connected');
      reported = '';
      become('ready');
    },
    gone(reason, refused = false) {
      if (closed) return;
      if (refused && reported !== reason)
        log.error({ redis: shown, reason }, 'Redis refuses this client; going on without it, and trying again');
      else if (state === 'away') log.debug({ redis: shown, reason }, 'Redis is still away');
      else log.warn({ redis: shown, reason }, 'Redis is away; going on without it until it is back');
      reported = reason;
      become('away');
    },
    onState(changed) {
      listeners.add(changed);
      return () => void listeners.delete(changed);
    },
    close() {
      closed = true;
      listeners.clear();
      state = 'away';
    },
  };
}
