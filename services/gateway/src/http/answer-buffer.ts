/** The part of an answer that its client has not taken yet: held in memory within limits, so that the service is free again. */
import type { ServerResponse } from 'node:http';
import type { BufferBudget, BufferHolder } from '../workers/buffer-budget.ts';

/** The exchange whose answer it is. */
interface Answered {
  readonly response: ServerResponse;
  allow(ms: number): void;
  progressed(): void;
}

export interface AnswerBufferOptions {
  budget: BufferBudget;
  /** Most bytes held of one answer. */
  bytes_max: number;
  /** A client must take at least this many bytes a second. */
  rate_min: number;
  /** Time beside what the least rate gives. */
  grace_ms: number;
  /** Longest time a service waits for a client of whose answer no more can be held. */
  pause_max_ms: number;
}

export class AnswerBuffer implements BufferHolder {
  readonly #exchange: Answered;
  readonly #options: AnswerBufferOptions;
  #watching = false;
  #drained: (() => void) | undefined;

  constructor(exchange: Answered, options: AnswerBufferOptions) {
    this.#exchange = exchange;
    this.#options = options;
  }

  /** To be called when a write was not taken at once. Whether more may be written; if not, `drained` is called when the client has caught up. */
  mayGrow(drained: () => void): boolean {
    const { response } = this.#exchange;
    const { budget, bytes_max, rate_min, grace_ms, pause_max_ms } = this.#options;
    const bytes = response.writableLength;
    this.#watch();
    // The time by which a client that reads at the least rate has taken everything.
    this.#exchange.allow(grace_ms + (bytes / rate_min) * 1_000);
    if (bytes <= bytes_max && budget.hold(this, bytes)) return true;
    this.#exchange.allow(pause_max_ms);
    this.#drained = drained;
    return false;
  }

  evict(): boolean {
    this.#exchange.response.destroy();
    return true;
  }

  #watch(): void {
    if (this.#watching) return;
    this.#watching = true;
    const { response } = this.#exchange;
    response.on('drain', () => this.#caughtUp()).once('close', () => this.#options.budget.release(this));
  }

  #caughtUp(): void {
    this.#options.budget.release(this);
    const drained = this.#drained;
    this.#drained = undefined;
    if (drained === undefined) return;
    this.#exchange.progressed();
    drained();
  }
}
