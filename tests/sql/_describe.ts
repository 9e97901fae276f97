/** What PostgreSQL says of a statement without running it: the names, types and nullability of the columns it answers. */
import type { Queryable } from '@souk/postgres';
import { isNode, nodesOf, numberOf, parseNodeTree, type TreeNode, wordOf } from './_node-tree.ts';
import { type Nullability, nullabilityOf, type Schema } from './_nullability.ts';

export interface Column {
  name: string;
  /** As `format_type` spells it, such as `bigint` or `text[]`. */
  type: string;
  nullable: Nullability;
}

/** `refusal`: why PostgreSQL does not take the statement. */
export type Description = { refusal: string } | { refusal: undefined; columns: Column[] };

/**
 * PREPARE tells the types of parameters and columns. The body of a function in standard SQL is kept as an analysed tree, which knows the
 * table, column and outer joins behind each value; the function is of this session only and dropped at once.
 */
const describer = `
  create function pg_temp.described(statement text, out refusal text, out types text[], out tree text) language plpgsql as $describer$
  declare parameters text;
  begin
    if exists (select from pg_prepared_statements where name = 'described') then execute 'deallocate described'; end if;
    execute 'prepare described as ' || statement;
    select array_to_string(parameter_types::text[], ', '), result_types::text[] into parameters, types from pg_prepared_statements where name = 'described';
    if types is null then return; end if;
    execute format('create function pg_temp.body(%s) returns void begin atomic %s; end', parameters, statement);
    select prosqlbody::text into tree from pg_proc where proname = 'body' and pronamespace = pg_my_temp_schema();
    execute format('drop function pg_temp.body(%s)', parameters);
  exception when others then
    refusal := sqlerrm;
  end $describer$`;

interface Described {
  refusal: string | null;
  types: string[] | null;
  tree: string | null;
}

/** In the order of `statements`; on one connection, because the describer lives in its session. */
export async function describeStatements(tx: Queryable, statements: readonly string[]): Promise<Description[]> {
  await tx.query(describer);
  const rows = await tx.query<Described>(
    'select d.refusal, d.types, d.tree from unnest($1::text[]) with ordinality s (statement, place), pg_temp.described(s.statement) d order by s.place',
    [statements],
  );
  const schema = await readSchema(tx);
  return rows.map(({ refusal, types, tree }) => {
    if (refusal !== null) return { refusal };
    return { refusal: undefined, columns: tree === null ? [] : columnsOf(queryOf(tree), types ?? [], schema) };
  });
}

async function readSchema(db: Queryable): Promise<Schema> {
  const columns = await db.query<{ id: string }>(
    `select attrelid || '.' || attnum id from pg_attribute join pg_class c on c.oid = attrelid where attnum > 0 and attnotnull and relkind in ('r', 'p')`,
  );
  const tables = await db.query<{ id: string }>(`select oid::text id from pg_class where relkind in ('r', 'p')`);
  const counts = await db.query<{ id: string }>(`select oid::text id from pg_proc where proname = 'count' and prokind = 'a'`);
  const setOf = (rows: readonly { id: string }[]): Set<string> => new Set(rows.map(({ id }) => id));
  return { not_null_columns: setOf(columns), tables: setOf(tables), counts: setOf(counts) };
}

/** A body is a list of lists of statements; this one has one. */
function queryOf(text: string): TreeNode {
  let tree = parseNodeTree(text);
  while (Array.isArray(tree) && tree[0] !== undefined) tree = tree[0];
  if (!isNode(tree) || tree.kind !== 'QUERY') throw new Error('the body of the describing function is no statement');
  return tree;
}

function columnsOf(query: TreeNode, types: readonly string[], schema: Schema): Column[] {
  const returning = nodesOf(query, 'returningList');
  const targets = numberOf(query, 'commandType') === 1 ? nodesOf(query, 'targetList') : returning;
  const visible = targets.filter((target) => wordOf(target, 'resjunk') === 'false');
  return visible.map((target, index) => ({
    name: wordOf(target, 'resname'),
    type: types[index] ?? '',
    nullable: nullabilityOf(query, index, schema),
  }));
}
