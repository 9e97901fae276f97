/**
 * Between the spans of a service and the collector: a queue with an end. Ending a span only puts it in; what the
 * queue does not hold is dropped and counted. One delivery is under way at a time, each has a deadline, and a collector
 * that is away is left alone for a while, so that it costs neither time nor memory.
 */
import { backoffMs, type Clock, doneWithin, type Log, type Metrics } from '@souk/kernel';

export interface SpanQueueOptions<Span> {
  /** Delivers spans, or rejects; ends with the signal. */
  deliver(spans: readonly Span[], signal: AbortSignal): Promise<void>;
  timeout_ms: number;
  /** Of the collector, for the log. */
  address: string;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  /** How long spans gather before they leave. */
  gather_ms: number;
}

export interface SpanQueue<Span> {
  put(span: Span): void;
  /** Delivers what is left for at most `limit_ms`; what does not get through is counted as dropped. Takes nothing more. */
  close(limit_ms: number): Promise<void>;
}

const queueMax = 2_048;
const batchMax = 512;
const retryFirstMs = 1_000;
const retryMostMs = 30_000;

/** A queue over `deliver`; a timer runs only while something is in it. */
export function createSpanQueue<Span>(options: SpanQueueOptions<Span>): SpanQueue<Span> {
  return new Queue(options);
}

class Queue<Span> implements SpanQueue<Span> {
  readonly #options: SpanQueueOptions<Span>;
  readonly #ending = new AbortController();
  #spans: Span[] = [];
  #timer: NodeJS.Timeout | undefined;
  #delivering: Promise<void> | undefined;
  #failures = 0;
  #not_before = 0;
  #closed = false;

  constructor(options: SpanQueueOptions<Span>) {
    this.#options = options;
  }

  put(span: Span): void {
    if (this.#closed || this.#spans.length >= queueMax) {
      this.#count('dropped', 1);
      return;
    }
    this.#spans.push(span);
    // A full batch leaves at once; waiting longer would only drop what comes behind it.
    if (this.#spans.length === batchMax) this.#hurry();
    else this.#timer ??= this.#later(this.#waitMs());
  }

  async close(limit_ms: number): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    const emptied = this.#deliverRest();
    await doneWithin(emptied, limit_ms);
    this.#ending.abort();
    await emptied;
    this.#count('dropped', this.#spans.length);
    this.#spans = [];
  }

  /** The last deliveries do not wait for a collector to come back: one failure ends them. */
  async #deliverRest(): Promise<void> {
    await this.#delivering;
    while (this.#spans.length > 0 && this.#failures === 0 && !this.#ending.signal.aborted) await this.#deliverBatch();
  }

  /** Until the collector may be tried again, or until a batch has gathered. */
  #waitMs(): number {
    if (this.#failures > 0) return Math.max(0, this.#not_before - this.#options.clock.now());
    return this.#spans.length >= batchMax ? 0 : this.#options.gather_ms;
  }

  #later(delay_ms: number): NodeJS.Timeout {
    return setTimeout(() => this.#begin(), delay_ms).unref();
  }

  #hurry(): void {
    if (this.#delivering !== undefined || this.#failures > 0) return;
    clearTimeout(this.#timer);
    this.#timer = this.#later(0);
  }

  #begin(): void {
    this.#timer = undefined;
    if (this.#closed || this.#delivering !== undefined) return;
    this.#delivering = this.#deliverBatch().finally(() => {
      this.#delivering = undefined;
      if (this.#spans.length === 0 || this.#closed) return;
      this.#timer ??= this.#later(this.#waitMs());
    });
  }

  async #deliverBatch(): Promise<void> {
    const { deliver, timeout_ms, clock } = this.#options;
    const batch = this.#spans.splice(0, batchMax);
    try {
      await deliver(batch, AbortSignal.any([this.#ending.signal, AbortSignal.timeout(timeout_ms)]));
      this.#count('exported', batch.length);
      this.#succeeded();
    } catch (error) {
      this.#count('failed', batch.length);
      this.#failed(error);
      this.#not_before = clock.now() + backoffMs(this.#failures - 1, retryFirstMs, retryMostMs);
    }
  }

  #succeeded(): void {
    if (this.#failures > 0) this.#options.log.info({ collector: this.#options.address }, 'traces are delivered again');
    this.#failures = 0;
  }

  #failed(error: unknown): void {
    this.#failures += 1;
    if (this.#failures > 1) return;
    this.#options.log.warn(
      { collector: this.#options.address, reason: (error as Error).message },
      'traces cannot be delivered; they are dropped until the collector answers',
    );
  }

  #count(outcome: 'exported' | 'failed' | 'dropped', spans: number): void {
    if (spans > 0) this.#options.metrics.count('souk_traces_spans_total', { outcome }, spans);
  }
}
