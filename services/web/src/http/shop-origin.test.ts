import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { originOfShop } from './shop-origin.ts';

describe('the origin of the shop', () => {
  const by = (headers: Record<string, string>, shop_url?: string) =>
    originOfShop(shop_url === undefined ? {} : { shop_url }, (name) => headers[name]);

  it('is the one that is configured, whatever a request says', () => {
    assert.equal(by({ 'x-forwarded-host': 'other.example' }, 'https://shop.example/'), 'https://shop.example');
  });

  it('is else where the request was sent to', () => {
    assert.equal(by({ 'x-forwarded-host': 'shop.example', 'x-forwarded-proto': 'https', host: '10.0.0.1:8008' }), 'https://shop.example');
    assert.equal(by({ host: '127.0.0.1:8000' }), 'http://127.0.0.1:8000');
    assert.equal(by({ host: '[::1]:8000', 'x-forwarded-proto': 'ftp' }), 'http://[::1]:8000');
  });

  it('is never what is no host', () => {
    for (const host of ['a.example/<script>', 'a b', 'a.example@b.example', '', 'x'.repeat(300)])
      assert.equal(by({ 'x-forwarded-host': host }), 'http://localhost', host);
  });
});
