/**
 * Follows what the clients of this process watch: orders, or the stock of products. The service that owns it is the source;
 * broadcasts only say that it has changed, and may be lost. What is new of all watched keys is asked in groups: on each broadcast,
 * and of a key that has not been asked about for `sweep_ms`.
 */
import { createBatcher } from '@souk/kernel';
import type { Question } from '../domain/live.ts';

export interface SourceWatchOptions<Part> {
  /** Answers the parts in the order of the questions, undefined for what is not there. */
  read(questions: readonly Question[]): Promise<readonly (Part | undefined)[]>;
  /** Most keys in one question. */
  keys_max: number;
  sweep_ms: number;
  /**
   * What of the part is after `seen`, and how far that goes. A part may have more than was asked for: it is the answer to all who
   * asked for the key at the same time.
   */
  since(part: Part, seen: number): { part: Part; seen: number };
  /** Whether there is more to read after the part. */
  hasMore(part: Part): boolean;
  /** Milliseconds of a clock that does not jump. */
  now(): number;
  /** There is something to watch, or nothing any more. */
  watched(isWatched: boolean): void;
}

type Take<Part> = (part: Part) => void;

interface Watched<Part> {
  /** How far each has seen. */
  readonly seen: Map<Take<Part>, number>;
  /** Subscriptions on their way. */
  joining: number;
  asking: boolean;
  /** It changed while it was asked about. */
  again: boolean;
  asked_at: number;
}

const gatherMs = 10;
const runsMax = 4;
const waitingMax = 20_000;
const sweepsEach = 6;
/** Most keys that one sweep asks for, in questions: those who subscribe meanwhile wait for no more than these. */
const questionsInSweep = 8;

export class SourceWatch<Part> {
  readonly #options: SourceWatchOptions<Part>;
  readonly #read: (question: Question) => Promise<Part | undefined>;
  readonly #keys = new Map<string, Watched<Part>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: SourceWatchOptions<Part>) {
    this.#options = options;
    this.#read = createBatcher<Question, Part | undefined>({
      batch_max: options.keys_max,
      delay_ms_max: gatherMs,
      runs_max: runsMax,
      waiting_max: waitingMax,
      run: async (questions) => [...(await options.read(questions))],
    });
  }

  /** How many keys are watched. */
  get keys(): number {
    return this.#keys.size;
  }

  /**
   * Reads what is new after `question.after` and hands it to `admit`; unless that throws, `take` is given from then on what follows,
   * in order. Answers how to stop it. Throws what `admit` throws, and what reading threw.
   */
  async add({ key, after }: Question, take: Take<Part>, admit: (part: Part | undefined) => void): Promise<() => void> {
    const { since, hasMore } = this.#options;
    const watched = this.#enter(key);
    watched.joining += 1;
    try {
      const part = await this.#read({ key, after });
      const news = part === undefined ? undefined : since(part, after);
      admit(news?.part);
      // What is not there is not watched: anyone may name keys without end.
      if (part === undefined) return () => undefined;
      watched.seen.set(take, news?.seen ?? after);
      if (watched.again || hasMore(part)) void this.#ask(key, watched);
    } finally {
      watched.joining -= 1;
      this.#leave(key, watched);
    }
    return () => {
      if (watched.seen.delete(take)) this.#leave(key, watched);
    };
  }

  /** It may have changed. */
  changed(key: string): void {
    const watched = this.#keys.get(key);
    if (watched !== undefined) void this.#ask(key, watched);
  }

  /** Anything may have changed. */
  missed(): void {
    for (const watched of this.#keys.values()) watched.asked_at = Number.NEGATIVE_INFINITY;
    this.#sweep();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #enter(key: string): Watched<Part> {
    const { sweep_ms, now, watched: report } = this.#options;
    const watched = this.#keys.get(key) ?? { seen: new Map(), joining: 0, asking: false, again: false, asked_at: now() };
    this.#keys.set(key, watched);
    if (this.#timer === undefined) {
      this.#timer = setInterval(() => this.#sweep(), sweep_ms / sweepsEach).unref();
      report(true);
    }
    return watched;
  }

  #leave(key: string, watched: Watched<Part>): void {
    if (watched.joining > 0 || watched.seen.size > 0) return;
    this.#keys.delete(key);
    if (this.#keys.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#options.watched(false);
  }

  #sweep(): void {
    const { now, sweep_ms, keys_max } = this.#options;
    const before = now() - sweep_ms;
    let left = keys_max * questionsInSweep;
    for (const [key, watched] of this.#keys) {
      if (watched.asking || watched.asked_at >= before) continue;
      if (left === 0) return;
      left -= 1;
      void this.#ask(key, watched);
    }
  }

  /** Asks until nothing has changed meanwhile. */
  async #ask(key: string, watched: Watched<Part>): Promise<void> {
    if (watched.asking || watched.seen.size === 0) {
      watched.again = true;
      return;
    }
    watched.asking = true;
    do {
      watched.again = false;
      watched.asked_at = this.#options.now();
      const after = Math.min(...watched.seen.values());
      // Whatever went wrong is reported by who reads; the next sweep asks again.
      const part = await this.#read({ key, after }).catch(() => undefined);
      if (part !== undefined && this.#handOut(watched, part, after)) watched.again = true;
    } while (watched.again && watched.seen.size > 0);
    watched.asking = false;
  }

  /** Gives each what it has not seen of what there is after `after`. Answers whether there is more to read. */
  #handOut({ seen }: Watched<Part>, part: Part, after: number): boolean {
    let isBehind = false;
    for (const [take, before] of seen) {
      // It joined meanwhile, and the part may lack lines that it has not seen: they are asked for next.
      if (before < after) {
        isBehind = true;
        continue;
      }
      const news = this.#options.since(part, before);
      if (news.seen === before) continue;
      seen.set(take, news.seen);
      take(news.part);
    }
    return isBehind || this.#options.hasMore(part);
  }
}
