import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { Group, GroupDetail, Product } from '@souk/contracts';
import { findHandles, findPartStarts } from '../src/store/group-handles.ts';
import { groupOlderProducts } from '../src/use-cases/group-older-products.ts';
import { takeStock } from '../src/use-cases/take-stock.ts';
import { type Answered, importCsv, openShop, type Problem, type Shop } from './_support.ts';

let shop: Shop;
before(async () => {
  shop = await openShop({ list_cache_ttl_ms: 1 });
});
after(() => shop?.stop());

const listed = async (query: string): Promise<Group[]> => {
  const { status, body, text } = await shop.call<Group[]>('GET', `/api/groups?${query}`);
  assert.equal(status, 200, text);
  return body;
};
const read = (handle: string, query = '') => shop.call<GroupDetail>('GET', `/api/groups/${encodeURIComponent(handle)}${query}`);
const titles = (groups: readonly Group[]) => groups.map(({ title }) => title);

/** What the products say, worked out from them alone. */
async function workedOut(): Promise<unknown[]> {
  return shop.service.context.db.query(
    `select coalesce(p.group_id, p.id) id, count(*) filter (where p.status = 'active')::int active_count,
       count(*) filter (where p.status = 'active' and s.stock_quantity > 0)::int available_count
     from products p join product_stock s on s.product_id = p.id group by 1 having count(*) filter (where p.status = 'active') > 0 order by 1`,
  );
}
const kept = () => shop.service.context.db.query('select id, active_count, available_count from groups where active_count > 0 order by id');

async function stockIs(product_id: string, stock_quantity: number, stock_version: number): Promise<void> {
  const { db } = shop.service.context;
  await db.transaction((tx) => takeStock(shop.service.context, tx, [{ product_id, stock_quantity, stock_version }]));
}

describe('groups', () => {
  it('show a thing once, with its variants, its range of prices and what there is to choose from', async () => {
    const group_id = randomUUID();
    const variant = (size: string, price: number, stock_quantity: number) =>
      shop.add({ name: 'Linen Shirt', price, group_id, options: { size, colour: 'blue' }, category: 'Shirts', stock_quantity });
    const small = await variant('S', 30, 0);
    await variant('M', 35, 4);
    const [group, ...others] = await listed('category=Shirts');
    assert.deepEqual([others.length, group?.handle, group?.title, group?.id], [0, 'linen-shirt', 'Linen Shirt', group_id]);
    assert.deepEqual([group?.min_price, group?.max_price, group?.variant_count, group?.available_count], [30, 35, 2, 1]);
    const { status, body } = await read('linen-shirt');
    assert.equal(status, 200);
    assert.deepEqual(
      body.variants.map(({ options }) => options['size']),
      ['S', 'M'],
    );
    assert.deepEqual(body.options, [
      { name: 'colour', values: [{ value: 'blue', available: true }] },
      {
        name: 'size',
        values: [
          { value: 'S', available: false },
          { value: 'M', available: true },
        ],
      },
    ]);
    await stockIs(small.id, 3, 5);
    assert.equal((await read('linen-shirt')).body.available_count, 2);
    await stockIs(small.id, 0, 4);
    assert.equal((await read('linen-shirt')).body.available_count, 2, 'news of before change nothing');
    await shop.call('DELETE', `/api/products/${small.id}`);
    const left = (await read('linen-shirt')).body;
    assert.deepEqual([left.min_price, left.variant_count, left.variants.length, left.options.length], [35, 1, 1, 2]);
  });

  it('are products by themselves where these name none, each under a handle of its own', async () => {
    const made = await Promise.all(Array.from({ length: 6 }, () => shop.add({ name: 'Große Kanne!', category: 'Jugs' })));
    const groups = await listed('category=Jugs');
    assert.deepEqual(groups.map(({ id }) => id).sort(), made.map(({ id }) => id).sort());
    assert.deepEqual(groups.map(({ handle }) => handle).sort(), [
      'grosse-kanne',
      ...[2, 3, 4, 5, 6].map((number) => `grosse-kanne-${number}`),
    ]);
    const second = await shop.add({ name: 'Große Kanne 2', category: 'Jugs of two' });
    assert.deepEqual(
      (await listed('category=Jugs%20of%20two')).map(({ id, handle }) => [id, handle]),
      [[second.id, 'grosse-kanne-2-2']],
    );
    const moved = await read(second.id);
    assert.equal(moved.body.handle, 'grosse-kanne-2-2', 'an id leads to the handle');
    assert.equal((await read('no-such-thing')).status, 404);
  });

  it('are led to by every handle that they had, and no other group gets one of these', async () => {
    const { id } = await shop.add({ name: 'Copper Pan' });
    const rename = (handle: string, wanted: string) =>
      shop.call<Group & Problem>('PUT', `/api/groups/${handle}/handle`, { handle: wanted });
    assert.equal((await rename('copper-pan', 'sauté-pan')).body.handle, 'sauté-pan');
    const old = await fetch(`${shop.url}/api/groups/copper-pan?limit=1`, { redirect: 'manual' });
    assert.deepEqual([old.status, old.headers.get('location')], [308, `/api/groups/${encodeURIComponent('sauté-pan')}?limit=1`]);
    assert.equal((await read('copper-pan')).body.id, id);
    const other = await shop.add({ name: 'Copper Pan' });
    assert.equal((await read(other.id)).body.handle, 'copper-pan-2');
    assert.equal((await rename('copper-pan-2', 'copper-pan')).body.code, 'handle_taken');
    assert.equal((await rename('sauté-pan', 'copper-pan')).body.handle, 'copper-pan');
    assert.equal((await rename('nothing-there', 'x')).status, 404);
  });

  it('are listed page by page in every order, filtered by what their variants are', async () => {
    for (const [name, price, stock_quantity] of [
      ['Vase B', 20, 1],
      ['Vase A', 30, 0],
      ['Vase C', 10, 2],
    ] as const)
      await shop.add({ name, price, stock_quantity, category: 'Vases' });
    await shop.add({ name: 'Vase D', price: 5, currency: 'USD', category: 'Vases' });
    const all = async (query: string) => {
      const found: Group[] = [];
      for (let path: string | undefined = `/api/groups?category=Vases&limit=1&${query}`; path !== undefined; ) {
        const page: Answered<Group[]> = await shop.call<Group[]>('GET', path);
        assert.equal(page.status, 200, page.text);
        found.push(...page.body);
        path = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
      }
      return titles(found)
        .map((title) => title.slice(-1))
        .join('');
    };
    assert.deepEqual(
      await Promise.all(
        ['', 'sort=name', 'sort=price', 'sort=-price', 'in_stock=true', 'min_price=15&sort=name', 'q=vase&sort=name', 'q=vase+c'].map(all),
      ),
      ['DCAB', 'ABCD', 'CBAD', 'ABCD', 'CB', 'AB', 'ABCD', 'C'],
    );
  });

  it('of an import are one for each handle', async () => {
    const rows = [
      'Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price',
      'felt-hat,Felt Hat,Size,S,FH-S,20',
      'felt-hat,,,M,FH-M,25',
    ];
    await importCsv(shop, rows.join('\n'));
    const { body } = await read('felt-hat');
    assert.deepEqual([body.title, body.variant_count, body.min_price, body.max_price], ['Felt Hat', 2, 20, 25]);
  });

  it('stay what the products say, however many change them at the same time', async () => {
    const groups = Array.from({ length: 3 }, () => randomUUID());
    const made = await Promise.all(
      Array.from({ length: 9 }, (_none, index) =>
        shop.add({ name: `Bowl ${index}`, group_id: groups[index % 3], stock_quantity: index % 2 }),
      ),
    );
    const change = (product: Product, step: number) => {
      if (step % 4 === 0) return stockIs(product.id, step % 3, step + 10);
      const change = [{ group_id: groups[step % 3] }, { group_id: null }, { status: step % 2 ? 'archived' : 'active' }][step % 3];
      return shop.call('PATCH', `/api/products/${product.id}`, { status: 'active', ...change });
    };
    for (let round = 0; round < 6; round += 1) await Promise.all(made.map((product, index) => change(product, round * 7 + index * 5)));
    assert.deepEqual(await kept(), await workedOut());
  });

  it('are made for products that were there before, and for those that an older version writes', async () => {
    const { db } = shop.service.context;
    await db.query('truncate groups, group_handles, handle_numbers');
    await db.query('update products set grouped_version = 0');
    while (await groupOlderProducts(shop.service.context));
    assert.deepEqual(await kept(), await workedOut());
    const { id } = await shop.add({ name: 'Old Chair' });
    await db.query(`update products set name = 'New Chair', version = version + 1 where id = $1`, [id]);
    await groupOlderProducts(shop.service.context);
    const { body } = await read('old-chair');
    assert.deepEqual([body.id, body.title], [id, 'New Chair']);
  });

  it('are listed by handle in parts that hold each of them once', async () => {
    const { db } = shop.service.context;
    for (const name of ['Ünder Lamp', 'Zither', 'Zither', 'Abacus']) await shop.add({ name, price: 5 });
    const sold = await db.query<{ handle: string }>('select handle from groups where active_count > 0 order by handle');
    const starts = await findPartStarts(db, 3);
    assert.deepEqual(
      starts,
      sold.map(({ handle }) => handle).filter((_handle, index) => index % 3 === 0),
    );
    const parts = await Promise.all(starts.map((from) => findHandles(db, from, 3)));
    assert.deepEqual(
      parts.flat(),
      sold.map(({ handle }) => handle),
    );
  });
});
