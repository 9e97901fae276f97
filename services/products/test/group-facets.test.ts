/** Filters by attribute and option, what is counted of groups, and the tree of categories. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { CategoryResource, Group, GroupFacets, Product } from '@souk/contracts';
import { countOlderGroups } from '../src/use-cases/refresh-groups.ts';
import { type Answered, openShop, type Problem, type Shop } from './_support.ts';

let shop: Shop;
before(async () => {
  shop = await openShop({ list_cache_ttl_ms: 1 });
});
after(() => shop?.stop());

const ask = async <Body>(path: string): Promise<Answered<Body>> => {
  const answer = await shop.call<Body>('GET', path);
  assert.equal(answer.status, 200, answer.text);
  return answer;
};
const titles = async (query: string): Promise<string[]> =>
  (await ask<Group[]>(`/api/groups?limit=100&${query}`)).body.map(({ title }) => title).sort();
const names = async (query: string): Promise<string[]> =>
  (await ask<Product[]>(`/api/products?limit=100&${query}`)).body.map(({ name }) => name).sort();
const facets = async (query: string): Promise<GroupFacets> => (await ask<GroupFacets>(`/api/groups/facets?${query}`)).body;
const valuesOf = (found: GroupFacets, name: string): Record<string, number> =>
  Object.fromEntries(
    (found.facets.find((facet) => facet.name === name)?.values ?? []).map(({ value, group_count }) => [value, group_count]),
  );
const total = async (path: string): Promise<string | null> => (await ask(path)).headers.get('total-count');

/** Every count that is kept, and the same worked out from the products. */
async function keptAndWorkedOut(): Promise<[unknown, unknown]> {
  const { db } = shop.service.context;
  const kept = await db.query(
    `select category_id, name, value, group_count from facet_counts where group_count <> 0 order by category_id, name collate "C", value collate "C"`,
  );
  const workedOut = await db.query(
    `with said as (
       select distinct g.id, place.id as category_id, e.name, e.value from groups g
       join products p on (p.group_id = g.id or (p.group_id is null and p.id = g.id)) and p.status = 'active'
       cross join lateral facet_entries(facet_tokens(p.attributes, p.options)) e
       left join category_labels l on l.label = g.category left join categories c on c.id = l.category_id
       cross join lateral unnest(c.path || '00000000-0000-0000-0000-000000000000'::uuid) as place (id) where g.active_count > 0
     ) select category_id, name, value, count(*) as group_count from said group by 1, 2, 3 order by category_id, name collate "C", value collate "C"`,
  );
  return [kept, workedOut];
}

describe('groups and products', () => {
  const shirt = randomUUID();
  before(async () => {
    const variant = (size: string, colour: string, stock_quantity: number) =>
      shop.add({
        name: 'Shirt',
        group_id: shirt,
        sku: `S-${size}-${colour}`,
        options: { size, colour },
        category: 'Shirts',
        stock_quantity,
      });
    await variant('S', 'blue', 0);
    await variant('M', 'blue', 4);
    await variant('M', 'red', 1);
    await shop.add({
      name: 'Oak bowl',
      attributes: { wood: 'oak', 'care, at home': 'oil' },
      category: 'Bowls',
      price: 30,
      stock_quantity: 1,
    });
    await shop.add({ name: 'Pine bowl', attributes: { wood: 'pine' }, category: 'Bowls', price: 10 });
    await shop.add({ name: 'Vest', options: { size: 'S', colour: 'red' }, category: 'Shirts', stock_quantity: 2 });
  });

  it('are found by attribute and option: one value or the other, all names, on one variant', async () => {
    assert.deepEqual(await titles('attribute.wood=oak'), ['Oak bowl']);
    assert.deepEqual(await titles('attribute.wood=oak&attribute.wood=pine'), ['Oak bowl', 'Pine bowl']);
    assert.deepEqual(await titles('attribute.care,%20at%20home=oil'), ['Oak bowl']);
    assert.deepEqual(await titles('option.size=S&option.colour=red'), ['Vest'], 'no variant of the shirt is both');
    assert.deepEqual(await titles('option.size=M&option.colour=red'), ['Shirt']);
    assert.deepEqual(await titles('option.size=S&in_stock=true'), ['Vest'], 'the small shirt is sold out');
    assert.deepEqual(await titles('option.size=L'), []);
    assert.deepEqual(await titles('q=bowl&attribute.wood=pine'), ['Pine bowl']);
    assert.deepEqual(await names('option.size=M'), ['Shirt', 'Shirt']);
    assert.deepEqual(await names('option.size=M&option.colour=blue&option.colour=green'), ['Shirt']);
    assert.deepEqual(await names('q=bowl&attribute.wood=pine'), ['Pine bowl']);
    assert.deepEqual([await names('sku=S-M-red'), await titles('sku=S-M-red'), await titles('sku=nothing')], [['Shirt'], ['Shirt'], []]);
  });

  it('go on behind a page with the same filters', async () => {
    const first = await ask<Group[]>('/api/groups?option.size=S&option.size=M&sort=name&limit=1');
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const second = await ask<Group[]>(next);
    assert.deepEqual(
      [...first.body, ...second.body].map(({ title }) => title),
      ['Shirt', 'Vest'],
    );
    assert.equal(second.headers.get('link'), null);
  });

  it('are refused more filters than there may be, and names that are none', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, at) => `attribute.a${at}=x`).join('&');
    for (const path of ['/api/groups', '/api/products', '/api/groups/facets', '/api/products/facets']) {
      await ask(`${path}?${many(8)}`);
      for (const query of [many(9), 'attribute.=x', 'attribute.wood=', 'colour=blue', `option.${'x'.repeat(61)}=1`]) {
        const { status, body } = await shop.call<Problem>('GET', `${path}?${query}`);
        assert.deepEqual([status, body.code], [400, 'validation_failed'], `${path} ${query}`);
      }
      const values = Array.from({ length: 21 }, (_, at) => `option.size=${at}`).join('&');
      assert.equal((await shop.call<Problem>('GET', `${path}?${values}`)).body.errors?.[0]?.pointer, '/option.size');
    }
  });

  it('are counted as groups, each name without its own filter', async () => {
    const all = await facets('category=Shirts');
    assert.deepEqual([all.group_count, all.more], [2, false]);
    assert.deepEqual(
      [valuesOf(all, 'option.size'), valuesOf(all, 'option.colour')],
      [
        { S: 2, M: 1 },
        { blue: 1, red: 2 },
      ],
    );
    const red = await facets('category=Shirts&option.colour=red');
    assert.deepEqual(
      [valuesOf(red, 'option.size'), valuesOf(red, 'option.colour')],
      [
        { M: 1, S: 1 },
        { blue: 1, red: 2 },
      ],
    );
    const both = await facets('option.colour=blue&option.size=M&in_stock=true');
    assert.deepEqual(
      [both.group_count, valuesOf(both, 'option.size'), valuesOf(both, 'option.colour')],
      [1, { M: 1 }, { blue: 1, red: 1 }],
    );
    assert.deepEqual(valuesOf(await facets('q=bowl'), 'attribute.wood'), { oak: 1, pine: 1 });
    assert.deepEqual(valuesOf(await facets(''), 'attribute.wood'), { oak: 1, pine: 1 });
    for (const query of ['option.colour=red', 'option.size=M&in_stock=true', 'max_price=25'])
      for (const { name, values } of (await facets(query)).facets)
        for (const { value, group_count } of values) {
          const others = new URLSearchParams(query);
          others.delete(name);
          others.append(name, value);
          assert.equal((await titles(others.toString())).length, group_count, `${query}: ${name}=${value}`);
        }
  });

  it('say how many there are, from what is kept or counted up to a thousand', async () => {
    assert.equal(await total('/api/groups?limit=1&count=1'), '4');
    assert.equal(await total('/api/groups?limit=1&count=1&category=Bowls'), '2');
    assert.equal(await total('/api/groups?limit=1&count=1&option.size=S'), '2');
    assert.equal(await total('/api/products?limit=1&count=1&category=Shirts'), '4');
    assert.equal(await total('/api/products?limit=1&count=true&q=bowl'), '2');
    assert.equal(await total('/api/groups?limit=1'), null);
    const { db } = shop.service.context;
    const made = `select (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid(), 'sku', 'COPY-' || n, 'category', 'Copies'))).*
      from products p, generate_series(1, 1001) n where p.name = 'Pine bowl'`;
    await db.query(
      `with made as (insert into products ${made} returning id)
       insert into product_stock (product_id, stock_quantity, stock_version) select id, 1, 0 from made`,
    );
    assert.equal(await total('/api/products?limit=1&count=1&attribute.wood=pine'), '1000+');
    await db.query("delete from products where category = 'Copies'");
  });
});

describe('what is kept of groups', () => {
  it('is what the products say, whatever changes them', async () => {
    const made = await shop.add({ name: 'Lamp', attributes: { wood: 'oak' }, category: 'Lamps' });
    const path = `/api/products/${made.id}`;
    for (const change of [
      { attributes: { wood: 'ash', shade: 'linen' } },
      { category: 'Lights' },
      { category: null },
      { status: 'archived' },
      { status: 'active' },
    ]) {
      assert.equal((await shop.call('PATCH', path, change)).status, 200);
      const [kept, workedOut] = await keptAndWorkedOut();
      assert.deepEqual(kept, workedOut, JSON.stringify(change));
    }
  });

  it('is caught up with where an older version of the service has written, or none yet', async () => {
    const { db } = shop.service.context;
    await db.query(`update groups set facets = null, counted_in = null`);
    await db.query('delete from facet_counts');
    await db.query(`update groups g set category = 'Bowls of before' where title = 'Oak bowl'`);
    await db.query(`update products set category = 'Bowls of before' where name = 'Oak bowl'`);
    while (await countOlderGroups(shop.service.context));
    const [kept, workedOut] = await keptAndWorkedOut();
    assert.deepEqual(kept, workedOut);
    assert.deepEqual(await titles('category=bowls-of-before&attribute.wood=oak'), ['Oak bowl'], 'its handle leads to it as well');
  });
});

describe('the tree of categories', () => {
  const write = <Body = CategoryResource>(method: string, path: string, body: unknown, headers?: Record<string, string>) =>
    shop.call<Body>(method, path, body, headers);
  const create = async (body: object): Promise<CategoryResource> => {
    const { status, body: made, text } = await write('POST', '/api/categories', body);
    assert.equal(status, 201, text);
    return made;
  };
  const all = async (query = ''): Promise<Map<string, CategoryResource>> =>
    new Map((await ask<CategoryResource[]>(`/api/categories?${query}`)).body.map((one) => [one.name, one]));

  it('has what products name at its root, and counts along the path when something moves', async () => {
    const home = await create({ name: 'Home', handle: 'home' });
    assert.equal((await all()).has('Home'), false, 'empty');
    assert.equal((await all('include_empty=true')).get('Home')?.total_product_count, 0);
    await shop.add({ name: 'Cup', category: 'Cups', attributes: { clay: 'red' } });
    await shop.add({ name: 'Mug', category: 'Mugs', attributes: { clay: 'white' } });
    const mugs = (await all()).get('Mugs');
    const cups = (await all()).get('Cups');
    assert.ok(mugs && cups);
    const tag = (await shop.call('GET', `/api/categories/${mugs.id}`)).headers.get('etag') ?? '';
    assert.equal((await write('PATCH', `/api/categories/${mugs.id}`, { parent_id: cups.id }, { 'if-match': tag })).status, 200);
    assert.equal((await write('PATCH', `/api/categories/${mugs.id}`, { position: 1 }, { 'if-match': tag })).status, 412, 'another version');
    assert.equal((await write('PATCH', `/api/categories/${cups.id}`, { parent_id: home.id })).status, 200);
    const moved = await all();
    assert.deepEqual(moved.get('Mugs')?.path, [home.id, cups.id, mugs.id]);
    const numbers = (name: string) => {
      const { product_count, total_product_count, group_count } = moved.get(name) ?? ({} as CategoryResource);
      return [product_count, total_product_count, group_count];
    };
    assert.deepEqual(
      [numbers('Home'), numbers('Cups'), numbers('Mugs')],
      [
        [0, 2, 2],
        [1, 2, 2],
        [1, 1, 1],
      ],
    );
    assert.deepEqual(await titles('category=Home'), ['Cup', 'Mug']);
    assert.deepEqual(await names('category=home'), ['Cup', 'Mug']);
    assert.deepEqual(valuesOf(await facets('category=Home'), 'attribute.clay'), { red: 1, white: 1 });
    assert.equal(await total('/api/products?count=1&category=Home'), '2');
    assert.equal((await write('PATCH', `/api/categories/${mugs.id}`, { parent_id: null })).status, 200);
    assert.deepEqual(await titles('category=Home'), ['Cup']);
    const [kept, workedOut] = await keptAndWorkedOut();
    assert.deepEqual(kept, workedOut);
  });

  it('is renamed without losing its products', async () => {
    const mugs = (await all()).get('Mugs');
    assert.equal((await write('PATCH', `/api/categories/${mugs?.id}`, { name: 'Big cups' })).status, 200);
    assert.deepEqual(
      [await titles('category=Big%20cups'), await titles('category=Mugs'), await titles('category=mugs')],
      [['Mug'], ['Mug'], ['Mug']],
    );
    const chosen = await write('PATCH', `/api/categories/${mugs?.id}`, { facet_names: ['attribute.glaze'] });
    assert.deepEqual(chosen.body.facet_names, ['attribute.glaze']);
    assert.deepEqual((await facets('category=Mugs')).facets, [], 'the names that were chosen are the only ones');
  });

  it('refuses a circle, a seventh level, a name or handle that is taken, and a parent that there is not', async () => {
    const root = await create({ name: 'One' });
    let parent = root;
    for (const name of ['Two', 'Three', 'Four', 'Five', 'Six']) parent = await create({ name, parent_id: parent.id });
    const refused = async (method: string, path: string, body: object): Promise<unknown> => {
      const answer = await write<Problem>(method, path, body);
      return [answer.status, answer.body.code];
    };
    assert.deepEqual(await refused('POST', '/api/categories', { name: 'Seven', parent_id: parent.id }), [409, 'category_misplaced']);
    assert.deepEqual(await refused('PATCH', `/api/categories/${root.id}`, { parent_id: parent.id }), [409, 'category_misplaced']);
    assert.deepEqual(await refused('POST', '/api/categories', { name: 'One' }), [409, 'category_taken']);
    assert.deepEqual(await refused('POST', '/api/categories', { name: 'Uno', handle: 'two' }), [409, 'category_taken']);
    assert.deepEqual(await refused('POST', '/api/categories', { name: 'Un', parent_id: randomUUID() }), [400, 'category_unknown']);
    assert.deepEqual(await refused('PATCH', `/api/categories/${randomUUID()}`, { name: 'x' }), [404, 'not_found']);
    const again = await create({ name: 'Two' });
    assert.notEqual(again.handle, 'two', 'the same name elsewhere, another handle');
  });

  it('stays a tree, with its counts, when everything moves at once', async () => {
    const made = await Promise.all(Array.from({ length: 5 }, (_, at) => create({ name: `Node ${at}` })));
    await Promise.all(made.map(({ name }) => shop.add({ name: `Of ${name}`, category: name, attributes: { kind: name } })));
    const moves = made.flatMap(({ id }, at) => [1, 2].map((step) => ({ id, parent_id: made[(at + step) % made.length]?.id })));
    const added = made.map(({ name }) => shop.add({ name: `More of ${name}`, category: name, attributes: { kind: name } }));
    const answers = await Promise.all(moves.map(({ id, parent_id }) => write('PATCH', `/api/categories/${id}`, { parent_id })));
    await Promise.all(added);
    for (const { status } of answers) assert.ok([200, 409].includes(status), String(status));
    assert.ok(
      answers.some(({ status }) => status === 409),
      'one of them would close the circle',
    );
    const tree = new Map((await ask<CategoryResource[]>('/api/categories?include_empty=true')).body.map((one) => [one.id, one]));
    for (const { id, parent_id, path } of tree.values())
      assert.deepEqual(path, [...(parent_id === null ? [] : (tree.get(parent_id)?.path ?? [])), id]);
    const [kept, workedOut] = await keptAndWorkedOut();
    assert.deepEqual(kept, workedOut);
  });
});
