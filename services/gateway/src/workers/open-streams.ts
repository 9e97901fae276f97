/** The connections that are held open for live updates: how many one caller may have, and how they end when the gateway stops. */
import { refusal } from '@souk/contracts';

/** Why a stream or a WebSocket ended. */
export type StreamEnd = 'done' | 'client' | 'token' | 'slow' | 'stopping' | 'idle' | 'flood';

export interface OpenStream {
  /** The gateway stops: the client is to come back elsewhere. */
  end(): void;
}

export interface OpenStreams {
  /** Takes a place until the answered function is called. Throws `too_many_streams`, `overloaded` and, once it drains, `shutting_down`. */
  enter(key: string, stream: OpenStream): () => void;
  count(): number;
  /** Ends all, a slice after the other, so that their clients do not come back in the same moment. */
  drain(within_ms: number): Promise<void>;
}

export interface OpenStreamsOptions {
  streams_max: number;
  /** Of one user, or of one address without a token. */
  caller_streams_max: number;
  pause(ms: number): Promise<void>;
}

const slices = 20;
const sliceMsMax = 200;
const retryAfterS = 5;

export function createOpenStreams({ streams_max, caller_streams_max, pause }: OpenStreamsOptions): OpenStreams {
  const streams = new Set<OpenStream>();
  const callers = new Map<string, number>();
  let isDraining = false;
  const leave = (key: string, stream: OpenStream): void => {
    if (!streams.delete(stream)) return;
    const left = (callers.get(key) ?? 1) - 1;
    if (left === 0) callers.delete(key);
    else callers.set(key, left);
  };
  return {
    enter(key, stream) {
      if (isDraining) throw refusal('shutting_down');
      const open = callers.get(key) ?? 0;
      if (open >= caller_streams_max)
        throw refusal('too_many_streams', `At most ${caller_streams_max} streams are open for one caller.`, { retry_after_s: retryAfterS });
      if (streams.size >= streams_max) throw refusal('overloaded', 'Too many streams are open.', { retry_after_s: retryAfterS });
      callers.set(key, open + 1);
      streams.add(stream);
      return () => leave(key, stream);
    },
    count: () => streams.size,
    async drain(within_ms) {
      isDraining = true;
      const size = Math.ceil(streams.size / slices);
      const slice_ms = Math.min(sliceMsMax, within_ms / slices);
      while (streams.size > 0) {
        for (const stream of [...streams].slice(0, size)) {
          streams.delete(stream);
          stream.end();
        }
        if (streams.size > 0) await pause(slice_ms);
      }
    },
  };
}
