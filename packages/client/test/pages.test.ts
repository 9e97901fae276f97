import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestClient } from '../src/testing.ts';
import { sendJson, startServer } from './_server.ts';

const shop = await startServer(({ url }, response) => {
  const { searchParams } = new URL(url, 'http://x');
  const page = Number(searchParams.get('cursor') ?? '1');
  const elsewhere = searchParams.get('q') === 'trap';
  const next = elsewhere ? 'http://other.example/api/products?cursor=2' : `/api/products?q=cup&cursor=${page + 1}`;
  return sendJson(response, 200, [{ name: `cup ${page}a` }, { name: `cup ${page}b` }], page < 3 ? { link: `<${next}>; rel="next"` } : {});
});
const client = createTestClient({ base_url: shop.base_url, token: 'mine' });
const requests = (): string[] => shop.received.splice(0).map(({ url }) => url);

test('a list is read page by page, as far as it is asked for', async () => {
  const names: string[] = [];
  for await (const { name } of client.products.list({ q: 'cup' })) names.push(name);
  assert.deepEqual(names, ['cup 1a', 'cup 1b', 'cup 2a', 'cup 2b', 'cup 3a', 'cup 3b']);
  assert.deepEqual(requests(), ['/api/products?q=cup', '/api/products?q=cup&cursor=2', '/api/products?q=cup&cursor=3']);
  for await (const _product of client.products.list({ q: 'cup' })) break;
  assert.equal(requests().length, 1);
  client.products.list();
  assert.equal(requests().length, 0);
});

test('a page alone says where the next one is', async () => {
  const { items, next } = await client.products.list({ q: 'cup' }).page();
  assert.deepEqual([items.length, next], [2, '/api/products?q=cup&cursor=2']);
  const sizes: number[] = [];
  for await (const page of client.list('listProducts', { query: { q: 'cup' } }).pages()) sizes.push(page.items.length);
  assert.deepEqual(sizes, [2, 2, 2]);
  requests();
});

test('a next page at another origin is not asked: it would get the token', async () => {
  const names: string[] = [];
  await assert.rejects(async () => {
    for await (const { name } of client.products.list({ q: 'trap' })) names.push(name);
  }, /other\.example.* is not an address of/);
  assert.equal(names.length, 2);
});

test('an iteration ends with the signal', async () => {
  const leaving = new AbortController();
  const seen: string[] = [];
  await assert.rejects(async () => {
    for await (const { name } of client.products.list({ q: 'cup' }, { signal: leaving.signal })) {
      seen.push(name);
      if (seen.length === 2) leaving.abort(new Error('left'));
    }
  }, /left/);
  assert.equal(seen.length, 2);
});
