import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { Product } from '@souk/contracts';
import { allPages, listed, openShop, type Problem, type Shop } from './_support.ts';

let shop: Shop;
before(async () => {
  shop = await openShop();
});
after(() => shop.stop());

const refused = async (method: string, path: string, body: unknown, status: number, code: string, headers: Record<string, string> = {}) => {
  const answer = await shop.call<Problem>(method, path, body, headers);
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.body.code, code, answer.text);
  return answer.body;
};

describe('a product', () => {
  it('is created, read back and announced with its opening stock', async () => {
    const asked = {
      sku: 'MUG-1',
      name: 'Mug',
      price: 129.95,
      category: 'Kitchen',
      attributes: { colour: 'blue' },
      stock_quantity: 7,
      image_url: '/api/products/pictures/x.svg',
    };
    const made = await shop.call<Product>('POST', '/api/products', asked);
    assert.equal(made.status, 201, made.text);
    assert.equal(made.headers.get('location'), `/api/products/${made.body.id}`);
    const anonymous = await fetch(`${shop.url}/api/products/${made.body.id}`);
    assert.deepEqual(await anonymous.json(), made.body);
    const { id, created_at, updated_at, images: _none, ...rest } = made.body;
    const unsaid = { description: '', currency: 'EUR', group_id: null, options: {}, tax_class: null, weight_g: null };
    assert.deepEqual(rest, { ...asked, ...unsaid, status: 'active', version: 1 });
    assert.match(id, /^[0-9a-f-]{36}$/);
    assert.equal(created_at, updated_at);
    const event = shop.published().find((event) => event['product_id'] === id);
    assert.deepEqual(event, {
      event_type: 'product.created',
      product_id: id,
      product_version: 1,
      sku: 'MUG-1',
      name: 'Mug',
      price: 129.95,
      currency: 'EUR',
      ...{ status: 'active', tax_class: 'standard', weight_g: 0, group_id: id, category: 'Kitchen', initial_quantity: 7 },
    });
  });

  it('gets a SKU made of its name when it comes without one', async () => {
    const [one, two] = [await shop.add({ name: 'Große Kanne!' }), await shop.add({ name: 'Große Kanne!' })];
    assert.match(one.sku, /^grosse-kanne-[0-9a-f]{6}$/);
    assert.notEqual(one.sku, two.sku);
  });

  it('keeps SQL and script as the text they are', async () => {
    const name = `Robert'); DROP TABLE products;-- <script>alert(1)</script>`;
    const { id } = await shop.add({ name, description: '<b>&amp;</b>\n"quoted" $x \\ % _' });
    const read = await shop.call('GET', `/api/products/${id}`);
    assert.equal(read.body.name, name);
    assert.equal(read.body.description, '<b>&amp;</b>\n"quoted" $x \\ % _');
    assert.match(read.headers.get('content-type') ?? '', /^application\/json/);
    assert.ok((await listed(shop, `q=${encodeURIComponent(`' | ! & ( : * <-> ${name}`)}`)).some((product) => product.id === id));
  });

  it('is replaced whole, changed in part, and only real changes count as versions', async () => {
    const { id } = await shop.add({ sku: 'LAMP', name: 'Lamp', price: 10, category: 'Light', description: 'warm' });
    const same = await shop.call('PATCH', `/api/products/${id}`, { price: 10, name: 'Lamp' });
    assert.equal(same.body.version, 1);
    const events = shop.published().length;
    const described = await shop.call('PATCH', `/api/products/${id}`, { description: 'cold' });
    assert.deepEqual([described.body.version, shop.published().length], [2, events]);
    const repriced = await shop.call('PATCH', `/api/products/${id}`, { price: 12.5 });
    assert.equal(repriced.body.version, 3);
    assert.deepEqual([shop.published().at(-1)?.['event_type'], shop.published().at(-1)?.['price']], ['product.updated', 12.5]);
    const replaced = await shop.call('PUT', `/api/products/${id}`, { sku: 'LAMP', name: 'Lamp II', price: 13 });
    assert.deepEqual(
      [replaced.body.description, replaced.body.category, replaced.body.name, replaced.body.version],
      ['', null, 'Lamp II', 4],
    );
    assert.deepEqual((await shop.call('GET', `/api/products/${id}`)).body, replaced.body);
  });

  it('is guarded by If-Match and answered 304 to who has it already', async () => {
    const { id } = await shop.add({ stock_quantity: 3 });
    const read = await shop.call('GET', `/api/products/${id}`);
    const etag = read.headers.get('etag') ?? '';
    assert.equal((await shop.call('GET', `/api/products/${id}`, undefined, { 'if-none-match': etag })).status, 304);
    await refused('PATCH', `/api/products/${id}`, { price: 1 }, 412, 'precondition_failed', { 'if-match': '"2.3"' });
    assert.equal((await shop.call('PATCH', `/api/products/${id}`, { price: 1 }, { 'if-match': etag })).status, 200);
    await refused('DELETE', `/api/products/${id}`, undefined, 412, 'precondition_failed', { 'if-match': etag });
    assert.equal((await shop.call('GET', `/api/products/${id}`, undefined, { 'if-none-match': etag })).status, 200);
    assert.equal((await shop.call('PATCH', `/api/products/${id}`, { price: 2 }, { 'if-match': '"2"' })).status, 200);
  });

  it('is archived once, however often it is asked for, and leaves the lists but not its address', async () => {
    const { id } = await shop.add({ category: 'Attic' });
    assert.equal((await listed(shop, 'category=Attic')).length, 1);
    for (let time = 0; time < 2; time += 1) assert.equal((await shop.call('DELETE', `/api/products/${id}`)).status, 204);
    assert.equal(shop.published().filter((event) => event['product_id'] === id && event.event_type === 'product.archived').length, 1);
    assert.deepEqual(await listed(shop, 'category=Attic'), []);
    assert.equal((await shop.call('GET', `/api/products/${id}`)).body.status, 'archived');
    await refused('PATCH', `/api/products/${id}`, { price: 1 }, 409, 'product_archived');
    await refused('PUT', `/api/products/${id}`, { sku: 'x', name: 'x', price: 1 }, 409, 'product_archived');
    const categories = (await shop.call<{ name: string }[]>('GET', '/api/categories')).body;
    assert.ok(!categories.some(({ name }) => name === 'Attic'));
  });

  it('is read with others by ids, archived ones too, in the order asked for', async () => {
    const [one, other, gone] = [await shop.add(), await shop.add({ stock_quantity: 2 }), await shop.add()];
    await shop.call('DELETE', `/api/products/${gone.id}`);
    const ids = [gone.id, randomUUID(), other.id, one.id, other.id];
    const read = await shop.call<Product[]>('GET', `/api/products?ids=${ids.join(',')}`);
    assert.deepEqual(
      read.body.map(({ id, status }) => [id, status]),
      [
        [gone.id, 'archived'],
        [other.id, 'active'],
        [one.id, 'active'],
      ],
    );
    assert.deepEqual(read.body[1], (await shop.call('GET', `/api/products/${other.id}`)).body);
    assert.equal(read.headers.get('link'), null);
    await shop.call('PATCH', `/api/products/${one.id}`, { price: 3 });
    assert.equal((await shop.call<Product[]>('GET', `/api/products?ids=${one.id}&limit=1`)).body[0]?.price, 3);
    const hundred = Array.from({ length: 100 }, () => randomUUID());
    assert.deepEqual((await shop.call('GET', `/api/products?ids=${hundred.join(',')}`)).body, []);
    for (const wrong of ['', 'x', `${one.id},`, `${one.id.toUpperCase()}`, [...hundred, one.id].join(','), `${one.id}&ids=${one.id}`])
      await refused('GET', `/api/products?ids=${wrong}`, undefined, 400, 'validation_failed');
    const { errors } = await refused('GET', `/api/products?ids=${one.id}&q=lamp`, undefined, 400, 'validation_failed');
    assert.deepEqual(errors, [{ pointer: '/q', detail: 'does not go with ids' }]);
  });

  it('keeps its SKU to itself', async () => {
    await shop.add({ sku: 'ONLY' });
    const other = await shop.add({ sku: 'OTHER' });
    await refused('POST', '/api/products', { sku: 'ONLY', name: 'x', price: 1 }, 409, 'sku_taken');
    await refused('PATCH', `/api/products/${other.id}`, { sku: 'ONLY' }, 409, 'sku_taken');
  });
});

describe('what is not valid', () => {
  const bodies: [string, unknown, string, string?][] = [
    ['no name', { price: 1 }, 'validation_failed', '/name'],
    ['no price', { name: 'x' }, 'validation_failed', '/price'],
    ['a price as text', { name: 'x', price: '1' }, 'validation_failed', '/price'],
    ['a negative price', { name: 'x', price: -0.01 }, 'validation_failed', '/price'],
    ['a huge price', { name: 'x', price: 1e15 }, 'validation_failed', '/price'],
    ['a price beyond the minor units', { name: 'x', price: 10_000_000_001 }, 'amount_invalid', '/price'],
    ['too many decimals', { name: 'x', price: 1.999 }, 'amount_invalid', '/price'],
    ['decimals of a currency without any', { name: 'x', price: 1.5, currency: 'JPY' }, 'amount_invalid', '/price'],
    ['an unknown currency', { name: 'x', price: 1, currency: 'XXQ' }, 'currency_unknown', '/currency'],
    ['a currency in lower case', { name: 'x', price: 1, currency: 'eur' }, 'validation_failed', '/currency'],
    ['an unknown member', { name: 'x', price: 1, colour: 'red' }, 'validation_failed', '/colour'],
    ['a version of the client’s own', { name: 'x', price: 1, version: 9 }, 'validation_failed', '/version'],
    ['an empty name', { name: '', price: 1 }, 'validation_failed', '/name'],
    ['a long name', { name: 'x'.repeat(301), price: 1 }, 'validation_failed', '/name'],
    ['a NUL in the name', { name: 'a\u0000b', price: 1 }, 'json_invalid'],
    ['a control character in the name', { name: 'a\u0007b', price: 1 }, 'validation_failed', '/name'],
    ['attributes that are no texts', { name: 'x', price: 1, attributes: { a: 1 } }, 'validation_failed', '/attributes/a'],
    ['a script address as image', { name: 'x', price: 1, image_url: 'javascript:alert(1)' }, 'validation_failed', '/image_url'],
    ['negative stock', { name: 'x', price: 1, stock_quantity: -1 }, 'validation_failed', '/stock_quantity'],
    ['half a piece', { name: 'x', price: 1, stock_quantity: 1.5 }, 'validation_failed', '/stock_quantity'],
    ['a list', [], 'validation_failed'],
    ['broken JSON', '{"name":', 'json_invalid'],
  ];
  for (const [what, body, code, pointer] of bodies) {
    it(`is refused: ${what}`, async () => {
      const before = shop.published().length;
      const problem = await refused('POST', '/api/products', body, 400, code);
      if (pointer !== undefined)
        assert.ok(
          problem.errors?.some((error) => error.pointer === pointer),
          JSON.stringify(problem),
        );
      assert.equal(shop.published().length, before);
    });
  }

  it('cannot change the stock after creation', async () => {
    const { id } = await shop.add();
    for (const method of ['PATCH', 'PUT']) {
      const problem = await refused(
        method,
        `/api/products/${id}`,
        { sku: 'a', name: 'x', price: 1, stock_quantity: 5 },
        400,
        'validation_failed',
      );
      assert.ok(problem.errors?.some((error) => error.pointer === '/stock_quantity'));
    }
    await refused('PATCH', `/api/products/${id}`, {}, 400, 'validation_failed');
    await refused('PATCH', `/api/products/${id}`, { name: null }, 400, 'validation_failed');
  });

  it('is refused in addresses and queries too', async () => {
    await refused('GET', '/api/products/42', undefined, 400, 'validation_failed');
    await refused('GET', `/api/products/${randomUUID()}`, undefined, 404, 'not_found');
    await refused('PATCH', `/api/products/${randomUUID()}`, { price: 1 }, 404, 'not_found');
    await refused('DELETE', `/api/products/${randomUUID()}`, undefined, 404, 'not_found');
    for (const query of [
      'limit=0',
      'limit=101',
      'limit=x',
      'skip=-1',
      'skip=10001',
      'sort=size',
      'min_price=-1',
      'in_stock=maybe',
      'colour=red',
      'q=',
      `q=${'x'.repeat(201)}`,
    ]) {
      await refused('GET', `/api/products?${query}`, undefined, 400, 'validation_failed');
    }
    await refused('GET', '/api/products?min_price=1.005', undefined, 400, 'amount_invalid');
    const cursors = [
      'x',
      '%20',
      Buffer.from('{}').toString('base64url'),
      Buffer.from('{"sort":"price","value":1.5,"id":"a"}').toString('base64url'),
    ];
    for (const cursor of cursors) await refused('GET', `/api/products?cursor=${cursor}`, undefined, 400, 'cursor_invalid');
  });

  it('is refused to everybody but staff', async () => {
    const customer = `Bearer ${await shop.tokenFor({ role: 'customer' })}`;
    await refused('POST', '/api/products', { name: 'x', price: 1 }, 403, 'forbidden', { authorization: customer });
    const anonymous = await fetch(`${shop.url}/api/products`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    assert.equal(anonymous.status, 401);
  });
});

describe('a list', () => {
  const names = async (query: string) => (await listed(shop, query)).map(({ name }) => name);
  before(async () => {
    for (let number = 0; number < 9; number += 1) {
      await shop.add({ name: `Chair ${'CABDEFGHI'[number]}`, price: 10 + (number % 3), category: 'Chairs', stock_quantity: number % 2 });
    }
  });

  it('is sorted and filtered as asked', async () => {
    assert.equal((await names('category=Chairs&limit=1'))[0], 'Chair I');
    assert.deepEqual(await names('category=Chairs&sort=name&limit=3'), ['Chair A', 'Chair B', 'Chair C']);
    assert.deepEqual(
      (await listed(shop, 'category=Chairs&sort=price')).map(({ price }) => price),
      [10, 10, 10, 11, 11, 11, 12, 12, 12],
    );
    assert.deepEqual(
      (await listed(shop, 'category=Chairs&sort=-price&limit=4')).map(({ price }) => price),
      [12, 12, 12, 11],
    );
    assert.equal((await names('category=Chairs&min_price=11&max_price=11.5')).length, 3);
    assert.equal((await names('category=Chairs&in_stock=true')).length, 4);
    assert.equal((await names('category=Chairs&in_stock=false')).length, 5);
    assert.equal((await names('category=Chairs&skip=7')).length, 2);
    assert.deepEqual(await names('category=Nothing'), []);
  });

  it('is walked page by page without gaps or repeats while others add products', async () => {
    for (const sort of ['newest', 'name', 'price', '-price', 'relevance']) {
      const before = await listed(shop, `category=Chairs&sort=${sort}&limit=100`);
      const walked = await allPages(shop, `category=Chairs&sort=${sort}&limit=2`, () =>
        shop.add({ name: 'Chair 0', price: 10.5, category: 'Chairs' }),
      );
      const ids = walked.map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length, sort);
      assert.deepEqual(
        ids.filter((id) => before.some((product) => product.id === id)),
        before.map(({ id }) => id),
        sort,
      );
    }
    const found = await allPages(shop, 'q=chair&limit=3');
    assert.equal(new Set(found.map(({ id }) => id)).size, (await listed(shop, 'q=chair&limit=100')).length);
  });

  it('shows at once what was just written, also where it was cached', async () => {
    const { id } = await shop.add({ name: 'Clock', category: 'Clocks' });
    assert.deepEqual(await names('category=Clocks'), ['Clock']);
    await shop.call('PATCH', `/api/products/${id}`, { name: 'Big Clock' });
    assert.deepEqual(await names('category=Clocks'), ['Big Clock']);
    const count = async () =>
      (await shop.call<{ name: string; product_count: number }[]>('GET', '/api/categories')).body.find(({ name }) => name === 'Clocks')
        ?.product_count;
    assert.equal(await count(), 1);
    await shop.add({ category: 'Clocks' });
    assert.equal(await count(), 2);
    await shop.call('PATCH', `/api/products/${id}`, { category: 'Watches' });
    assert.equal(await count(), 1);
  });
});
