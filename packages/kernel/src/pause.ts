/** Waits `delay_ms`, or less when the signal ends the wait. Never throws. */
export function pause(delay_ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, delay_ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}

const probePauseMostMs = 250;
const partOfWait = 20;

/**
 * Waits before something is asked for once more that has been waited for since `since_ms` (by `performance.now()`): a twentieth of the
 * wait so far, at least `least_ms` and at most 250 ms. What is soon there is found at once, and a long wait costs few questions. Ends
 * early with the signal. Never throws.
 */
export function probePause(since_ms: number, least_ms: number, signal?: AbortSignal): Promise<void> {
  const waited_ms = performance.now() - since_ms;
  return pause(Math.max(least_ms, Math.min(waited_ms / partOfWait, probePauseMostMs)), signal);
}
