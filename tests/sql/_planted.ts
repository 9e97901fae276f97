/** Declared rows with one fault each, which the check has to find, and some without. They exist in its program only. */

export interface Planted {
  title: string;
  sql: string;
  row: string;
  /** What is said of it; undefined where it is right. */
  finding: string | undefined;
}

const joined = 'from payments p left join refunds r on r.payment_id = p.id';

export const planted: readonly Planted[] = [
  {
    title: 'a row that is right',
    sql: 'select id, amount, cancel_reason, cause, created_at from payments',
    row: '{ id: string; amount: number; cancel_reason: string | null; cause: { user_id: string }; created_at: string }',
    finding: undefined,
  },
  {
    title: 'a misspelt name',
    sql: 'select id from payments',
    row: '{ payment: string; id: string }',
    finding: 'payment is declared and not answered',
  },
  {
    title: 'a column that is not declared',
    sql: 'select id, amount from payments',
    row: '{ id: string }',
    finding: 'amount is answered and not declared',
  },
  {
    title: 'a bigint as text',
    sql: 'select amount from payments',
    row: '{ amount: string }',
    finding: 'amount is bigint, which becomes number, and is declared string',
  },
  {
    title: 'a time as a Date',
    sql: 'select created_at from payments',
    row: '{ created_at: Date }',
    finding: 'created_at is timestamp with time zone, which becomes string, and is declared Date',
  },
  {
    title: 'a sum of bigint as a number',
    sql: 'select coalesce(sum(amount), 0) total from payments',
    row: '{ total: number }',
    finding: 'total is numeric, which becomes string, and is declared number',
  },
  {
    title: 'an array of numbers as one of texts',
    sql: 'select array[1, 2] numbers',
    row: '{ numbers: string[] }',
    finding: 'numbers is integer[], which becomes an array of number, and is declared string[]',
  },
  {
    title: 'bytes as text',
    sql: 'select body_hash from idempotency_keys',
    row: '{ body_hash: string }',
    finding: 'body_hash is bytea, which becomes buffer, and is declared string',
  },
  {
    title: 'a missing null',
    sql: 'select cancel_reason from payments',
    row: '{ cancel_reason: string }',
    finding: 'cancel_reason can be null and is declared string',
  },
  {
    title: 'a missing null behind an outer join',
    sql: `select p.id, r.reason ${joined}`,
    row: '{ id: string; reason: string }',
    finding: 'reason can be null and is declared string',
  },
  {
    title: 'a missing null behind an outer join in a common table',
    sql: `with back as (select r.reason ${joined}) select reason from (select reason from back) b`,
    row: '{ reason: string }',
    finding: 'reason can be null and is declared string',
  },
  {
    title: 'the greatest of no rows',
    sql: 'select max(amount) most from payments',
    row: '{ most: number }',
    finding: 'most can be null and is declared number',
  },
  {
    title: 'a null that is written',
    sql: 'update payments set cancel_reason = null returning cancel_reason',
    row: '{ cancel_reason: string }',
    finding: 'cancel_reason can be null and is declared string',
  },
  {
    title: 'a null that a column keeps',
    sql: 'update payments set cancel_reason = coalesce(cancel_reason, null) returning cancel_reason',
    row: '{ cancel_reason: string }',
    finding: 'cancel_reason can be null and is declared string',
  },
  {
    title: 'a null that never comes',
    sql: 'select id from payments',
    row: '{ id: string | null }',
    finding: 'id is never null and is declared string | null',
  },
  {
    title: 'a null that a condition leaves out',
    sql: `select p.cancel_reason, r.reason ${joined} where p.cancel_reason is not null and r.reason = 'late'`,
    row: '{ cancel_reason: string; reason: string }',
    finding: undefined,
  },
  {
    title: 'an optional member',
    sql: 'select id from payments',
    row: '{ id?: string }',
    finding: 'id is declared optional and always answered',
  },
  {
    title: 'a statement that PostgreSQL refuses',
    sql: 'select order_number from payments',
    row: '{ order_number: string }',
    finding: 'column "order_number" does not exist',
  },
];

export const plantedPath = 'services/payments/src/store/planted.ts';
/** A function whose statement is known only when it runs. */
export const plantedUnreadable = `${plantedPath} unreadable`;

export function plantedSource(): string {
  const functions = planted.map(
    ({ sql, row }, index) => `export const planted${index} = (db: Queryable) => db.query<${row}>(${JSON.stringify(sql)});`,
  );
  return [
    `import type { Queryable } from '@souk/postgres';`,
    ...functions,
    'export const unreadable = (db: Queryable, condition: string) => db.query<{ id: string }>("select id from payments where " + condition);',
  ].join('\n');
}
