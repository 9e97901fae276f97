/** Answers of the catalogue in memory: bounded, least recently used first, each served for a second and kept longer for when its service is away. */
import { LRUCache } from 'lru-cache';
import type { Fields } from '../domain/answer-fields.ts';
import type { BodyCoding } from '../domain/encoding.ts';

/** Fields that all answers of one kind have. Their text in the head of such an answer is written with the first one and then kept. */
export interface SharedFields {
  readonly fields: Fields;
  text: string | undefined;
}

/** A body in one coding, with the fields that say so. */
export interface CodedForm {
  readonly body: Buffer;
  readonly shared: SharedFields;
}

export interface KeptAnswer {
  /** Without Content-Length, Content-Encoding and ETag. */
  readonly fields: Fields;
  readonly etag: string;
  /** As its service sent it. */
  readonly plain: CodedForm;
  /** Of an answer to a client who has it. */
  readonly unchanged: SharedFields;
  /** The body as latin1 where it is small enough to leave with the head. */
  readonly text: string | undefined;
  /** Moment (of performance.now) at which it was asked for. */
  readonly asked_at: number;
  readonly coded: Map<BodyCoding, CodedForm>;
  /** Codings that were begun. */
  readonly coding: Set<BodyCoding>;
  hits: number;
}

export interface AnswerMemory {
  /** What is kept, and whether it may have changed since it was asked for as far as was announced. */
  find(key: string): { answer: KeptAnswer; outdated: boolean } | undefined;
  /**
   * Loads an answer once for all that ask for it meanwhile. It is kept unless it was outdated while it was on its way; null is not kept.
   * The promise rejects with what the load failed with. `of_many`: the answer is about more than one product.
   */
  load(key: string, of_many: boolean, ask: () => Promise<KeptAnswer | null>): Promise<KeptAnswer | null>;
  /** The answer with this key must be asked for again, one on its way too. */
  outdate(key: string): void;
  /** All answers about more than one product must be asked for again. */
  outdateLists(): void;
  bytes(): number;
}

export interface AnswerMemoryOptions {
  bytes_max: number;
  answers_max: number;
}

interface Load {
  promise: Promise<KeptAnswer | null>;
  outdated: boolean;
  generation: number | undefined;
}

interface Entry {
  answer: KeptAnswer;
  outdated: boolean;
  /** Of lists: how often they had been outdated when this one was asked for. */
  generation: number | undefined;
}

/** What an entry takes beside its body: its fields, and their text for each form of it. */
const entryBytes = 4_096;

export function createAnswerMemory({ bytes_max, answers_max }: AnswerMemoryOptions): AnswerMemory {
  const kept = new LRUCache<string, Entry>({
    max: answers_max,
    maxSize: bytes_max,
    // Room for the coded forms, which come later.
    sizeCalculation: ({ answer }) => answer.plain.body.length * 2 + entryBytes,
  });
  const loads = new Map<string, Load>();
  let generation = 0;
  const isOutdated = (of: Entry | Load): boolean => of.outdated || (of.generation !== undefined && of.generation !== generation);

  return {
    find(key) {
      const entry = kept.get(key);
      return entry === undefined ? undefined : { answer: entry.answer, outdated: isOutdated(entry) };
    },
    load(key, of_many, ask) {
      const under_way = loads.get(key);
      if (under_way !== undefined && !isOutdated(under_way)) return under_way.promise;
      const load: Load = { promise: Promise.resolve(null), outdated: false, generation: of_many ? generation : undefined };
      loads.set(key, load);
      load.promise = ask()
        .then((answer) => {
          if (answer !== null && !isOutdated(load)) kept.set(key, { answer, outdated: false, generation: load.generation });
          return answer;
        })
        .finally(() => {
          if (loads.get(key) === load) loads.delete(key);
        });
      return load.promise;
    },
    outdate(key) {
      const load = loads.get(key);
      if (load !== undefined) load.outdated = true;
      const entry = kept.peek(key);
      if (entry !== undefined) entry.outdated = true;
    },
    outdateLists() {
      generation += 1;
    },
    bytes: () => kept.calculatedSize,
  };
}

/** The key under which one product is kept. */
export function keyOfProduct(product_id: string): string {
  return `/api/products/${product_id}`;
}
