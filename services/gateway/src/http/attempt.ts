/** One try at one instance: what comes back goes to the client as it comes, or into memory where the client is slower than the service. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Instance } from '@souk/discovery';
import { failureOf, type Span, spanAnswered } from '@souk/telemetry/tracing';
import type { Dispatcher } from 'undici';
import type { GatewayContext } from '../context.ts';
import type { Exchange } from './exchange.ts';

type Upstream = ReturnType<GatewayContext['pools']['of']>;

/** What began the attempt. */
export interface AttemptOwner {
  readonly exchange: Exchange;
  /** The head of an answer has come. Answers whether it is passed on. */
  answered(status: number, headers: IncomingHttpHeaders): boolean;
  /** The attempt ended without a whole answer. */
  failed(attempt: Attempt, error: Error): void;
}

/** Bodies up to this many bytes that come in one piece leave in one piece with the head. */
const inOnePieceMax = 16_384;

export class Attempt implements Dispatcher.DispatchHandler {
  readonly instance: Instance;
  readonly #owner: AttemptOwner;
  readonly #upstream: Upstream;
  readonly #span: Span | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #dropped: Error | undefined;
  #skipping = false;
  #length = Number.NaN;
  #sent_at: number | undefined;
  #answered = false;

  constructor(owner: AttemptOwner, instance: Instance, upstream: Upstream, span: Span | undefined) {
    this.#owner = owner;
    this.instance = instance;
    this.#upstream = upstream;
    this.#span = span;
  }

  /** It has been written to a connection: the instance may act on it. */
  get sent(): boolean {
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

  /** Ends the attempt; what still arrives is dropped. */
  drop(reason: Error): void {
    this.#dropped = reason;
    this.#controller?.abort(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#sent_at = performance.now();
    if (this.#dropped) controller.abort(this.#dropped);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return;
    this.#answered = true;
    spanAnswered(this.#span, status);
    this.#skipping = !this.#owner.answered(status, headers);
    this.#length = Number(headers['content-length'] ?? Number.NaN);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#skipping) return;
    const { exchange } = this.#owner;
    const { response } = exchange;
    if (this.#isWhole(chunk) && exchange.request.complete) {
      // Head and body leave as one text, in one write.
      exchange.answered_bytes = chunk.length;
      response.end(chunk.toString('latin1'), 'latin1');
      return;
    }
    exchange.answered_bytes += chunk.length;
    exchange.progressed();
    if (response.write(chunk) || exchange.buffer.mayGrow(() => controller.resume())) return;
    controller.pause();
  }

  /** A small body that came in one piece: its length was announced, so this is all of it. */
  #isWhole(chunk: Buffer): boolean {
    return chunk.length === this.#length && chunk.length <= inOnePieceMax;
  }

  onResponseEnd(): void {
    this.#upstream.leave();
    this.#controller = undefined;
    this.#span?.end();
    if (!this.#skipping) this.#owner.exchange.finish();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#upstream.leave();
    this.#controller = undefined;
    this.#span?.fail(failureOf(error));
    this.#span?.end();
    if (!this.#dropped && !this.#skipping) this.#owner.failed(this, error);
  }
}
