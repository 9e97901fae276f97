import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { loadSample } from '../src/index.ts';
import { listed, openShop, type Shop } from './_support.ts';

let shop: Shop;
before(async () => {
  shop = await openShop();
  assert.ok((await loadSample(shop.service.context)) >= 100);
  await shop.add({ sku: 'VT-1', name: 'Classic Varsity Top', description: 'An embroidered letter on grey.' });
  await shop.add({ sku: 'LJ-77', name: 'Classic Leather Jacket', category: 'Coats', description: 'Zipped, with an adjustable belt.' });
  await shop.add({ sku: 'CR-1', name: 'Crème Brûlée Torch' });
  await shop.add({ name: 'Coat', description: 'Goes well with a leather jacket.' });
});
after(() => shop.stop());

const first = async (q: string, more = '') => (await listed(shop, `q=${encodeURIComponent(q)}${more}`))[0]?.name;

describe('search', () => {
  const questions: [string, string][] = [
    ['varsity', 'Classic Varsity Top'],
    ['varsty', 'Classic Varsity Top'],
    ['vrasity', 'Classic Varsity Top'],
    ['classic varsty', 'Classic Varsity Top'],
    ['leather jackett', 'Classic Leather Jacket'],
    ['leather jakcett', 'Classic Leather Jacket'],
    ['lether jaket', 'Classic Leather Jacket'],
    ['LEATHER  JACKETS', 'Classic Leather Jacket'],
    ['LJ-77', 'Classic Leather Jacket'],
    ['leather jack', 'Classic Leather Jacket'],
    ['creme brulee', 'Crème Brûlée Torch'],
    ['crème brulé', 'Crème Brûlée Torch'],
    ['embroidered', 'Classic Varsity Top'],
    ['hamock', 'Hammock'],
    ['teepot', 'Cast Iron Teapot'],
    ['the watering can', 'Watering Can'],
  ];
  for (const [q, name] of questions) {
    it(`finds ${name} for "${q}"`, async () => assert.equal(await first(q), name));
  }

  it('puts a name before a mention, and the very name before longer ones', async () => {
    const names = (await listed(shop, 'q=leather%20jacket')).map(({ name }) => name);
    assert.ok(names.indexOf('Classic Leather Jacket') < names.indexOf('Coat'), names.join());
    assert.equal(await first('coat'), 'Coat');
  });

  it('goes with filters and other orders', async () => {
    assert.equal(await first('jacket', '&category=Coats'), 'Classic Leather Jacket');
    assert.equal(await first('jacket', '&category=Garden'), undefined);
    const prices = (await listed(shop, 'q=mug&sort=price')).map(({ price }) => price);
    assert.deepEqual(
      prices,
      [...prices].sort((left, right) => left - right),
    );
    assert.ok(
      (await listed(shop, 'q=mug&in_stock=true&max_price=13')).every(({ price, stock_quantity }) => price <= 13 && stock_quantity > 0),
    );
  });

  it('answers nothing, and no error, to what cannot be found', async () => {
    for (const q of ['xqzwvkjh', '!!!', "' or 1=1 --", '&|!():*', '\\', '%', 'the', '"""', '日本語', '😀', 'a'.repeat(200)]) {
      assert.ok(Array.isArray(await listed(shop, `q=${encodeURIComponent(q)}`)), q);
    }
    assert.deepEqual(await listed(shop, 'q=xqzwvkjh'), []);
  });
});

describe('the sample catalogue', () => {
  it('has a hundred products in many categories, with variants, stock and pictures, and is loaded once', async () => {
    assert.equal(await loadSample(shop.service.context), 0);
    const products = await listed(shop, 'limit=100&skip=4');
    const categories = (await shop.call<{ name: string; product_count: number }[]>('GET', '/api/categories')).body;
    assert.ok(categories.length >= 8);
    assert.ok(products.some(({ group_id }) => group_id !== null));
    for (const { image_url, description, stock_quantity, price } of products) {
      assert.ok(description.length > 40 && price > 0 && stock_quantity >= 0 && stock_quantity <= 500);
      const picture = await shop.call('GET', image_url ?? '');
      assert.equal(picture.status, 200);
      assert.match(picture.headers.get('content-type') ?? '', /^image\/svg\+xml/);
      assert.match(picture.text, /^<svg [\s\S]*<\/svg>\n$/);
      assert.doesNotMatch(picture.text, /<script|undefined|NaN/);
    }
  });

  it('serves a picture that a browser may keep, and no other', async () => {
    const address = `${shop.url}/api/products/pictures/hammock.svg`;
    const picture = await fetch(address);
    assert.match(picture.headers.get('cache-control') ?? '', /max-age/);
    const again = await fetch(address, { headers: { 'if-none-match': picture.headers.get('etag') ?? '' } });
    assert.equal(again.status, 304);
    assert.equal((await shop.call('GET', '/api/products/pictures/hammock-detail.svg')).status, 200);
    assert.match((await shop.call('GET', '/api/products/pictures/like-blue-mug.svg')).text, /<title>blue mug</);
    assert.equal((await shop.call('GET', '/api/products/pictures/nothing.svg')).status, 404);
    assert.equal((await shop.call('GET', '/api/products/pictures/..%2f..%2fetc.svg')).status, 400);
  });

  it('serves parts of a picture, and the whole where a part cannot be meant', async () => {
    const address = `${shop.url}/api/products/pictures/hammock.svg`;
    const whole = await fetch(address);
    const text = await whole.text();
    const length = Buffer.byteLength(text);
    const tag = whole.headers.get('etag') ?? '';
    assert.equal(whole.headers.get('accept-ranges'), 'bytes');
    const ask = async (headers: Record<string, string>, method = 'GET') => {
      const answer = await fetch(address, { method, headers });
      const { status, headers: got } = answer;
      return {
        status,
        range: got.get('content-range'),
        length: got.get('content-length'),
        type: got.get('content-type'),
        tag: got.get('etag'),
        text: await answer.text(),
      };
    };
    for (const [range, first, last] of [
      ['bytes=0-99', 0, 99],
      ['bytes=100-', 100, length - 1],
      ['bytes=-50', length - 50, length - 1],
      [`bytes=10-${length + 500}`, 10, length - 1],
    ] as const) {
      const part = await ask({ range });
      assert.deepEqual(
        [part.status, part.range, part.length, part.tag, part.type],
        [206, `bytes ${first}-${last}/${length}`, String(last - first + 1), tag, whole.headers.get('content-type')],
      );
      assert.equal(
        part.text,
        Buffer.from(text)
          .subarray(first, last + 1)
          .toString(),
      );
    }
    for (const headers of [
      { range: 'bytes=0-9,20-29' },
      { range: 'lines=0-9' },
      { range: 'bytes=0-9', 'if-range': '"other"' },
      { range: 'bytes=0-9', 'if-range': `W/${tag}` },
    ])
      assert.deepEqual(await ask(headers), await ask({}), JSON.stringify(headers));
    assert.equal((await ask({ range: 'bytes=0-9', 'if-range': tag })).status, 206);
    assert.equal((await ask({ range: 'bytes=0-9', 'if-none-match': tag })).status, 304);
    const head = await ask({ range: 'bytes=0-9' }, 'HEAD');
    assert.deepEqual([head.status, head.length, head.range], [200, String(length), null]);
    const behind = await ask({ range: `bytes=${length}-` });
    const { code } = JSON.parse(behind.text) as { code: string };
    assert.deepEqual([behind.status, behind.range, behind.tag, code], [416, `bytes */${length}`, null, 'range_not_satisfiable']);
  });
});
