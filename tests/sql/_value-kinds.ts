/** What values of a type of PostgreSQL become: measured by reading one, so that it follows the readers of `@souk/postgres`. */
import type { Queryable } from '@souk/postgres';

export type Kind = 'string' | 'number' | 'boolean' | 'buffer' | 'json' | 'nothing' | { items: Kind };

/** A value of each type that statements answer. */
const samples: Readonly<Record<string, string>> = {
  bigint: '1',
  boolean: 'true',
  bytea: '\\x00',
  date: '2026-11-29',
  'double precision': '1.5',
  integer: '1',
  json: '{}',
  jsonb: '{}',
  name: 'a',
  numeric: '1.5',
  real: '1.5',
  smallint: '1',
  text: 'a',
  'timestamp with time zone': '2026-11-29T12:00:00Z',
  uuid: '00000000-0000-7000-8000-000000000000',
};

/** Throws for a type that has no sample. */
export async function kindsOf(db: Queryable, types: Iterable<string>): Promise<Map<string, Kind>> {
  const kinds = new Map<string, Kind>([['void', 'nothing']]);
  for (const type of new Set(types)) {
    if (kinds.has(type)) continue;
    const item = type.endsWith('[]') ? type.slice(0, -2) : type;
    const sample = samples[item];
    if (sample === undefined) throw new Error(`a statement answers ${type}: add a sample of ${item} to tests/sql/_value-kinds.ts`);
    const value = item === type ? sample : `{"${sample.replaceAll(/["\\]/g, '\\$&')}"}`;
    const [row] = await db.query<{ value: unknown }>(`select '${value}'::${type} as value`);
    kinds.set(type, kindOf(row?.value, type));
  }
  return kinds;
}

function kindOf(value: unknown, type: string): Kind {
  if (Array.isArray(value)) return { items: kindOf(value[0], type) };
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return typeof value as Kind;
  if (Buffer.isBuffer(value)) return 'buffer';
  if (type.startsWith('json')) return 'json';
  throw new Error(`${type} becomes ${typeof value}, of which tests/sql/_value-kinds.ts knows nothing`);
}
