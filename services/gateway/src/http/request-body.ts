/** Bodies on their way in: small ones are read whole before a connection to a service is taken, others are streamed. */
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { refusal } from '@souk/contracts';
import { AppError } from '@souk/kernel';

/** Bodies up to this many bytes are read whole: a slow client then holds no connection to a service, and a retry can send them again. */
const wholeBytesMax = 65_536;

export type BodyKind = { kind: 'none' } | { kind: 'whole'; bytes: number } | { kind: 'streamed'; bytes: number | undefined };

const noBody: BodyKind = { kind: 'none' };

/** What the headers say of the body. Throws `validation_failed` for a coding nobody here undoes and `body_too_large`. */
export function bodyKindOf({ headers }: IncomingMessage, bytes_max: number): BodyKind {
  const coding = headers['transfer-encoding'];
  const length = headers['content-length'];
  if (coding !== undefined) {
    if (length !== undefined || coding.toLowerCase() !== 'chunked')
      throw refusal('validation_failed', 'Transfer-Encoding may only be chunked, without Content-Length.');
    return { kind: 'streamed', bytes: undefined };
  }
  if (length === undefined || length === '0') return noBody;
  const bytes = Number(length);
  if (bytes > bytes_max) throw tooLarge(bytes_max);
  return bytes <= wholeBytesMax ? { kind: 'whole', bytes } : { kind: 'streamed', bytes };
}

function tooLarge(bytes_max: number): AppError {
  return refusal('body_too_large', `The body may have at most ${bytes_max} bytes.`, { bytes_max });
}

/** Reads a body whole; calls back once, or never when the client leaves or is refused before its end. */
export function readWhole(request: IncomingMessage, bytes_max: number, done: (error: AppError | undefined, body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const onData = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes <= bytes_max) {
      chunks.push(chunk);
      return;
    }
    request.off('data', onData).off('end', onEnd);
    done(tooLarge(bytes_max), Buffer.alloc(0));
  };
  const onEnd = (): void => done(undefined, chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
  request.on('data', onData).on('end', onEnd);
}

/** Hands a body on as fast as the service takes it, and no more than `bytes_max` of it. Destroying it leaves the request alone. */
export class BodyRelay extends Readable {
  readonly #request: IncomingMessage;
  readonly #bytes_max: number;
  readonly #progressed: () => void;
  #bytes = 0;
  /** The service would take more: it is the client who keeps it waiting. */
  hungry = false;

  constructor(request: IncomingMessage, bytes_max: number, progressed: () => void) {
    super({ highWaterMark: wholeBytesMax });
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
    this.#progressed();
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
