/** One try at one instance: what comes back is streamed to the client unless the passage decides otherwise. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Instance } from '@souk/discovery';
import { failureOf, type Span } from '@souk/kernel';
import type { Dispatcher } from 'undici';
import type { GatewayContext } from '../context.ts';
import { spanAnswered } from '../domain/attempt-span.ts';
import type { Exchange } from './exchange.ts';

type Upstream = ReturnType<GatewayContext['pools']['of']>;

/** Whoever began the attempt. */
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
  readonly #passage: AttemptOwner;
  readonly #upstream: Upstream;
  readonly #span: Span | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #dropped: Error | undefined;
  #skipping = false;
  #length = Number.NaN;

  constructor(passage: AttemptOwner, instance: Instance, upstream: Upstream, span: Span | undefined) {
    this.#passage = passage;
    this.instance = instance;
    this.#upstream = upstream;
    this.#span = span;
  }

  /** Ends the attempt; what still comes of it is nobody's. */
  drop(reason: Error): void {
    this.#dropped = reason;
    this.#controller?.abort(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#dropped) controller.abort(this.#dropped);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return;
    spanAnswered(this.#span, status);
    this.#skipping = !this.#passage.answered(status, headers);
    this.#length = Number(headers['content-length'] ?? Number.NaN);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#skipping) return;
    const { exchange } = this.#passage;
    const { response } = exchange;
    if (this.#isWhole(chunk) && exchange.request.complete) {
      // Head and body leave as one text, in one write.
      response.end(chunk.toString('latin1'), 'latin1');
      return;
    }
    exchange.progressed();
    if (response.write(chunk)) return;
    controller.pause();
    response.once('drain', () => {
      exchange.progressed();
      controller.resume();
    });
  }

  /** A small body that came in one piece: its length was announced, so this is all of it. */
  #isWhole(chunk: Buffer): boolean {
    return chunk.length === this.#length && chunk.length <= inOnePieceMax;
  }

  onResponseEnd(): void {
    this.#upstream.leave();
    this.#controller = undefined;
    this.#span?.end();
    if (!this.#skipping) this.#passage.exchange.finish();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#upstream.leave();
    this.#controller = undefined;
    this.#span?.fail(failureOf(error));
    this.#span?.end();
    if (!this.#dropped && !this.#skipping) this.#passage.failed(this, error);
  }
}
