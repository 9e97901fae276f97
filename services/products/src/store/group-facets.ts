/** SQL of facets of filtered groups: values of the variants that the filters let through, of a bounded number of groups. */
import type { Database } from '@souk/postgres';
import type { CountedValue } from './facet-counts.ts';
import { type GroupFilters, groupConditions } from './group-lists.ts';
import { createValues, filterConditions } from './lists.ts';
import { candidatesOfQuestion, type SearchQuestion } from './search.ts';

export interface FacetRequest {
  filters: GroupFilters;
  question: SearchQuestion | undefined;
  names: readonly string[];
  groups_max: number;
  values_max: number;
}

type Values = ReturnType<typeof createValues>;

/** How many groups were looked at, and the values they have; of each name as many as asked for. */
export async function countFacetValues(db: Database, request: FacetRequest): Promise<{ groups: number; values: CountedValue[] }> {
  const statement = createValues();
  const parts = request.question === undefined ? browsed(request, statement) : searched(request, request.question, statement);
  const names = statement.add(request.names, 'text[]');
  // The row without a name counts the groups.
  const text = `with ${parts}, said as (
       select distinct v.group_id, n.name, said.value from variants v cross join unnest(${names}) as n (name)
         cross join lateral (select case when n.name like 'option.%' then v.options ->> substr(n.name, 8) else v.attributes ->> substr(n.name, 11) end) as said (value)
       where said.value <> ''
     ), counted as (
       select name, value, count(*)::integer as group_count from said group by 1, 2
     ), ranked as (
       select name, value, group_count, row_number() over (partition by name order by group_count desc, value)::integer as place from counted
     )
     select name, value, group_count, place from ranked where place <= ${statement.add(request.values_max, 'integer')}
     union all select '', '', count(*)::integer, 0 from matched order by name, place`;
  const rows = await db.transaction(async (tx) => {
    // What is put together from these filters has a plan of its own; a search must not read the table from its beginning.
    await tx.query("select set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', $1, true)", [
      request.question === undefined ? 'on' : 'off',
    ]);
    return tx.finish<CountedValue & { place: number }>(text, statement.values);
  });
  return { groups: rows[0]?.group_count ?? 0, values: rows.slice(1) };
}

/** The first groups that a list has, and their variants as far as the filters let them through themselves. */
function browsed({ filters, groups_max }: FacetRequest, statement: Values): string {
  const { labels: _of_the_group, ...own } = filters;
  const groups = groupConditions(filters, statement).join(' and ');
  const variants = filterConditions(own, statement).join(' and ');
  const columns = 'm.id as group_id, p.attributes, p.options';
  return `matched as materialized (
       select p.id from groups p where ${groups} limit ${statement.add(groups_max, 'integer')}
     ), variants as materialized (
       select ${columns} from matched m join products p on p.group_id = m.id join product_stock s on s.product_id = p.id where ${variants}
       union all
       select ${columns} from matched m join products p on p.id = m.id and p.group_id is null
         join product_stock s on s.product_id = p.id where ${variants}
     )`;
}

function searched({ filters }: FacetRequest, question: SearchQuestion, statement: Values): string {
  const { candidates } = candidatesOfQuestion(question, filters, statement);
  return `variants as materialized (
       select coalesce(p.group_id, p.id) as group_id, p.attributes, p.options
       from (${candidates}) c join products p on p.id = c.id where p.status = 'active'
     ), matched as (
       select distinct group_id from variants
     )`;
}
