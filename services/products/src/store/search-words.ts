/** SQL of the vocabulary: what the catalogue's words are, and which of them a typed word may have meant. */
import type { Queryable, Tx } from '@souk/postgres';

/** Sorted words, so that two transactions that learn the same ones cannot wait for each other in a circle. */
export async function learnWords(tx: Tx, words: readonly string[]): Promise<void> {
  if (words.length === 0) return;
  await tx.query('insert into search_words (word) select word from unnest($1::text[]) as given (word) on conflict do nothing', [words]);
}

/** For each word, whether the catalogue has it, whether it has one that begins with it, and how the index writes it. */
export function familiarWords(
  db: Queryable,
  words: readonly string[],
): Promise<{ typed: string; exact: boolean; prefix: boolean; stem: string | null }[]> {
  return db.query(
    `select typed, exists (select from search_words where word = typed collate "C") as exact,
       exists (select from search_words where word >= typed collate "C" and word < (typed || chr(1114111)) collate "C") as prefix,
       case when typed ~ '^[a-z]+$' then (ts_lexize('english_stem', typed))[1] else typed end as stem
     from unnest($1::text[]) as given (typed)`,
    [words],
  );
}

/** Which of these variants exist. */
export function existingWords(
  db: Queryable,
  typed: readonly string[],
  variants: readonly string[],
): Promise<{ typed: string; word: string }[]> {
  return db.query(
    `select typed, word from unnest($1::text[], $2::text[]) as given (typed, variant) join search_words on word = variant collate "C"`,
    [typed, variants],
  );
}

/** Words that share many three-letter pieces with each of these. */
export function wordsAlike(db: Queryable, typed: readonly string[], words_max: number): Promise<{ typed: string; word: string }[]> {
  return db.query(`select typed, word from unnest($1::text[]) as given (typed), words_alike(typed, $2) as found (word)`, [
    typed,
    words_max,
  ]);
}
