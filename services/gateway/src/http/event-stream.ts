/**
 * One open stream of server-sent events (HTML Standard, section 9.2): it lives until its source ends, its token ends, its client
 * leaves or does not read, or the gateway stops. The client then comes back with the id of the last event it has seen.
 */
import { eventStreamType, refusal } from '@souk/contracts';
import type { OpenStream, StreamEnd } from '../workers/open-streams.ts';
import type { Answerer, Exchange } from './exchange.ts';

export interface StreamEvent {
  /** Absent where events cannot be asked for again. */
  id?: number;
  event: string;
  data: unknown;
}

export interface EventStreamOptions {
  exchange: Exchange;
  /** Milliseconds of performance.now at which it ends because its token does; infinity without a token. */
  ends_at: number;
  /** Between 0 and 1: spreads the moments at which clients come back. */
  random(): number;
  /** Called once for a stream that was opened. */
  ended(why: StreamEnd): void;
}

/** Called once when the stream is over. */
type Release = () => void;

const heartbeatMs = 15_000;
/** The connection of a client that has not taken so much is cut; it comes back with the id of the last event. */
const unsentBytesMax = 65_536;
const retryLeastMs = 2_000;
const retryRangeMs = 3_000;
const heartbeat = ':\n\n';

export class EventStream implements Answerer, OpenStream {
  readonly #exchange: Exchange;
  readonly #options: EventStreamOptions;
  #heartbeat_at = 0;
  #end: StreamEnd | undefined;
  readonly #releases: Release[] = [];

  constructor(options: EventStreamOptions) {
    this.#exchange = options.exchange;
    this.#options = options;
  }

  get isOpen(): boolean {
    return this.#end === undefined && !this.#exchange.gone;
  }

  /** What is held for the stream and is to be released when it is over: at once when it is over already. */
  hold(release: Release): void {
    if (this.isOpen) this.#releases.push(release);
    else release();
  }

  /** Sends the head, and how long a client shall wait before it comes back. Only the head is the answer to HEAD. */
  open(): void {
    this.#exchange.openStream(200, ['content-type', eventStreamType, 'cache-control', 'no-store', 'x-accel-buffering', 'no']);
    if (this.#exchange.request.method === 'HEAD') {
      this.#close('done');
      return;
    }
    this.#write(`retry: ${Math.round(retryLeastMs + this.#options.random() * retryRangeMs)}\n\n`);
    this.#schedule();
  }

  send(events: readonly StreamEvent[]): void {
    if (this.isOpen && events.length > 0) this.#write(events.map(textOf).join(''));
  }

  /** Nothing more will come: the last event says that there is no need to come back. */
  finish(): void {
    this.send([{ event: 'end', data: {} }]);
    this.#close('done');
  }

  end(): void {
    this.#close('stopping');
  }

  expired(): Error {
    return refusal('upstream_timeout');
  }

  /** The exchange is over. */
  cancelled(): void {
    if (this.#end === undefined) this.#over('client');
  }

  check(now: number): void {
    if (!this.isOpen) return;
    if (now >= this.#options.ends_at) {
      this.#close('token');
      return;
    }
    if (now >= this.#heartbeat_at) this.#write(heartbeat);
    this.#schedule();
  }

  #schedule(): void {
    this.#exchange.check_at = Math.min(this.#heartbeat_at, this.#options.ends_at);
  }

  #write(text: string): void {
    const { response } = this.#exchange;
    if (response.writableLength > unsentBytesMax) {
      this.#over('slow');
      response.destroy();
      return;
    }
    this.#heartbeat_at = performance.now() + heartbeatMs;
    this.#exchange.answered_bytes += text.length;
    response.write(text);
  }

  #close(why: StreamEnd): void {
    if (!this.isOpen) return;
    this.#over(why);
    if (this.#exchange.response.headersSent) this.#exchange.response.end();
    else this.#exchange.refuse(refusal('shutting_down'));
  }

  #over(why: StreamEnd): void {
    this.#end = why;
    for (const release of this.#releases.splice(0)) release();
    if (this.#exchange.streams_since !== undefined) this.#options.ended(why);
  }
}

function textOf({ id, event, data }: StreamEvent): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
