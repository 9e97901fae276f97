/**
 * Within a version of an event only optional members may be added: messages of the old form are still in queues, and
 * consumers of the old form still run. This compares two JSON Schemas and names everything that is more than that.
 */

type Schema = Readonly<Record<string, unknown>>;

/** Words about a schema that bind no reader of events; `text_form` says what the HTTP edge does before it checks. */
const annotations: ReadonlySet<string> = new Set(['description', 'title', 'examples', 'text_form']);
/** Keywords that are compared member by member instead of as a whole. */
const walked: ReadonlySet<string> = new Set(['properties', 'required', 'items']);

/** Each breaking difference between the committed schema and the present one, as `pointer: what`; empty when compatible. */
export function breakingChanges(committed: object, present: object): string[] {
  return compare(committed as Schema, present as Schema, '');
}

function compare(before: Schema, now: Schema, at: string): string[] {
  return [...compareKeywords(before, now, at), ...compareMembers(before, now, at), ...compareItems(before, now, at)];
}

function compareKeywords(before: Schema, now: Schema, at: string): string[] {
  const keywords = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter(
    (word) => !annotations.has(word) && !walked.has(word),
  );
  return keywords
    .filter((word) => canonical(before[word]) !== canonical(now[word]))
    .map((word) => `${at || '/'}: ${word} was ${canonical(before[word])} and is ${canonical(now[word])}`);
}

function compareMembers(before: Schema, now: Schema, at: string): string[] {
  const [old, fresh] = [membersOf(before), membersOf(now)];
  const [needed, needs] = [requiredOf(before), requiredOf(now)];
  const changes: string[] = [];
  for (const [name, schema] of Object.entries(old)) {
    const pointer = `${at}/${name}`;
    const present = fresh[name];
    if (present === undefined) changes.push(`${pointer}: was removed`);
    else changes.push(...compare(schema, present, pointer));
    if (present !== undefined && needed.has(name) !== needs.has(name))
      changes.push(`${pointer}: became ${needs.has(name) ? 'required' : 'optional'}`);
  }
  for (const name of Object.keys(fresh).filter((candidate) => !Object.hasOwn(old, candidate))) {
    if (needs.has(name)) changes.push(`${at}/${name}: was added as a required member`);
    else if (before['additionalProperties'] === false) changes.push(`${at}/${name}: was added where unknown members are refused`);
  }
  return changes;
}

function compareItems(before: Schema, now: Schema, at: string): string[] {
  const [old, fresh] = [before['items'], now['items']];
  if (isSchema(old) && isSchema(fresh)) return compare(old, fresh, `${at}/items`);
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
