/** Members of path and query: always text on the wire, turned into what the schema declares, and nothing else. */
import { refusal } from '@souk/contracts';

interface MemberSchema {
  type?: string;
  anyOf?: readonly MemberSchema[];
  items?: MemberSchema;
}

type Kind = 'number' | 'boolean' | 'list';

export type Convert = (members: Record<string, unknown>) => void;

const queryMembersMax = 50;

/** Compiles the conversions a schema needs; members that declare text stay untouched. What does not convert stays text, which the schema then refuses. */
export function createConversion(schema: object): Convert {
  const { properties = {}, patternProperties = {} } = schema as Parts;
  const kinds = Object.entries(properties).flatMap(([name, member]) => conversionOf(member).map((conversion) => ({ name, ...conversion })));
  const free = Object.entries(patternProperties).flatMap(([pattern, member]) =>
    conversionOf(member).map((conversion) => ({ pattern: new RegExp(pattern, 'u'), ...conversion })),
  );
  return (members) => {
    for (const { name, ...conversion } of kinds) if (members[name] !== undefined) members[name] = converted(members[name], conversion);
    if (free.length === 0) return;
    for (const name of Object.keys(members)) {
      const conversion = Object.hasOwn(properties, name) ? undefined : free.find(({ pattern }) => pattern.test(name));
      if (conversion !== undefined) members[name] = converted(members[name], conversion);
    }
  };
}

interface Parts {
  properties?: Record<string, MemberSchema>;
  /** Members whose names follow a pattern. */
  patternProperties?: Record<string, MemberSchema>;
}

interface Conversion {
  kind: Kind;
  /** Of the entries of a list. */
  item: Kind | undefined;
}

function conversionOf(member: MemberSchema): Conversion[] {
  const kind = kindOf(member);
  return kind === undefined ? [] : [{ kind, item: member.items && kindOf(member.items) }];
}

function converted(value: unknown, { kind, item }: Conversion): unknown {
  return kind === 'list' ? [value].flat().map((entry) => convert(entry, item)) : convert(value, kind);
}

function kindOf(member: MemberSchema): Kind | undefined {
  if (member.type === 'integer' || member.type === 'number') return 'number';
  if (member.type === 'boolean') return 'boolean';
  if (member.type === 'array') return 'list';
  return undefined;
}

function convert(value: unknown, kind: Kind | undefined): unknown {
  if (typeof value !== 'string') return value;
  if (kind === 'number' && /^-?\d{1,15}(\.\d{1,10})?$/.test(value)) return Number(value);
  if (kind === 'boolean' && (value === 'true' || value === 'false')) return value === 'true';
  return value;
}

/** The members of a query string; a name given twice becomes a list. Throws `validation_failed` for broken encodings. */
export function parseQuery(text: string): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  if (text === '') return members;
  const pairs = text.split('&');
  if (pairs.length > queryMembersMax) throw refusal('validation_failed', `The query has more than ${queryMembersMax} members.`);
  for (const pair of pairs) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1));
    if (name === '__proto__') throw refusal('validation_failed', 'A query member must not be called __proto__.');
    const before = Object.hasOwn(members, name) ? members[name] : undefined;
    members[name] = before === undefined ? value : [before, value].flat();
  }
  return members;
}

function decode(text: string): string {
  try {
    const decoded = decodeURIComponent(text.includes('+') ? text.replaceAll('+', ' ') : text);
    checkUrlText(decoded);
    return decoded;
  } catch (error) {
    throw refusal('validation_failed', 'The query is not encoded correctly.', {}, error);
  }
}

/** Refuses NUL, which no column can hold. */
export function checkUrlText(text: string): void {
  if (text.includes('\u0000')) throw refusal('validation_failed', 'The address holds a NUL character.');
}
