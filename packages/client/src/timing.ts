/** Time and chance, handed in: tests bring their own. */
export interface Timing {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** From 0 to below 1. */
  random(): number;
  /** Calls once after so many milliseconds, unless the function it answers was called before. */
  timer(delay_ms: number, callback: () => void): () => void;
}

export const systemTiming: Timing = {
  now: () => Date.now(),
  random: () => Math.random(),
  timer: (delay_ms, callback) => {
    const timer = setTimeout(callback, delay_ms);
    return () => clearTimeout(timer);
  },
};

/** Waits; throws the reason of the signal as soon as it is aborted. */
export function pause(timing: Timing, delay_ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const abort = (): void => {
      cancel();
      reject(signal?.reason as Error);
    };
    signal?.addEventListener('abort', abort, { once: true });
    const cancel = timing.timer(delay_ms, () => {
      signal?.removeEventListener('abort', abort);
      resolve();
    });
  });
}

/** The outcome of the work; throws the reason of the signal as soon as it is aborted. The work itself goes on for others. */
export function withSignal<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise<T>((resolve, reject) => {
    if (signal.aborted) {
      // What the work comes to concerns others, if any.
      work.catch(() => undefined);
      return reject(signal.reason as Error);
    }
    const abort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    const leave = (): void => signal.removeEventListener('abort', abort);
    work.then(resolve, reject).finally(leave);
  });
}
