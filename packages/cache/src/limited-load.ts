import { AppError } from '@souk/kernel';

/** Runs a load for at most `limit_ms`, then fails with `cache_load_timeout` and aborts the signal the load was given. */
export function limitedLoad<T>(key: string, limit_ms: number, load: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const aborter = new AbortController();
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => {
      const resource = key.split(':').slice(0, 2).join(':');
      const error = new AppError('cache_load_timeout', `Loading ${resource} took longer than ${limit_ms} ms.`, { resource, limit_ms });
      reject(error);
      aborter.abort(error);
    }, limit_ms);
    const ended = (settle: () => void): void => {
      clearTimeout(timer);
      settle();
    };
    // Inside a then, so that a load that throws before its first await fails like any other.
    Promise.resolve()
      .then(() => load(aborter.signal))
      .then(
        (value) => ended(() => resolve(value)),
        (error: unknown) => ended(() => reject(error)),
      );
  });
}
