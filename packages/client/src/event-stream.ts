/** An event stream that is taken up again where it broke off. */
import { createEventStreamParser, type EventStreamParser, type ServerEvent } from './event-stream-parser.ts';
import { ProblemError, SignedOutError } from './problem-error.ts';
import { isPassingStatus } from './repetition.ts';
import { pause, type Timing } from './timing.ts';

export interface StreamSettings {
  /** Number of the last event that was seen already; later ones follow. */
  after?: string;
  signal?: AbortSignal;
  /** A connection on which nothing comes for so long, not even a comment, is closed; in milliseconds, default 45,000. */
  silence_ms?: number;
}

/**
 * Opens a connection: a stream, or undefined when there is nothing more to come (204). Throws `ProblemError` for a refusal, and
 * anything else when no answer came.
 */
export type OpenStream = (last_event_id: string, signal: AbortSignal) => Promise<ReadableStream<Uint8Array> | undefined>;

const silence_default_ms = 45_000;
const retry_default_ms = 2_000;
const delay_most_ms = 30_000;
const endEvent = 'end';

/**
 * The events of a stream, each once and for as long as it takes: a connection that ends is opened again with the id of the last
 * event. Ends with the event `end` or the answer 204; throws `ProblemError` for a refusal that repeating does not mend, the
 * reason of the signal when it is aborted.
 */
export async function* followEvents(
  open: OpenStream,
  timing: Timing,
  { after = '', signal, silence_ms = silence_default_ms }: StreamSettings = {},
): AsyncGenerator<ServerEvent, void, undefined> {
  let last_event_id = after;
  let retry_ms = retry_default_ms;
  let failures = 0;
  for (;;) {
    signal?.throwIfAborted();
    const connection = new AbortController();
    const parser = createEventStreamParser(last_event_id);
    let failure: unknown;
    try {
      const stream = await open(last_event_id, signal ? AbortSignal.any([signal, connection.signal]) : connection.signal);
      if (stream === undefined) return;
      for await (const event of eventsOf(stream, parser, timing, silence_ms)) {
        failures = 0;
        if (event.event === endEvent) return;
        if (isRepeat(event.id, last_event_id)) continue;
        last_event_id = event.id ?? last_event_id;
        yield event;
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (isFinal(error)) throw error;
      failure = error;
    } finally {
      connection.abort();
    }
    last_event_id = isRepeat(parser.last_event_id, last_event_id) ? last_event_id : parser.last_event_id;
    retry_ms = parser.retry_ms ?? retry_ms;
    await pause(timing, reconnectionDelayMs(timing, retry_ms, failures, failure), signal);
    failures += 1;
  }
}

/** What was said before comes again after a reconnection: ids that are numbers grow, others are compared with the last one. */
function isRepeat(id: string | undefined, last: string): boolean {
  if (id === undefined || last === '') return false;
  if (!/^\d{1,15}$/.test(id) || !/^\d{1,15}$/.test(last)) return id === last;
  return Number(id) <= Number(last);
}

/** Not for all watchers at the same moment, and less and less often while it does not succeed. */
function reconnectionDelayMs(timing: Timing, retry_ms: number, failures: number, failure: unknown): number {
  const asked_ms = failure instanceof ProblemError ? (failure.retry_after_s ?? 0) * 1_000 : 0;
  const delay_ms = Math.min(delay_most_ms, retry_ms * 2 ** Math.min(failures, 10));
  return Math.max(asked_ms, delay_ms) + (timing.random() * delay_ms) / 2;
}

function isFinal(error: unknown): boolean {
  if (error instanceof SignedOutError) return true;
  return error instanceof ProblemError && !isPassingStatus(error.status) && error.status !== 408 && error.status !== 500;
}

async function* eventsOf(
  stream: ReadableStream<Uint8Array>,
  parser: EventStreamParser,
  timing: Timing,
  silence_ms: number,
): AsyncGenerator<ServerEvent, void, undefined> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await withinSilence(reader, timing, silence_ms);
      if (done || value === undefined) return;
      yield* parser.push(value);
    }
  } finally {
    // A consumer that stops reading leaves the connection; how it ended is of no interest any more.
    reader.cancel().catch(() => undefined);
  }
}

async function withinSilence(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  timing: Timing,
  silence_ms: number,
): Promise<{ done: boolean; value?: Uint8Array | undefined }> {
  const silence = Promise.withResolvers<never>();
  const cancel = timing.timer(silence_ms, () => silence.reject(new Error(`nothing came for ${silence_ms} ms`)));
  try {
    return await Promise.race([reader.read(), silence.promise]);
  } finally {
    cancel();
  }
}
