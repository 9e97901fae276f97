import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pageOf } from '../src/live/page-of.ts';
import { addressAt, placeOf } from '../src/router.ts';

describe('the address of a place', () => {
  it('leads back to the place', () => {
    for (const place of [
      { screen: '', entry: undefined, query: {} },
      { screen: 'orders', entry: undefined, query: { status: 'confirmed', cursor: 'a&b=c ü' } },
      { screen: 'dead-letters', entry: '15', query: { service: 'orders' } },
      { screen: 'orders', entry: 'a/b?c#d%', query: {} },
    ])
      assert.deepEqual(placeOf(addressAt(place)), place);
  });

  it('leaves out what is empty', () => {
    assert.equal(addressAt({ screen: 'orders', query: { status: '', cursor: undefined } }), '/console/orders');
    assert.equal(addressAt({ screen: '' }), '/console');
  });

  it('is none of the console elsewhere, and where it goes deeper than any screen', () => {
    for (const address of ['/', '/consoles', '/api/orders', '/console/orders/1/2']) assert.equal(placeOf(address), undefined, address);
  });

  it('takes a broken escape as it is', () => {
    assert.deepEqual(placeOf('/console/orders/%zz'), { screen: 'orders', entry: '%zz', query: {} });
  });

  it('says which page of a list is shown: the first one where it names none', () => {
    assert.deepEqual(pageOf({ query: { status: 'paid' } }), { limit: 50 });
    assert.deepEqual(pageOf({ query: { cursor: 'after-50' } }, 100), { limit: 100, cursor: 'after-50' });
  });
});
