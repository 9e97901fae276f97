/** Pages of the shop and of the reference, called as published. */
import assert from 'node:assert/strict';
import type { PublishedApi } from './_published-api.ts';

export async function storefrontIsAnswered(api: PublishedApi, product_id: string): Promise<void> {
  await consoleIsAnswered(api);
  const headers = { accept: 'text/html' };
  const home = await api.call('getHome', { headers });
  const [, name = ''] = /href="\/assets\/([^"]+)"/.exec(String(home.body)) ?? [];
  await api.call('getAsset', { params: { name } });
  const [, script = ''] = /src="\/scripts\/([^"]+)"/.exec(String(home.body)) ?? [];
  await api.call('getScript', { params: { name: script } });
  await api.call('showCategory', { params: { category: 'Bath' }, query: { in_stock: 'true', elsewhere: 'x' } });
  const listed = await api.call('showCategory', { params: { category: 'Bath' } });
  await api.call('showCategory', {
    params: { category: 'Bath' },
    headers: { 'if-none-match': listed.headers.get('etag') ?? '' },
    status: 304,
  });
  await api.call('showCategory', { params: { category: 'nothing' }, headers, status: 404 });
  await api.call('showSearch', { query: { q: 'lamp', min_price: '5', max_price: '500', sort: 'price' } });
  await api.call('showSearch', { query: { cursor: 'x' }, headers, status: 400 });
  await api.call('showSearch', { query: { cursor: 'x' }, status: 400 });
  const moved = await api.call('showProduct', { params: { product: product_id }, status: 308 });
  const [, handle = ''] = /^\/p\/([^?]+)/.exec(moved.headers.get('location') ?? '') ?? [];
  await api.call('showProduct', { params: { product: decodeURIComponent(handle) }, query: { variant: product_id } });
  await api.call('showProduct', { params: { product: 'nothing' }, status: 404 });
  await api.call('showProof');
  for (const name of ['getRobots', 'getManifest', 'getPageSitemap']) await api.call(name);
  const index = String((await api.call('getSitemap')).body);
  const [, from = ''] = /sitemap-things\.xml\?from=([^<]+)/.exec(index) ?? [];
  const things = await api.call('getThingSitemap', { query: { from: decodeURIComponent(from) } });
  assert.ok(String(things.body).includes(`/p/${handle}</loc>`), 'it lists what is sold');
}

/** Of a browser: tokens are in its cookies, and in no body. */
export async function sessionIsAnswered(api: PublishedApi, credentials: { login: string; password: string }): Promise<void> {
  const headers = { 'sec-fetch-site': 'same-origin' };
  await api.call('getSession');
  const begun = await api.call('beginSession', { body: () => credentials, headers });
  const cookie = begun.headers
    .getSetCookie()
    .map((one) => one.split(';', 1)[0])
    .join('; ');
  await api.call('getSession', { headers: { cookie } });
  await api.call('beginSession', { body: () => credentials, status: 403 });
  await api.call('beginSession', { body: () => ({ ...credentials, password: 'wrong password' }), headers, status: 401 });
  await api.call('endSession', { headers: { ...headers, cookie } });
}

async function consoleIsAnswered(api: PublishedApi): Promise<void> {
  const headers = { accept: 'text/html' };
  const page = await api.call('showConsole', { headers });
  const [, name = ''] = /src="\/console\/files\/([^"]+)"/.exec(String(page.body)) ?? [];
  await api.call('getConsoleFile', { params: { name } });
  await api.call('getConsoleFile', { params: { name: 'nothing-AAAAAAAA.js' }, status: 404 });
  await api.call('showConsoleScreen', { params: { screen: 'orders' }, query: { status: 'pending' } });
  await api.call('showConsoleEntry', { params: { screen: 'orders', entry: '1' } });
  await api.call('showConsole', { headers: { 'if-none-match': page.headers.get('etag') ?? '' }, status: 304 });
}

export async function referenceIsAnswered(api: PublishedApi, url: string): Promise<void> {
  for (const name of [
    'getHome',
    'getApiLinks',
    'getOpenApi',
    'getAsyncApi',
    'getGuides',
    'getEventReference',
    'listProblems',
    'getProblem',
  ])
    await api.call(name);
  const page = await api.call('getServiceReference', { params: { service: 'orders' } });
  await api.call('getServiceReference', {
    params: { service: 'orders' },
    headers: { 'if-none-match': page.headers.get('etag') ?? '' },
    status: 304,
  });
  await api.call('getReferenceAsset', { params: { name: 'reference.css' } });
  await api.call('getHome', { headers: { accept: '*/*;q=0' }, status: 406 });
  assert.equal((await fetch(url, { method: 'HEAD' })).status, 200);
  const options = await fetch(`${url}/docs`, { method: 'OPTIONS' });
  assert.deepEqual([options.status, options.headers.get('allow')], [204, 'GET, HEAD, OPTIONS']);
  const slashed = await fetch(`${url}/docs/`, { redirect: 'manual' });
  assert.deepEqual([slashed.status, slashed.headers.get('location')], [308, '/docs']);
}
