/**
 * Bodies on their way in: ordinary ones are read whole before a connection to a service is taken, so that a slow client
 * holds none and a retry can send them again. Only what a route takes beyond the general limit is streamed.
 */
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { refusal } from '@souk/contracts';
import { AppError } from '@souk/kernel';
import type { BufferBudget, BufferHolder } from '../workers/buffer-budget.ts';
import type { Exchange } from './exchange.ts';

export type BodyKind = { kind: 'none' } | { kind: 'whole' } | { kind: 'streamed'; bytes: number | undefined };

/** How large a body may be, and how slowly it may arrive. */
export interface BodyLimits {
  /** Of this route. */
  bytes_max: number;
  /** Up to this many bytes a body is read whole. */
  whole_bytes_max: number;
  /** Longest time for a body that is read whole. */
  total_ms: number;
  /** Least bytes a second, once the first seconds have passed. */
  rate_min: number;
}

const noBody: BodyKind = { kind: 'none' };
/** Within this time a body may arrive as slowly as it likes. */
const graceMs = 10_000;
/** Bytes of a streamed body that are read ahead of the service. */
const relayedAheadBytes = 65_536;

/** What the headers say of the body. Throws `validation_failed` for a coding that is not supported and `body_too_large`. */
export function bodyKindOf({ headers }: IncomingMessage, { bytes_max, whole_bytes_max }: BodyLimits): BodyKind {
  const coding = headers['transfer-encoding'];
  const length = headers['content-length'];
  if (coding !== undefined) {
    if (length !== undefined || coding.toLowerCase() !== 'chunked')
      throw refusal('validation_failed', 'Transfer-Encoding may only be chunked, without Content-Length.');
    return bytes_max <= whole_bytes_max ? { kind: 'whole' } : { kind: 'streamed', bytes: undefined };
  }
  if (length === undefined || length === '0') return noBody;
  const bytes = Number(length);
  if (bytes > bytes_max) throw tooLarge(bytes_max);
  return bytes <= whole_bytes_max ? { kind: 'whole' } : { kind: 'streamed', bytes };
}

function tooLarge(bytes_max: number): AppError {
  return refusal('body_too_large', `The body may have at most ${bytes_max} bytes.`, { bytes_max });
}

/** How long a body that has brought so many bytes may take until now, in milliseconds. */
export function timeForBody(bytes: number, { rate_min }: BodyLimits): number {
  return graceMs + (bytes / rate_min) * 1_000;
}

type BodyRead = (error: AppError | undefined, body: Buffer) => void;

/** Reads a body whole; calls back once, or never when the client leaves or is refused before its end. */
export function readWhole(exchange: Exchange, limits: BodyLimits, budget: BufferBudget, done: BodyRead): void {
  new WholeBody(exchange, limits, budget, done).read();
}

/** A body that is collected in memory. It counts there until its exchange has ended, because a retry may need it again. */
class WholeBody implements BufferHolder {
  readonly #exchange: Exchange;
  readonly #limits: BodyLimits;
  readonly #budget: BufferBudget;
  readonly #done: BodyRead;
  readonly #started = performance.now();
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(exchange: Exchange, limits: BodyLimits, budget: BufferBudget, done: BodyRead) {
    this.#exchange = exchange;
    this.#limits = limits;
    this.#budget = budget;
    this.#done = done;
  }

  read(): void {
    const { request, response } = this.#exchange;
    this.#allow();
    response.once('close', () => this.#budget.release(this));
    request.on('data', this.#take).on('end', this.#finish);
  }

  evict(): boolean {
    // A body that is whole waits for the service and not for its client.
    if (this.#exchange.request.complete) return false;
    this.#refuse(refusal('overloaded', 'Too many bodies are arriving; this one was the slowest.'));
    return true;
  }

  /** The time by which more must have come: a total, and a least rate. */
  #allow(): void {
    this.#exchange.deadline = this.#started + Math.min(this.#limits.total_ms, timeForBody(this.#bytes, this.#limits));
  }

  readonly #take = (chunk: Buffer): void => {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#limits.bytes_max) this.#refuse(tooLarge(this.#limits.bytes_max));
    else if (!this.#budget.hold(this, this.#bytes)) this.#refuse(refusal('overloaded', 'Too many bodies are arriving at once.'));
    else {
      this.#chunks.push(chunk);
      this.#allow();
    }
  };

  readonly #finish = (): void => {
    this.#done(undefined, this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks));
  };

  #refuse(error: AppError): void {
    this.#exchange.request.off('data', this.#take).off('end', this.#finish);
    this.#budget.release(this);
    this.#done(error, Buffer.alloc(0));
  }
}

/** Hands a body on as fast as the service takes it, and no more than `bytes_max` of it. Destroying it leaves the request alone. */
export class BodyRelay extends Readable {
  readonly #request: IncomingMessage;
  readonly #bytes_max: number;
  readonly #progressed: (bytes: number) => void;
  #bytes = 0;
  /** The service would take more: it is the client who keeps it waiting. */
  hungry = false;

  constructor(request: IncomingMessage, bytes_max: number, progressed: (bytes: number) => void) {
    super({ highWaterMark: relayedAheadBytes });
    this.#request = request;
    this.#bytes_max = bytes_max;
    this.#progressed = progressed;
    request.on('data', this.#take).on('end', this.#finish).on('close', this.#lost);
    request.pause();
  }

  override _read(): void {
    this.hungry = true;
    this.#request.resume();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#request.off('data', this.#take).off('end', this.#finish).off('close', this.#lost);
    done(error);
  }

  readonly #take = (chunk: Buffer): void => {
    this.#bytes += chunk.length;
    this.#progressed(this.#bytes);
    if (this.#bytes > this.#bytes_max) {
      this.destroy(tooLarge(this.#bytes_max));
      return;
    }
    this.hungry = this.push(chunk);
    if (!this.hungry) this.#request.pause();
  };

  readonly #finish = (): void => {
    this.hungry = false;
    this.push(null);
  };

  readonly #lost = (): void => {
    if (!this.#request.complete) this.destroy(new AppError('client_left', 'The client left before the end of the body.'));
  };
}
