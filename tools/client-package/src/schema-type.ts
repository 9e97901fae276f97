/** A JSON Schema as a TypeScript type. Schemas with a title become types of that name, written once. */

interface Schema {
  title?: string;
  description?: string;
  type?: string;
  const?: unknown;
  anyOf?: readonly Schema[];
  properties?: Readonly<Record<string, Schema>>;
  patternProperties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  items?: Schema;
}

export interface TypeWriter {
  /** The type as an expression; named ones by their name. */
  typeOf(schema: object): string;
  /** The declarations of all named types so far. */
  declarations(): string;
}

/** Collects named types. Throws when two different schemas have one title, and for a schema it cannot write. */
export function createTypeWriter(): TypeWriter {
  const named = new Map<string, { schema: string; text: string }>();
  const typeOf = (given: object): string => {
    const schema = given as Schema;
    if (schema.title === undefined) return expression(schema);
    const source = JSON.stringify(schema);
    const known = named.get(schema.title);
    if (known === undefined) {
      const entry = { schema: source, text: '' };
      named.set(schema.title, entry);
      entry.text = `${comment(schema.description, '')}export type ${schema.title} = ${expression(schema)};\n`;
    } else if (known.schema !== source) throw new TypeError(`Two different schemas are called ${schema.title}.`);
    return schema.title;
  };
  const expression = (schema: Schema): string => {
    if (schema.const !== undefined) return JSON.stringify(schema.const);
    if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(' | ');
    switch (schema.type) {
      case 'string':
      case 'boolean':
      case 'null':
      case 'number':
        return schema.type;
      case 'integer':
        return 'number';
      case 'array':
        return `(${typeOf(schema.items ?? {})})[]`;
      case 'object':
        return objectType(schema);
      case undefined:
        return 'unknown';
      default:
        throw new TypeError(`A schema of type ${schema.type} cannot be written as a TypeScript type.`);
    }
  };
  const objectType = ({ properties, patternProperties, required = [] }: Schema): string => {
    if (properties === undefined) {
      const [values] = Object.values(patternProperties ?? {});
      return `Record<string, ${values === undefined ? 'unknown' : typeOf(values)}>`;
    }
    const members = Object.entries(properties).map(([name, part]) => {
      const mark = required.includes(name) ? '' : '?';
      return `${comment(part.description, '  ')}  ${name}${mark}: ${typeOf(part).replaceAll('\n', '\n  ')};\n`;
    });
    const free = Object.entries(patternProperties ?? {}).map(
      ([pattern, part]) =>
        `${comment(part.description, '  ')}  [name: \`${beginningOf(pattern)}\${string}\`]: ${typeOf(part)} | undefined;\n`,
    );
    return members.length + free.length === 0 ? 'object' : `{\n${[...members, ...free].join('')}}`;
  };
  return {
    typeOf,
    declarations: () => [...named.values()].map(({ text }) => text).join('\n'),
  };
}

/** What names of this pattern begin with: `attribute.` of `^attribute\\.…`. Throws where they begin with anything. */
function beginningOf(pattern: string): string {
  const letters = /^\^([a-z_]+)\\\./.exec(pattern)?.[1];
  if (letters === undefined) throw new TypeError(`Members beside others must be called name.…, not ${pattern}.`);
  return `${letters}.`;
}

function comment(text: string | undefined, indent: string): string {
  return text === undefined ? '' : `${indent}/** ${text.replaceAll('*/', '*\\/')} */\n`;
}
