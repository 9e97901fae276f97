/** Streams of facts for the auditor, page by page in ascending order of their keys. */
import { refusal } from '@souk/contracts';
import { isUuid } from '@souk/kernel';

export interface FactsPage {
  facts: { key: string; [member: string]: unknown }[];
  /** The key after which the next page begins; null when this was the last. */
  next: string | null;
}

/** A stream of facts: what comes after key `after`, at most `limit`. */
export type FactsReader<C> = (context: C, after: string | undefined, limit: number) => Promise<FactsPage>;

/** The page of what was read with this limit: a full one may have a next. */
export function factsPage(facts: readonly (object & { key: string })[], limit: number): FactsPage {
  return { facts: facts as FactsPage['facts'], next: facts.length === limit ? (facts.at(-1)?.key ?? null) : null };
}

/** The key of a stream whose keys are ids. Throws `validation_failed` when it is none. */
export function idKey(after: string | undefined): string | undefined {
  if (after !== undefined && !isUuid(after)) throw refusal('validation_failed', 'The key after which to go on is not an id.');
  return after;
}
