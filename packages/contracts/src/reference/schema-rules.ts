/** Whether a changed keyword of a JSON Schema breaks its users, by what the schema is for. */

/** `event`: written and read by both sides, of any age; `request`: clients write it; `answer`: clients read it. */
export type SchemaUse = 'event' | 'request' | 'answer';

type Verdict = 'breaking' | 'compatible';

const lowerBounds: ReadonlySet<string> = new Set(['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties']);
const upperBounds: ReadonlySet<string> = new Set(['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties']);
/** Of an answer they promise nothing that a client could rest on. */
const limits: ReadonlySet<string> = new Set([
  ...lowerBounds,
  ...upperBounds,
  'pattern',
  'default',
  'additionalProperties',
  'patternProperties',
]);

/** The verdict on a keyword whose value is another now; undefined is an absent keyword. */
export function compareRule(use: SchemaUse, word: string, before: unknown, now: unknown): Verdict {
  if (use === 'event') return 'breaking';
  return use === 'request' ? requestRule(word, before, now) : answerRule(word, before, now);
}

/** What was allowed must stay allowed. */
function requestRule(word: string, before: unknown, now: unknown): Verdict {
  if (word === 'type') return verdict(before === 'integer' && now === 'number');
  if (word === 'enum') return verdict(now === undefined || (isList(before) && isList(now) && includesAll(now, before)));
  if (word === 'patternProperties') return verdict(before !== undefined);
  if (word === 'additionalProperties') return verdict(now !== false);
  if (lowerBounds.has(word)) return verdict(now === undefined || Number(before ?? Number.NEGATIVE_INFINITY) >= Number(now));
  if (upperBounds.has(word)) return verdict(now === undefined || Number(before ?? Number.POSITIVE_INFINITY) <= Number(now));
  // Only instants have this format, and one that does not exist was never taken: it was refused later, by the database.
  if (word === 'format' && now === 'date-time') return verdict(before === undefined);
  return verdict(now === undefined && word !== 'default');
}

/** What was never answered must not be answered now. */
function answerRule(word: string, before: unknown, now: unknown): Verdict {
  if (limits.has(word)) return 'compatible';
  if (word === 'type') return verdict(before === undefined || (before === 'number' && now === 'integer'));
  if (word === 'enum') return verdict(before === undefined || (isList(before) && isList(now) && includesAll(before, now)));
  return verdict(before === undefined);
}

function verdict(isCompatible: boolean): Verdict {
  return isCompatible ? 'compatible' : 'breaking';
}

function isList(value: unknown): value is unknown[] {
  return Array.isArray(value);
}

function includesAll(list: readonly unknown[], wanted: readonly unknown[]): boolean {
  return wanted.every((value) => list.includes(value));
}
