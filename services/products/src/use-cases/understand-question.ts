import type { ProductsContext } from '../context.ts';
import { formsOf, fullTextQuery, type Known, partsOf, questionWords, searchTerms, splitsOf, unknownWords } from '../domain/search-query.ts';
import { bestCorrections, oneSlipAway, slipsForgiven } from '../domain/typos.ts';
import { existingWords, familiarWords, wordsAlike } from '../store/search-words.ts';

const alikeMax = 100;

/** What the full-text index is asked for a typed question, mistyped words corrected; undefined when there is no word in it. */
export async function understandQuestion(ctx: ProductsContext, q: string): Promise<{ full_text: string; exact: string } | undefined> {
  const words = questionWords(q);
  if (words.length === 0) return undefined;
  const known = await knownWords(
    ctx,
    words.flatMap((word, index) => [word, ...formsOf(words, index), ...partsOf(word)]),
  );
  const unknown = unknownWords(words, known);
  if (unknown.length === 0) return fullTextQuery(searchTerms(words, known, new Map(), new Map()), known);
  const corrections = await correctionsOf(ctx, unknown);
  const guessed = await knownWords(ctx, [...unknown.flatMap((word) => splitsOf(word).flat()), ...[...corrections.values()].flat()]);
  const splits = unknown.flatMap((word) => {
    const parts = splitsOf(word).find((split) => split.every((part) => guessed.get(part)?.exact === true));
    return parts === undefined ? [] : [[word, parts] as const];
  });
  return fullTextQuery(searchTerms(words, known, corrections, new Map(splits)), new Map([...guessed, ...known]));
}

async function knownWords(ctx: ProductsContext, words: readonly string[]): Promise<Known> {
  const distinct = [...new Set(words)];
  return distinct.length === 0 ? new Map() : new Map((await familiarWords(ctx.db, distinct)).map((word) => [word.typed, word]));
}

/** First one slip away, which is exact and cheap; only what is still unknown is compared by likeness. */
async function correctionsOf(ctx: ProductsContext, unknown: readonly string[]): Promise<Map<string, string[]>> {
  const variants = unknown.flatMap((typed) => oneSlipAway(typed).map((variant) => ({ typed, variant })));
  const near = await existingWords(
    ctx.db,
    variants.map(({ typed }) => typed),
    variants.map(({ variant }) => variant),
  );
  const found = new Set(near.map(({ typed }) => typed));
  const far = unknown.filter((typed) => !found.has(typed) && slipsForgiven(typed) > 1);
  const alike = far.length === 0 ? [] : await wordsAlike(ctx.db, far, alikeMax);
  const candidates = Map.groupBy([...near, ...alike], ({ typed }) => typed);
  return new Map(
    [...candidates].map(([typed, words]) => [
      typed,
      bestCorrections(
        typed,
        words.map(({ word }) => word),
      ),
    ]),
  );
}
