/** SQL that makes groups of their products. */
import type { Tx } from '@souk/postgres';
import { wholeCatalogue } from './categories.ts';

/** Groups that are not counted as they are, locked; those that another transaction holds are left to it. */
export async function lockUncounted(tx: Tx, most: number): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select id from groups where counted_in is distinct from case when active_count > 0 then coalesce(category, '') end
     order by id limit $1 for update skip locked`,
    [most],
  );
  return rows.map(({ id }) => id);
}

const refresh = `with members as (
    select coalesce(p.group_id, p.id) as group_id, p.id, p.name, p.sort_name, p.description, p.category, p.image_url, p.images, p.options,
      p.attributes, p.price, p.currency, p.status = 'active' as is_active, s.stock_quantity > 0 as is_available
    from products p join product_stock s on s.product_id = p.id
    where p.group_id = any($1::uuid[]) or (p.group_id is null and p.id = any($1::uuid[]))
  ), leads as (
    select distinct on (m.group_id) m.*, variant.suffix from members m left join lateral (
      select ' – ' || (regexp_match(m.name, '^.+ – (.+)$'))[1] as suffix
      where string_to_array((regexp_match(m.name, '^.+ – (.+)$'))[1], ' / ') @> array(select value from jsonb_each_text(m.options))
    ) variant on m.options <> '{}'
    order by m.group_id, m.is_active desc, m.id
  ), sums as (
    select m.group_id, count(*) filter (where m.is_active)::integer as active_count,
      count(*) filter (where m.is_active and m.is_available)::integer as available_count,
      min(m.price) filter (where m.is_active = l.is_active and m.currency = l.currency) as price,
      max(m.price) filter (where m.is_active = l.is_active and m.currency = l.currency) as price_max,
      (array_agg(m.id order by m.is_active desc, m.id desc))[1] as newest_id,
      (array_agg(m.images -> 0 order by m.is_active desc, m.id) filter (where m.images <> '[]'))[1] as image
    from members m join leads l on l.group_id = m.group_id group by m.group_id
  ), tokens as (
    select m.group_id, array_agg(distinct token) as facets from members m cross join unnest(facet_tokens(m.attributes, m.options)) as token
    where m.is_active group by m.group_id
  ), before as (
    select id, counted_in, coalesce(facets, '{}') as facets from groups where id = any($1::uuid[])
  ), after as (
  update groups g set title = coalesce(left(l.name, length(l.name) - coalesce(length(l.suffix), 0)), g.title), sort_name = coalesce(l.sort_name, g.sort_name),
    description = coalesce(l.description, g.description), category = l.category, image_url = l.image_url, image = t.image,
    price = coalesce(t.price, g.price), price_max = coalesce(t.price_max, g.price_max), currency = coalesce(l.currency, g.currency),
    active_count = coalesce(t.active_count, 0), available_count = coalesce(t.available_count, 0),
    newest_id = coalesce(t.newest_id, g.newest_id), facets = coalesce(k.facets, '{}'),
    counted_in = case when t.active_count > 0 then coalesce(l.category, '') end
  from unnest($1::uuid[]) as given (id) left join leads l on l.group_id = given.id left join sums t on t.group_id = given.id
    left join tokens k on k.group_id = given.id
  where g.id = given.id returning g.id, g.counted_in, g.facets
  ), changed as (
    select b.counted_in as label, b.facets, -1 as change from before b join after a using (id)
    where (b.counted_in, b.facets) is distinct from (a.counted_in, a.facets)
    union all
    select a.counted_in, a.facets, 1 from before b join after a using (id)
    where (b.counted_in, b.facets) is distinct from (a.counted_in, a.facets)
  ), changes as (
    select c.label, e.name, e.value, sum(c.change) as change from changed c cross join lateral facet_entries(c.facets) e
    where c.label is not null group by 1, 2, 3 having sum(c.change) <> 0
  )
  insert into facet_counts as f (category_id, name, value, group_count)
  select place, c.name, c.value, sum(c.change)::bigint
  from changes c left join category_labels l on l.label = c.label collate "C" left join categories o on o.id = l.category_id
    cross join lateral unnest(o.path || $2::uuid) as place
  group by 1, 2, 3 having sum(c.change) <> 0 order by 1, 2, 3
  on conflict (category_id, name, value) do update set group_count = f.group_count + excluded.group_count`;

/**
 * Makes locked groups what their products say now, and counts them so. One that has lost all keeps its words, and is not listed. Imported
 * variants are called "Shirt – M / blue"; the group is a "Shirt". What is counted is what the row says was counted before, so that the counts
 * are exact whatever has written the row meanwhile.
 */
export async function refreshGroups(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.query(refresh, [ids, wholeCatalogue]);
}
