import type { ProductsContext } from '../context.ts';
import { fullTextQuery, questionWords, searchTerms, unknownWords } from '../domain/search-query.ts';
import { bestCorrections, oneSlipAway, slipsForgiven } from '../domain/typos.ts';
import { existingWords, familiarWords, wordsAlike } from '../store/search-words.ts';

const alikeMax = 100;

/** What the full-text index is asked for a typed question, mistyped words corrected; empty when there is no word in it. */
export async function understandQuestion(ctx: ProductsContext, q: string): Promise<string> {
  const words = questionWords(q);
  if (words.length === 0) return '';
  const known = new Map((await familiarWords(ctx.db, words)).map((word) => [word.typed, word]));
  const unknown = unknownWords(words, known);
  const corrections = unknown.length === 0 ? new Map<string, string[]>() : await correctionsOf(ctx, unknown);
  return fullTextQuery(searchTerms(words, known, corrections));
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
