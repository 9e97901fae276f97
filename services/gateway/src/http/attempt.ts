/** One try at one instance: what comes back goes to the client as it comes, or into memory where the client is slower than the service. */
import type { Instance } from '@souk/discovery';
import { failureOf, type Span, spanAnswered } from '@souk/telemetry/tracing';
import type { Fields } from '../domain/answer-fields.ts';
import type { AnswerHandler, Flight, Upstream, UpstreamRequest } from '../domain/upstream.ts';
import type { Exchange } from './exchange.ts';

/** What began the attempt. */
export interface AttemptOwner {
  readonly exchange: Exchange;
  /** The head of an answer has come. Answers whether it is passed on. */
  answered(status: number, fields: Fields): boolean;
  /** The attempt ended without a whole answer. */
  failed(attempt: Attempt, error: Error): void;
}

export class Attempt implements AnswerHandler {
  readonly instance: Instance;
  readonly #owner: AttemptOwner;
  readonly #span: Span | undefined;
  #flight: Flight | undefined;
  #dropped: Error | undefined;
  #skipping = false;
  #sent_at: number | undefined;
  #answered = false;
  #ended = false;

  constructor(owner: AttemptOwner, instance: Instance, span: Span | undefined) {
    this.#owner = owner;
    this.instance = instance;
    this.#span = span;
  }

  /** It has been written to a connection: the instance may act on it. */
  get was_sent(): boolean {
    return this.#sent_at !== undefined;
  }

  /** For how long the instance has had it; 0 while it waits for a connection. */
  get sent_for_ms(): number {
    return this.#sent_at === undefined ? 0 : performance.now() - this.#sent_at;
  }

  /** The head of an answer has come. */
  get answered(): boolean {
    return this.#answered;
  }

  /** Throws `overloaded`. */
  begin(upstream: Upstream, request: UpstreamRequest): void {
    const flight = upstream.send(request, this);
    if (!this.#ended) this.#flight = flight;
  }

  /** Ends the attempt; what still arrives is dropped. */
  drop(reason: Error): void {
    this.#dropped = reason;
    this.#flight?.abort(reason);
  }

  sent(): void {
    this.#sent_at = performance.now();
  }

  head(status: number, fields: Fields): void {
    this.#answered = true;
    spanAnswered(this.#span, status);
    this.#skipping = !this.#owner.answered(status, fields);
  }

  /** Head and body leave as one text, in one write. */
  text(body: string): boolean {
    const { exchange } = this.#owner;
    if (this.#skipping || exchange.coded !== undefined || !exchange.request.complete) return false;
    exchange.answered_bytes = body.length;
    exchange.finishWith(body);
    return true;
  }

  data(bytes: Buffer): boolean {
    if (this.#skipping) return false;
    const { exchange } = this.#owner;
    const { response, coded } = exchange;
    if (coded !== undefined) {
      exchange.answered_bytes += bytes.length;
      if (!coded.write(bytes, () => this.#flight?.resume())) this.#flight?.pause();
      return true;
    }
    exchange.answered_bytes += bytes.length;
    exchange.progressed();
    response.write(bytes);
    // Now and not after this turn: what the system takes at once is not in use any more.
    response.socket?.uncork();
    const left = response.writableLength;
    if (left >= response.writableHighWaterMark && !exchange.buffer.mayGrow(() => this.#flight?.resume())) this.#flight?.pause();
    return left > 0 || response.socket === null;
  }

  end(): void {
    this.#over();
    this.#span?.end();
    if (this.#skipping) return;
    const { exchange } = this.#owner;
    if (exchange.coded === undefined) exchange.finish();
    else exchange.coded.end();
  }

  failed(error: Error): void {
    this.#over();
    this.#span?.fail(failureOf(error));
    this.#span?.end();
    if (!this.#dropped && !this.#skipping) this.#owner.failed(this, error);
  }

  #over(): void {
    this.#ended = true;
    this.#flight = undefined;
  }
}
