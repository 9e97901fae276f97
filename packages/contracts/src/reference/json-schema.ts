/** Declared schemas as a document shows them: plain JSON Schema, in which a named schema is written once and referred to. */

export type Json = { [member: string]: unknown };

/** What the HTTP edge does with a text; no other validator knows the word. */
const edgeOnly: ReadonlySet<string> = new Set(['text_form', '$id']);

export interface Components {
  /** By name, as they are to stand in the document. */
  readonly schemas: Record<string, Json>;
  /** The schema with a reference wherever a named one stands. Throws when one name has two meanings. */
  use(schema: object): Json;
}

/** Collects the named schemas (those with a `title`) of a document. */
export function createComponents(): Components {
  const schemas: Record<string, Json> = {};
  const use = (schema: object): Json => {
    const { title } = schema as { title?: unknown };
    const written = plain(schema, use);
    if (typeof title !== 'string') return written;
    const known = schemas[title];
    if (known === undefined) schemas[title] = written;
    else if (JSON.stringify(known) !== JSON.stringify(written)) throw new TypeError(`Two different schemas are called ${title}.`);
    return referTo(`#/components/schemas/${title}`);
  };
  return { schemas, use };
}

/** The schema without what only Souk understands; `use` writes what stands inside it. */
function plain(schema: object, use: (part: object) => Json): Json {
  const choices = choicesOf(schema);
  if (choices !== undefined) return choices;
  const written: Json = {};
  for (const [word, value] of Object.entries(schema)) {
    if (edgeOnly.has(word) || value === undefined) continue;
    if (word === 'properties' || word === 'patternProperties')
      written[word] = Object.fromEntries(Object.entries(value as object).map(([name, part]) => [name, use(part as object)]));
    else if (Array.isArray(value)) written[word] = value.map((part: unknown) => (isSchema(part) ? use(part) : part));
    else written[word] = isSchema(value) && word !== 'default' ? use(value) : value;
  }
  return written;
}

/** One of several texts is a list of choices to everybody else. */
function choicesOf(schema: object): Json | undefined {
  const { anyOf, ...rest } = schema as { anyOf?: readonly { const?: unknown }[] } & Json;
  if (anyOf === undefined || anyOf.length < 2 || !anyOf.every((part) => typeof part.const === 'string')) return undefined;
  return { type: 'string', enum: anyOf.map((part) => part.const), ...rest };
}

function isSchema(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A reference to another part of the document, such as `#/components/schemas/Order`. */
export function referTo(place: string): Json {
  return { ['$ref']: place };
}
