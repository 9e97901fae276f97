/** What the rows of one handle have in common, kept until a later row of that handle needs it. */
import type { ProductStatus } from './product.ts';

export interface SharedFacts {
  title: string;
  description: string | undefined;
  category: string | null;
  image: string;
  status: ProductStatus;
  attributes: Readonly<Record<string, string>>;
  option_names: readonly string[];
}

export interface HandleMemory {
  recall(handle: string): SharedFacts | undefined;
  keep(handle: string, facts: SharedFacts): void;
}

/** Characters kept in all; rows of one handle usually follow each other, so what was not asked for longest goes first. */
const charactersMax = 20_000_000;
const overhead = 400;

/** A memory with a limit; what it forgot is as if it had never been there, and a row that needs it is refused. */
export function createHandleMemory(characters_max = charactersMax): HandleMemory {
  const kept = new Map<string, SharedFacts>();
  let characters = 0;
  const sizeOf = (handle: string, facts: SharedFacts): number =>
    overhead + handle.length + facts.title.length + (facts.description?.length ?? 0) + facts.image.length;
  const forget = (handle: string): void => {
    const facts = kept.get(handle);
    if (facts === undefined) return;
    characters -= sizeOf(handle, facts);
    kept.delete(handle);
  };
  return {
    recall: (handle) => kept.get(handle),
    keep(handle, facts) {
      forget(handle);
      kept.set(handle, facts);
      characters += sizeOf(handle, facts);
      for (const oldest of kept.keys()) {
        if (characters <= characters_max || oldest === handle) break;
        forget(oldest);
      }
    },
  };
}
