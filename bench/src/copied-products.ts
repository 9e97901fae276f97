/** Many products like some that were really made: their rows, groups, stock and counts, copied by SQL with other ids, names and prices. */
import { openAsOwner } from './open-as-owner.ts';
import type { BenchPlatform } from './platform.ts';

const batchRows = 20_000;
/** The place of counts of the whole catalogue. */
const wholeCatalogue = '00000000-0000-0000-0000-000000000000';
const firstWords = 'quiet bright northern woven folded amber coastal plain heavy slender hollow rough early velvet stone copper'.split(' ');
const secondWords = 'harbour meadow lantern orchard thunder river cedar marble island saddle feather winter compass garden canyon'.split(
  ' ',
);

/** Behind the ids of copies: rows that were really made have the time of today in theirs. */
const made = "'0190c002-0000-7000-8000-000000000000'";

/** An id of copy `n` of the row that stands at `place`; the ids of copies grow with `n`. */
const copyId = (kind: string, place: string): string =>
  `('0190${kind}-0000-7000-8000-' || lpad(to_hex(n * 10000 + ${place}), 12, '0'))::uuid`;
const word = (words: string, step: number): string => `(${words})[1 + (n / ${step}) % array_length(${words}, 1)]`;

// Rows are made in FROM: behind `select (…).*` the function would be called once for each column.
const products = `insert into products select copy.*
  from (
    select r.*, n, initcap(${word('$3::text[]', 1)} || ' ' || ${word('$4::text[]', firstWords.length)}) || ' ' || r.old_name as name
    from (
      select t.id, t.name as old_name, row_number() over (order by t.id) as place, dense_rank() over (order by coalesce(t.group_id, t.id)) as group_place
      from products t where t.id > ${made}
    ) r, generate_series($1::int, $2::int) n
  ) c join products t on t.id = c.id,
    jsonb_populate_record(t, jsonb_build_object('id', ${copyId('c000', 'c.place')}, 'group_id', ${copyId('c001', 'c.group_place')},
    'sku', t.sku || '-' || n, 'name', c.name, 'sort_name', lower(c.name), 'price', t.price + (n % 997) * 10,
    'document', setweight(to_tsvector('english', c.name), 'A') || t.document)) copy`;

const groups = `insert into groups select copy.*
  from (
    select r.*, n from (
      select id, row_number() over (order by id) as place from (select distinct coalesce(group_id, id) as id from products where id > ${made}) of_products
    ) r, generate_series($1::int, $2::int) n
  ) c join groups t on t.id = c.id cross join lateral (
    select max(p.id::text) as newest_id, min(p.name) as name, min(p.sort_name collate "C") as sort_name from products p where p.group_id = ${copyId('c001', 'c.place')}
  ) m,
    jsonb_populate_record(t, jsonb_build_object('id', ${copyId('c001', 'c.place')}, 'handle', t.handle || '-' || n,
    'title', m.name, 'sort_name', m.sort_name, 'price', t.price + (n % 997) * 10, 'price_max', t.price_max + (n % 997) * 10, 'newest_id', m.newest_id)) copy`;

/** One in ten is sold out. */
const stock = `insert into product_stock (product_id, stock_quantity, stock_version)
  select p.id, case when random() < 0.1 then 0 else 50 end, 1 from products p left join product_stock s on s.product_id = p.id where s.product_id is null`;
const handles =
  'insert into group_handles (handle, group_id) select handle, id from groups where handle is not null on conflict do nothing';
const groupStock = `update groups g set available_count = a.available_count
  from (select p.group_id, count(*) filter (where s.stock_quantity > 0)::int as available_count from products p join product_stock s on s.product_id = p.id group by 1) a
  where a.group_id = g.id and a.available_count <> g.available_count`;
const words = `insert into search_words (word) select word from unnest($1::text[] || $2::text[]) as given (word) on conflict do nothing`;
const categoryCounts = `insert into category_counts as c (name, product_count) select category, count(*) from products where category is not null group by 1
  on conflict (name) do update set product_count = excluded.product_count`;
/** Counted anew, as the transactions that make groups count them one by one. */
const facetCounts = `insert into facet_counts as f (category_id, name, value, group_count)
  select place, e.name, e.value, count(*) from groups g cross join lateral facet_entries(g.facets) e
    left join category_labels l on l.label = g.counted_in collate "C" left join categories o on o.id = l.category_id cross join lateral unnest(o.path || $1::uuid) as place
  where g.counted_in is not null group by 1, 2, 3
  on conflict (category_id, name, value) do update set group_count = excluded.group_count`;

/** Copies the catalogue so often that it has about as many products; answers how many it has. */
export async function copyProducts(platform: BenchPlatform, wanted: number, say: (sentence: string) => void): Promise<number> {
  const db = await openAsOwner(platform, 'products');
  try {
    const [there] = await db.query<{ count: number }>('select count(*)::int as count from products');
    const each = there?.count ?? 1;
    const copies = Math.ceil(wanted / each) - 1;
    const step = Math.max(1, Math.floor(batchRows / each));
    for (let from = 1; from <= copies; from += step) {
      const range = [from, Math.min(copies, from + step - 1)];
      await db.query(products, [...range, firstWords, secondWords]);
      if (Math.floor(from / step) % 10 === 0) say(`${from * each} products of ${wanted}`);
    }
    await db.query('analyze products', []);
    for (let from = 1; from <= copies; from += step) await db.query(groups, [from, Math.min(copies, from + step - 1)]);
    for (const statement of [stock, handles, groupStock, categoryCounts]) await db.query(statement, []);
    await db.query(words, [firstWords, secondWords]);
    await db.query(facetCounts, [wholeCatalogue]);
    for (const table of ['products', 'groups', 'product_stock', 'facet_counts', 'group_handles', 'search_words'])
      await db.query(`vacuum (analyze) ${table}`, []);
    return each * (copies + 1);
  } finally {
    await db.close();
  }
}
