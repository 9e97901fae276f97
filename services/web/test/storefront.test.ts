/** The shop over HTTP, among small servers that stand for the services it is gathered from. */
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { Group, GroupDetail, Product } from '@souk/contracts';
import { request } from 'undici';
import { aGateway, aPeer, aReference, type Peer, sendJson, type Web } from './_support.ts';

const kettle: Product = {
  id: '0198c58f-f00d-7c55-b9a8-20e4d5c6b7a8',
  sku: 'kettle',
  name: 'Copper <Kettle>',
  description: 'Boils water.',
  price: 129.95,
  currency: 'EUR',
  category: 'Kitchen',
  image_url: 'https://pictures.example/kettle.jpg',
  attributes: {},
  group_id: null,
  options: {},
  images: [],
  tax_class: null,
  weight_g: null,
  stock_quantity: 7,
  status: 'active',
  version: 1,
  created_at: '2026-11-22T09:30:00.000Z',
  updated_at: '2026-11-22T09:30:00.000Z',
};
function groupOf({ id, name, description, category, image_url, images, price, currency, stock_quantity }: Product): Group {
  return {
    id,
    handle: 'copper-kettle',
    title: name,
    description,
    category,
    image_url,
    image: images[0] ?? null,
    min_price: price,
    max_price: price,
    currency,
    variant_count: 1,
    available_count: stock_quantity > 0 ? 1 : 0,
  };
}
const browser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

describe('the storefront', () => {
  let web: Web;
  let peers: Peer[];
  let catalogue: Peer;
  /** What products and inventory do; a test that changes it puts it back. */
  const shop = {
    products: [kettle],
    inventory: 'answers' as 'answers' | 'refuses' | 'hangs',
    catalogue: 'answers' as 'answers' | 'refuses',
  };
  const hanging = new Set<ServerResponse>();

  before(async () => {
    catalogue = await aPeer(({ url = '' }, response) => {
      const { pathname, searchParams } = new URL(url, 'http://products');
      if (shop.catalogue === 'refuses') return sendJson(response, { code: 'database_unavailable' }, 503);
      if (pathname === '/api/categories') return sendJson(response, [{ name: 'Kitchen', product_count: 1 }]);
      if (pathname === '/api/products/facets') return sendJson(response, {}, 500);
      if (pathname === '/api/products') {
        if (searchParams.get('cursor') === 'broken') return sendJson(response, { code: 'cursor_invalid' }, 400);
        return sendJson(response, searchParams.get('category') === 'Unknown' ? [] : shop.products);
      }
      if (pathname === '/internal/groups/handle-parts') return sendJson(response, { starts: ['copper-kettle', 'teapot'] });
      if (pathname === '/internal/groups/handles') return sendJson(response, [searchParams.get('from')]);
      if (pathname === '/api/groups') {
        if (searchParams.get('cursor') === 'broken') return sendJson(response, { code: 'cursor_invalid' }, 400);
        return sendJson(response, searchParams.get('category') === 'Unknown' ? [] : shop.products.map(groupOf));
      }
      if (pathname === '/api/groups/copper-kettle') {
        const group: GroupDetail = { ...groupOf(shop.products[0] ?? kettle), options: [], variants: shop.products };
        return sendJson(response, group);
      }
      if (pathname === '/api/groups/old-kettle' || pathname === `/api/groups/${kettle.id}`) {
        response.setHeader('location', '/api/groups/copper-kettle?limit=100');
        return sendJson(response, undefined, 308);
      }
      if (pathname === `/api/products/${kettle.id}`) return sendJson(response, shop.products[0] ?? kettle);
      return sendJson(response, { code: 'not_found' }, 404);
    });
    const inventory = await aPeer((_request, response) => {
      if (shop.inventory === 'hangs') return void hanging.add(response);
      if (shop.inventory === 'refuses') return sendJson(response, {}, 500);
      return sendJson(response, [{ product_id: kettle.id, available: 3, stock_version: 1, updated_at: kettle.updated_at }]);
    });
    const gateway = await aGateway({ products: [catalogue.port], inventory: [inventory.port] });
    peers = [catalogue, inventory, gateway];
    web = await aReference({ GATEWAY_URL: gateway.url, SHOP_NAME: 'Corner & Co' });
  });
  after(async () => {
    await web.stop();
    await Promise.all(peers.map((peer) => peer.close()));
  });

  const at = (path: string, headers: Record<string, string> = browser) => fetch(`${web.url}${path}`, { headers });
  const page = async (path: string, status = 200, headers: Record<string, string> = browser): Promise<string> => {
    const answer = await at(path, headers);
    assert.equal(answer.status, status, path);
    assert.match(answer.headers.get('content-type') ?? '', /^text\/html; charset=utf-8$/);
    return answer.text();
  };

  it('shows a start page to browsers, links to programs, and to both while there is nothing to sell', async () => {
    assert.match(await page('/'), /<h1>Welcome to Corner &amp; Co<\/h1>[\s\S]*Copper &lt;Kettle&gt;[\s\S]*€129\.95/);
    assert.deepEqual(Object.keys((await (await at('/', {})).json()) as object).includes('openapi'), true);
    shop.products = [];
    assert.match(await page('/'), /<h1>A shop with an API<\/h1>/);
    shop.products = [kettle];
  });

  it('shows lists and products, leaves aside what an address should not have, and names what it does not have', async () => {
    assert.match(await page('/c/Kitchen?utm_source=mail&min_price=abc&sort=x&in_stock=maybe'), /<h1 dir="auto">Kitchen<\/h1>/);
    assert.match(await page('/search?q=%20%20kettle%00x'.replace('%00', '%07')), /Results for “kettle x”/);
    assert.match(await page(`/search?q=${'y'.repeat(900)}&min_price=1,5`), /min_price" class="input" type="text"[^>]* value="1\.5"/);
    assert.match(await page(`/p/copper-kettle?variant=1`), /Only 3 left<\/span> <span class="quiet">counted just now/);
    for (const path of ['/p/nothing', '/p/0198c58f-f00d-7c55-b9a8-20e4d5c6b7a9', '/c/Unknown'])
      assert.match(await page(path, 404), /<h1>This page does not exist<\/h1>/, path);
    assert.match(await page('/search?cursor=broken', 400), /<h1>This address cannot be read<\/h1>/);
    for (const path of ['/search?cursor=broken&x=\\', '/search?cursor=broken&"<>', `/search?cursor=broken&${'%F0%9F%98%80'.repeat(90)}`]) {
      assert.match(await page(path, 400), /<h1>This address cannot be read<\/h1>/, path);
    }
    for (const [path, leads_to] of [
      [`/p/${kettle.id}`, '/p/copper-kettle'],
      ['/p/old-kettle', '/p/copper-kettle'],
      ['/p/old-kettle?variant=a%26b', '/p/copper-kettle?variant=a%26b'],
    ] as const) {
      const moved = await fetch(`${web.url}${path}`, { headers: browser, redirect: 'manual' });
      assert.deepEqual([moved.status, moved.headers.get('location')], [308, leads_to], path);
    }
    const problem = await at('/p/nothing', {});
    assert.deepEqual([problem.status, ((await problem.json()) as { code: string }).code], [404, 'not_found']);
  });

  it('shows a picture that was uploaded before the one whose address is named', async () => {
    const hash = 'ab'.repeat(32);
    const sources = [400, 800].map((width) => ({ width, url: `/media/${hash}-${width}.webp` }));
    shop.products = [{ ...kettle, images: [{ hash, alt: 'From the left.', width: 900, height: 900, sources }] }];
    assert.match(await page(`/p/copper-kettle`), new RegExp(`<img src="/media/${hash}-800\\.webp"`));
    shop.products = [kettle];
  });

  it('says the same of a page to HEAD as to GET, and 304 to who has it', async () => {
    for (const path of ['/', '/p/copper-kettle', '/c/Kitchen', '/docs', '/docs/orders', '/problems'])
      for (const coding of ['identity', 'gzip', 'br']) {
        const headers = { ...browser, 'accept-encoding': coding };
        const ask = async (method: 'GET' | 'HEAD', known?: string): Promise<unknown[]> => {
          const {
            statusCode,
            headers: came,
            body,
          } = await request(`${web.url}${path}`, {
            method,
            headers: { ...headers, ...(known !== undefined && { 'if-none-match': known }) },
          });
          await body.dump();
          return [statusCode, came['etag'], came['vary'], came['content-encoding']];
        };
        const got = await ask('GET');
        const tag = String(got[1]);
        assert.match(tag, /^"/, path);
        assert.deepEqual(await ask('HEAD'), got, path);
        assert.deepEqual((await ask('HEAD', tag)).slice(0, 2), [304, tag], path);
        assert.deepEqual((await ask('HEAD', '"other"')).slice(0, 2), [200, tag], path);
      }
  });

  it('tells search engines what there is, in parts that are read once', async () => {
    const text = async (path: string) => (await at(path)).text();
    assert.match(await text('/robots.txt'), /\nSitemap: http:\/\/127\.0\.0\.1:\d+\/sitemap\.xml\n$/);
    for (const asked of [1, 2]) {
      assert.match(await text('/sitemap.xml'), /sitemap-things\.xml\?from=copper-kettle<[\s\S]*from=teapot</, String(asked));
      assert.equal(catalogue.seen.filter(({ url }) => url === '/internal/groups/handle-parts').length, 1);
    }
    assert.match(await text('/sitemap-things.xml?from=copper-kettle'), /\/p\/copper-kettle<\/loc>/);
    assert.match(await text('/sitemap-pages.xml'), /\/c\/Kitchen<\/loc>/);
    assert.equal((await at('/sitemap-things.xml?from=%20')).status, 400);
    assert.equal((await at('/manifest.webmanifest')).headers.get('content-type'), 'application/manifest+json; charset=utf-8');
  });

  it('says what is promised while the auditor does not answer', async () => {
    assert.match(await page('/proof'), /The auditor does not answer at the moment[\s\S]*No order lost/);
  });

  it('shows a page without what does not answer, and does not wait for it', async () => {
    shop.inventory = 'refuses';
    assert.match(await page(`/p/copper-kettle`), /In stock<\/span> <span class="quiet">as last known/);
    shop.inventory = 'hangs';
    const begun = performance.now();
    assert.match(await page(`/p/copper-kettle`), /In stock<\/span> <span class="quiet">as last known/);
    assert.ok(performance.now() - begun < 2_500, `it waited for ${Math.round(performance.now() - begun)} ms`);
    for (const response of hanging) response.destroy();
    shop.inventory = 'answers';
  });

  it('says so when the catalogue is away, to browsers and to programs', async () => {
    shop.catalogue = 'refuses';
    for (const path of ['/', '/search', '/search?x=\\', '/c/Kitchen', `/p/copper-kettle`]) {
      const answer = await at(path);
      assert.deepEqual(
        [answer.status, answer.headers.get('retry-after'), answer.headers.get('cache-control')],
        [503, '5', 'private, no-store'],
      );
      assert.match(await answer.text(), /<h1>The shop does not answer at the moment<\/h1>/, path);
    }
    assert.equal((await at('/search', {})).headers.get('content-type'), 'application/problem+json; charset=utf-8');
    shop.catalogue = 'answers';
  });

  it('speaks the language of the browser', async () => {
    assert.match(
      await page('/', 200, { ...browser, 'accept-language': 'de-AT,de;q=0.9,en;q=0.5' }),
      /<html lang="de" dir="ltr">[\s\S]*129,95/,
    );
    assert.match(await page('/', 200, { ...browser, 'accept-language': 'fr' }), /Bienvenue chez Corner &amp; Co/);
  });

  it('names in its policy what a page loads and nothing else, and can be asked again', async () => {
    const answer = await at(`/p/copper-kettle`);
    const policy = answer.headers.get('content-security-policy') ?? '';
    assert.match(
      policy,
      /^default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https:\/\/pictures\.example; font-src 'self';/,
    );
    assert.doesNotMatch(policy, /unsafe|\*|data:/);
    assert.equal(answer.headers.get('cache-control'), 'private, no-cache');
    assert.equal(answer.headers.get('vary'), 'Accept, Accept-Encoding, Accept-Language, Cookie');
    assert.equal(answer.headers.get('set-cookie'), null);
    const plain = await answer.text();
    for (const [coding, decode] of [
      ['gzip', gunzipSync],
      ['br', brotliDecompressSync],
    ] as const) {
      const { headers, body } = await request(`${web.url}/p/copper-kettle`, { headers: { ...browser, 'accept-encoding': coding } });
      assert.deepEqual([headers['content-encoding'], String(decode(Buffer.from(await body.arrayBuffer())))], [coding, plain]);
      const again = await request(`${web.url}/p/copper-kettle`, {
        headers: { ...browser, 'accept-encoding': coding, 'if-none-match': String(headers['etag']) },
      });
      assert.deepEqual([again.statusCode, await again.body.text()], [304, '']);
    }
  });

  it('serves the files of its pages for good, each as what it is', async () => {
    const files = [...new Set([...(await page('/')).matchAll(/"(\/(?:assets|scripts)\/[^"]+)"/g)].map(([, path = '']) => path))];
    assert.equal(files.length, 5);
    const types = {
      css: 'text/css; charset=utf-8',
      js: 'text/javascript; charset=utf-8',
      svg: 'image/svg+xml',
      woff2: 'font/woff2',
    } as const;
    const sizes: Partial<Record<keyof typeof types, number>> = {};
    for (const path of files) {
      const { statusCode, headers, body } = await request(`${web.url}${path}`, { headers: { 'accept-encoding': 'br' } });
      const sent = Buffer.from(await body.arrayBuffer());
      assert.deepEqual([statusCode, headers['cache-control']], [200, 'public, max-age=31536000, immutable'], path);
      const kind = path.split('.').at(-1) as keyof typeof types;
      assert.equal(headers['content-type'], types[kind]);
      sizes[kind] = sent.length;
      if (kind !== 'css') continue;
      const style = String(brotliDecompressSync(sent));
      for (const [, address = ''] of style.matchAll(/url\("([^"]+)"\)/g)) assert.ok(files.includes(address), address);
    }
    const { css = 0, js = 0 } = sizes;
    assert.ok(css > 0 && css <= 12_000, `the style has ${css} bytes`);
    assert.ok(js > 0 && js <= 10_000, `the script has ${js} bytes`);
    assert.equal((await at('/assets/storefront-AAAAAAAAAAAAAAAA.css', {})).status, 404);
    assert.equal((await at('/assets/../package.json', {})).status, 404);
    const { headers, body } = await request(`${web.url}/`, { headers: { ...browser, 'accept-encoding': 'br' } });
    const home = (await body.arrayBuffer()).byteLength;
    assert.equal(headers['content-encoding'], 'br');
    assert.ok(home <= 14_000, `the start page has ${home} bytes`);
    process.stdout.write(`storefront: style ${css} bytes, script ${js} bytes, start page ${home} bytes\n`);
  });
});
