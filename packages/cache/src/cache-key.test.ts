import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cacheKey, checkKey, checkTag, listKey } from './cache-key.ts';

describe('cache keys', () => {
  it('are built from service, resource, id and view', () => {
    assert.equal(cacheKey('products', 'product', '9f2c', 'card'), 'products:product:9f2c:card');
    assert.equal(cacheKey('orders', 'order', '019a'), 'orders:order:019a');
  });

  for (const key of [
    '',
    'products',
    'products:product',
    'products:product:',
    'Products:product:1',
    'a:b:c:d:e',
    'a:b:c d',
    'a:b:c\n',
    'a:b:*',
    `a:b:${'x'.repeat(129)}`,
  ]) {
    it(`refuse ${JSON.stringify(key.slice(0, 30))}`, () => assert.throws(() => checkKey(key), { code: 'cache_key_invalid' }));
  }

  it('of lists do not depend on the order of filters, but on every value', () => {
    const key = listKey('products', 'list', { category: 'shoes', limit: 20, q: undefined });
    assert.equal(key, listKey('products', 'list', { limit: 20, category: 'shoes' }));
    assert.notEqual(key, listKey('products', 'list', { limit: 21, category: 'shoes' }));
    assert.notEqual(listKey('a', 'list', { x: '1' }), listKey('a', 'list', { x: 1 }));
    checkKey(key);
  });

  it('have tags that are their beginnings', () => {
    checkTag('products:list');
    checkTag('products');
    assert.throws(() => checkTag('*'), { code: 'cache_key_invalid' });
  });
});
