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
  const properties = Object.entries((schema as { properties?: Record<string, MemberSchema> }).properties ?? {});
  const kinds = properties.flatMap(([name, member]) => {
    const kind = kindOf(member);
    return kind === undefined ? [] : [{ name, kind, item: member.items && kindOf(member.items) }];
  });
  return (members) => {
    for (const { name, kind, item } of kinds) {
      const value = members[name];
      if (value === undefined) continue;
      if (kind === 'list') members[name] = [value].flat().map((entry) => convert(entry, item));
      else members[name] = convert(value, kind);
    }
  };
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
