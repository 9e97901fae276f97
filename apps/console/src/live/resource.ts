/** What was read of the shop, as signals: each knows when it was read, and whether it is being read again. */
import { type ReadonlySignal, signal } from '@preact/signals';

export interface Known<Value> {
  readonly value: Value | undefined;
  /** When the value was read. */
  readonly at_ms: number | undefined;
  /** `stale`: there is a value, and it could not be read again. `failed`: there is none. */
  readonly state: 'loading' | 'fresh' | 'renewing' | 'stale' | 'failed';
  readonly error: unknown;
}

export interface Resource<Value> {
  readonly known: ReadonlySignal<Known<Value>>;
  /** Reads it again; what is asked for while it is being read is read once more after that. */
  renew(): Promise<void>;
  /** Puts in a value that came in another way, unless `isNewer` says that what is known is as new. */
  put(value: Value): void;
  /** What is under way is left. */
  close(): void;
}

export interface ResourceOptions<Value> {
  load(signal: AbortSignal): Promise<Value>;
  now(): number;
  /** Whether the second may take the place of the first: an older version never overwrites a newer one. */
  isNewer?(known: Value, value: Value): boolean;
}

const nothing = { value: undefined, at_ms: undefined, error: undefined };

/** Nothing is read before the first `renew`. */
export function createResource<Value>({ load, now, isNewer = () => true }: ResourceOptions<Value>): Resource<Value> {
  const known = signal<Known<Value>>({ ...nothing, state: 'loading' });
  const closing = new AbortController();
  let reading: Promise<void> | undefined;
  let isAskedAgain = false;
  const put = (value: Value): void => {
    const before = known.value.value;
    const kept = before !== undefined && !isNewer(before, value) ? before : value;
    known.value = { value: kept, at_ms: now(), state: 'fresh', error: undefined };
  };
  const read = async (): Promise<void> => {
    do {
      isAskedAgain = false;
      if (known.value.value !== undefined) known.value = { ...known.value, state: 'renewing' };
      try {
        const value = await load(closing.signal);
        if (!closing.signal.aborted) put(value);
      } catch (error) {
        if (closing.signal.aborted) return;
        known.value = { ...known.value, state: known.value.value === undefined ? 'failed' : 'stale', error };
      }
    } while (isAskedAgain && !closing.signal.aborted);
  };
  return {
    known,
    put,
    renew() {
      if (reading !== undefined) isAskedAgain = true;
      reading ??= read().finally(() => {
        reading = undefined;
      });
      return reading;
    },
    close: () => closing.abort(),
  };
}
