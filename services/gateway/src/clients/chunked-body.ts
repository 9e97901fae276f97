/** A body in chunks (RFC 9112, section 7.1), read as it comes. Extensions of chunks and trailers are read and dropped. */
import { AnswerMalformed } from './answer-head.ts';

const cr = 0x0d;
const lf = 0x0a;
const sizeLineMax = 1_024;
const trailersMax = 65_536;
const size = /^[0-9A-Fa-f]{1,12}$/;

type State = 'size' | 'data' | 'data_end' | 'trailer' | 'done';

export class ChunkedBody {
  #state: State = 'size';
  #line = '';
  #left = 0;
  #trailer_bytes = 0;

  get done(): boolean {
    return this.#state === 'done';
  }

  /** Takes what came and hands on the data in it; answers how many bytes belong to this body. Throws `AnswerMalformed`. */
  take(bytes: Buffer, data: (piece: Buffer) => void): number {
    let at = 0;
    while (at < bytes.length && this.#state !== 'done') {
      if (this.#state !== 'data') {
        at = this.#takeLine(bytes, at);
        continue;
      }
      const until = Math.min(bytes.length, at + this.#left);
      this.#left -= until - at;
      if (this.#left === 0) this.#state = 'data_end';
      data(bytes.subarray(at, until));
      at = until;
    }
    return at;
  }

  #takeLine(bytes: Buffer, from: number): number {
    const end = bytes.indexOf(lf, from);
    const to = end < 0 ? bytes.length : end + 1;
    this.#line += bytes.toString('latin1', from, to);
    if (this.#line.length > (this.#state === 'trailer' ? trailersMax : sizeLineMax))
      throw new AnswerMalformed('a line of a chunk is too long');
    if (end < 0) return to;
    if (this.#line.charCodeAt(this.#line.length - 2) !== cr) throw new AnswerMalformed('a line of a chunk is not ended by CR LF');
    const line = this.#line.slice(0, -2);
    this.#line = '';
    this.#next(line);
    return to;
  }

  #next(line: string): void {
    if (this.#state === 'size') {
      const digits = (line.split(';', 1)[0] as string).trimEnd();
      if (!size.test(digits)) throw new AnswerMalformed('the size of a chunk is not a number');
      this.#left = Number.parseInt(digits, 16);
      this.#state = this.#left === 0 ? 'trailer' : 'data';
    } else if (this.#state === 'data_end') {
      if (line !== '') throw new AnswerMalformed('a chunk is longer than its size');
      this.#state = 'size';
    } else if (line === '') this.#state = 'done';
    else {
      this.#trailer_bytes += line.length;
      if (this.#trailer_bytes > trailersMax) throw new AnswerMalformed('the trailers are too long');
    }
  }
}
