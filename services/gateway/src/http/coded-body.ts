/**
 * The body of an answer that is coded in the thread pool on its way. Neither side runs ahead of the other: a coder that is full makes
 * the service wait, a client that is slow makes the coder wait, and what is held for the client counts as that of any other answer.
 */
import type { ServerResponse } from 'node:http';
import {
  type BrotliCompress,
  constants,
  createBrotliCompress,
  createGzip,
  createZstdCompress,
  type Gzip,
  type ZstdCompress,
} from 'node:zlib';
import type { BodyCoding } from '../domain/encoding.ts';
import type { AnswerBuffer } from './answer-buffer.ts';

/** The exchange whose answer it is. */
interface Answered {
  readonly response: ServerResponse;
  readonly buffer: AnswerBuffer;
  progressed(): void;
  finish(): void;
}

type Coder = Gzip | BrotliCompress | ZstdCompress;

/** 128 kB of what went before is enough for lists of alike things, and bounds what a coder takes. */
const windowBits = 17;
const coders: Readonly<Record<BodyCoding, () => Coder>> = {
  gzip: () => createGzip({ level: 1 }),
  br: () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 1, [constants.BROTLI_PARAM_LGWIN]: windowBits } }),
  zstd: () => createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_windowLog]: windowBits } }),
};

export class CodedBody {
  readonly #exchange: Answered;
  readonly #coder: Coder;
  /** Lines of an endless list are not held back until there are more. */
  readonly #isLive: boolean;
  #flushing = false;
  #written = false;
  #client_waited_for = false;

  constructor(exchange: Answered, coding: BodyCoding, isLive: boolean) {
    this.#exchange = exchange;
    this.#isLive = isLive;
    this.#coder = coders[coding]();
    const { response } = exchange;
    this.#coder
      .on('data', (bytes: Buffer) => this.#send(bytes))
      .once('end', () => exchange.finish())
      // What has left is not whole: breaking off says so.
      .on('error', () => response.destroy());
    response.once('close', () => this.#coder.destroy());
  }

  /** Takes bytes of the body, which must not change afterwards. False when no more are wanted until `ready` is called. */
  write(bytes: Buffer, ready: () => void): boolean {
    if (this.#coder.destroyed) return true;
    const { response } = this.#exchange;
    // Otherwise the time limit is that of a client who has to take what is there.
    if (!this.#client_waited_for && response.writableLength < response.writableHighWaterMark) this.#exchange.progressed();
    const wantsMore = this.#coder.write(bytes);
    if (!wantsMore) this.#coder.once('drain', ready);
    this.#written = true;
    if (this.#isLive) this.#flush();
    return wantsMore;
  }

  end(): void {
    this.#coder.end();
  }

  /** One flush at a time: what comes meanwhile leaves together with the next one. */
  #flush(): void {
    if (this.#flushing || !this.#written || this.#coder.destroyed || this.#coder.writableEnded) return;
    this.#flushing = true;
    this.#written = false;
    this.#coder.flush(() => {
      this.#flushing = false;
      this.#flush();
    });
  }

  #send(bytes: Buffer): void {
    const { response, buffer } = this.#exchange;
    this.#exchange.progressed();
    response.write(bytes);
    if (response.writableLength < response.writableHighWaterMark || buffer.mayGrow(() => this.#resume())) return;
    this.#client_waited_for = true;
    this.#coder.pause();
  }

  #resume(): void {
    this.#client_waited_for = false;
    this.#coder.resume();
  }
}
