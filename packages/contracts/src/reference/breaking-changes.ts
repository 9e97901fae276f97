/**
 * Which differences between two JSON Schemas break what was built on the first. Within a version of an event only optional members
 * may be added: messages of the old form are still in queues, and consumers of the old form still run. What clients send may be
 * allowed more than before, never less; what they are answered may hold more members, and no value that was not documented.
 */
import { compareRule, type SchemaUse } from './schema-rules.ts';

type Schema = Readonly<Record<string, unknown>>;

/** Words about a schema that bind no reader of events; `text_form` says what the HTTP edge does before it checks. */
const annotations: ReadonlySet<string> = new Set(['description', 'title', 'examples', 'text_form']);
/** Keywords that are compared member by member instead of as a whole. */
const walked: ReadonlySet<string> = new Set(['properties', 'required', 'items']);
/** More than one form without a name for each cannot be compared part by part. */
const formsMax = 1;

/** Each breaking difference between the committed schema and the present one, as `pointer: what`; empty when compatible. */
export function breakingChanges(committed: object, present: object, use: SchemaUse = 'event', at = ''): string[] {
  return compare(committed as Schema, present as Schema, at, use);
}

function compare(before: Schema, now: Schema, at: string, use: SchemaUse): string[] {
  if (use !== 'event' && (before['anyOf'] !== undefined || now['anyOf'] !== undefined)) return compareForms(before, now, at, use);
  return [
    ...compareKeywords(before, now, at, use),
    ...compareMembers(before, now, at, use),
    ...compareItems(before, now, at, use),
    ...(use === 'event' ? [] : compareEntries(before, now, at, use)),
  ];
}

function compareKeywords(before: Schema, now: Schema, at: string, use: SchemaUse): string[] {
  const keywords = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter(
    (word) => !annotations.has(word) && !walked.has(word),
  );
  return keywords
    .filter((word) => canonical(before[word]) !== canonical(now[word]) && compareRule(use, word, before[word], now[word]) === 'breaking')
    .map((word) => `${at || '/'}: ${word} was ${canonical(before[word])} and is ${canonical(now[word])}`);
}

/** A value that may be null, or is one of several forms. */
function compareForms(before: Schema, now: Schema, at: string, use: SchemaUse): string[] {
  const [old, fresh] = [formsOf(before), formsOf(now)];
  const changes: string[] = [];
  if (old.nullable && !fresh.nullable && use === 'request') changes.push(`${at || '/'}: null is not taken any more`);
  if (!old.nullable && fresh.nullable && use === 'answer') changes.push(`${at || '/'}: may be null now`);
  const [[first], [second]] = [old.forms, fresh.forms];
  if (first && second && old.forms.length <= formsMax && fresh.forms.length <= formsMax)
    return [...changes, ...compare(first, second, at, use)];
  const [texts, present] = [old.forms.map(canonical), fresh.forms.map(canonical)];
  const [wanted, had] = use === 'request' ? [texts, present] : [present, texts];
  if (wanted.some((form) => !had.includes(form)))
    changes.push(`${at || '/'}: anyOf was ${texts.join(' | ')} and is ${present.join(' | ')}`);
  return changes;
}

function formsOf(schema: Schema): { forms: Schema[]; nullable: boolean } {
  const all = (schema['anyOf'] as Schema[] | undefined) ?? [schema];
  const forms = all.filter(({ type }) => type !== 'null');
  return { forms, nullable: forms.length < all.length };
}

/** Members whose names are free. */
function compareEntries(before: Schema, now: Schema, at: string, use: SchemaUse): string[] {
  const [old, fresh] = [before['patternProperties'], now['patternProperties']].map(
    (part) => Object.values((part ?? {}) as object)[0] as unknown,
  );
  return isSchema(old) && isSchema(fresh) ? compare(old, fresh, `${at}/*`, use) : [];
}

function compareMembers(before: Schema, now: Schema, at: string, use: SchemaUse): string[] {
  const [old, fresh] = [membersOf(before), membersOf(now)];
  const [needed, needs] = [requiredOf(before), requiredOf(now)];
  const changes: string[] = [];
  for (const [name, schema] of Object.entries(old)) {
    const pointer = `${at}/${name}`;
    const present = fresh[name];
    if (present === undefined) changes.push(`${pointer}: was removed`);
    else changes.push(...compare(schema, present, pointer, use));
    if (present !== undefined && needed.has(name) !== needs.has(name) && use !== (needs.has(name) ? 'answer' : 'request'))
      changes.push(`${pointer}: became ${needs.has(name) ? 'required' : 'optional'}`);
  }
  for (const name of Object.keys(fresh).filter((candidate) => !Object.hasOwn(old, candidate))) {
    if (use === 'answer') continue;
    if (needs.has(name)) changes.push(`${at}/${name}: was added as a required member`);
    else if (use === 'event' && before['additionalProperties'] === false)
      changes.push(`${at}/${name}: was added where unknown members are refused`);
  }
  return changes;
}

function compareItems(before: Schema, now: Schema, at: string, use: SchemaUse): string[] {
  const [old, fresh] = [before['items'], now['items']];
  if (isSchema(old) && isSchema(fresh)) return compare(old, fresh, `${at}/items`, use);
  return canonical(old) === canonical(fresh) ? [] : [`${at}/items: was ${canonical(old)} and is ${canonical(fresh)}`];
}

function membersOf(schema: Schema): Readonly<Record<string, Schema>> {
  return (schema['properties'] ?? {}) as Record<string, Schema>;
}

function requiredOf(schema: Schema): ReadonlySet<string> {
  return new Set((schema['required'] ?? []) as string[]);
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as text without annotations and with sorted keys, so that equal meaning is equal text. */
function canonical(value: unknown): string {
  if (value === undefined) return 'absent';
  return JSON.stringify(value, (_key, part: unknown) =>
    isSchema(part)
      ? Object.fromEntries(
          Object.entries(part)
            .filter(([word]) => !annotations.has(word))
            .sort(byKey),
        )
      : part,
  );
}

function byKey([left]: [string, unknown], [right]: [string, unknown]): number {
  return left < right ? -1 : 1;
}
