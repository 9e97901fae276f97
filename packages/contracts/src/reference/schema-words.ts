/** A JSON Schema in words: what a member must be, for people. */

interface Schema {
  type?: string;
  const?: unknown;
  anyOf?: readonly Schema[];
  properties?: Readonly<Record<string, Schema>>;
  patternProperties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  items?: Schema;
  pattern?: string;
  description?: string;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
}

export interface MemberRow {
  /** Name with its path, such as `items[].quantity`. */
  name: string;
  required: boolean;
  words: string;
  meaning: string;
}

/** One row for each member, those of members after the member itself. */
export function memberRows(schema: object, prefix = ''): MemberRow[] {
  const { properties = {}, required = [] } = schema as Schema;
  return Object.entries(properties).flatMap(([member, part]) => {
    const name = `${prefix}${member}`;
    const row = {
      name,
      required: required.includes(member),
      words: schemaWords(part),
      meaning: part.description ?? part.items?.description ?? '',
    };
    return [row, ...memberRows(part, `${name}.`), ...(part.items ? memberRows(part.items, `${name}[].`) : [])];
  });
}

/** Type and limits, such as `integer from 1 to 10000`. */
export function schemaWords(schema: object): string {
  const part = schema as Schema;
  if (part.const !== undefined) return `\`${String(part.const)}\``;
  if (part.anyOf) return part.anyOf.map(schemaWords).join(' or ');
  if (part.type === 'array')
    return `list${range(part.minItems, part.maxItems, ' of ')} ${part.items ? schemaWords(part.items) : ''}`.trim();
  if (part.type === 'string') return stringWords(part);
  if (part.type === 'number' || part.type === 'integer') return `${part.type}${numberRange(part)}`;
  return part.type ?? 'anything';
}

function stringWords({ pattern, minLength, maxLength }: Schema): string {
  if (pattern?.includes('{8}-[0-9a-f]{4}')) return pattern.includes('(?:,') ? 'UUIDs with commas' : 'UUID';
  if (pattern?.startsWith('^\\d{4}-\\d{2}-\\d{2}T')) return 'time';
  const characters = range(minLength, maxLength, ', ');
  return `string${characters === '' ? '' : `${characters} characters`}`;
}

function numberRange({ minimum, exclusiveMinimum, maximum }: Schema): string {
  if (exclusiveMinimum !== undefined) return ` above ${exclusiveMinimum}${maximum === undefined ? '' : ` up to ${maximum}`}`;
  return range(minimum, maximum, ' ');
}

function range(least: number | undefined, most: number | undefined, before: string): string {
  if (least === undefined && most === undefined) return '';
  if (least === undefined) return `${before}at most ${most}`;
  return most === undefined ? `${before}at least ${least}` : `${before}${least} to ${most}`;
}
