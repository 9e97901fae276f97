/** Content that is valid and odd: characters outside the basic plane at every cutting point, prices in several currencies. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Product } from '@souk/contracts';
import { allPages, listed, openShop, type Shop } from './_support.ts';

let shop: Shop;
before(async () => {
  shop = await openShop();
});
after(() => shop.stop());

describe('a character of two halves', () => {
  const face = '😀';
  const letter = '𐐷';
  const odd: Record<string, Record<string, unknown>> = {
    'at the end of what lists sort by': { name: `${'x'.repeat(199)}${face}` },
    'all through a name': { name: `a${face.repeat(149)}` },
    'in a word longer than search keeps': { name: `b${letter.repeat(40)}` },
    'at the end of a SKU made of the name': { name: `c${letter.repeat(80)}` },
    'at the end of what search reads of a description': { name: 'Lamp', description: `${'y'.repeat(1_999)}${face}` },
    'in an attribute': { name: 'Chair', attributes: { [letter]: `d${letter.repeat(60)}` } },
  };
  for (const [where, product] of Object.entries(odd)) {
    it(`is kept ${where}`, async () => {
      const made = await shop.call<Product>('POST', '/api/products', { price: 1, ...product });
      assert.equal(made.status, 201, made.text);
      assert.equal(made.body.name, product['name']);
      assert.ok(made.body.sku.isWellFormed(), made.body.sku);
      const changed = await shop.call<Product>('PATCH', `/api/products/${made.body.id}`, { description: `${'z'.repeat(1_999)}${face}` });
      assert.equal(changed.status, 200, changed.text);
    });
  }

  it('does not end a list that is walked by name', async () => {
    const seen = (await allPages(shop, 'sort=name&limit=1')).map(({ id }) => id);
    assert.equal(new Set(seen).size, Object.keys(odd).length);
  });
});

it('of many new products with one SKU at the same moment one is made, and the others are refused with the reason', async () => {
  for (let round = 0; round < 5; round += 1) {
    const wanted = { sku: `ONE-${round}`, name: 'Only one', price: 1, category: 'Singles' };
    const answers = await Promise.all(Array.from({ length: 8 }, () => shop.call<{ code?: string }>('POST', '/api/products', wanted)));
    const codes = answers.map(({ status, body }) => body.code ?? String(status)).sort();
    assert.deepEqual(codes, ['201', ...new Array<string>(7).fill('sku_taken')]);
  }
});

describe('bounds of the price', () => {
  it('leave out what is sold in another currency than the shop counts in', async () => {
    const euro = await shop.add({ name: 'Tea bowl', price: 5, category: 'Bowls' });
    await shop.add({ name: 'Tea bowl', price: 500, currency: 'JPY', category: 'Bowls' });
    for (const query of ['max_price=100', 'min_price=1', 'min_price=5&max_price=5', 'q=bowl&max_price=100']) {
      const found = await listed(shop, `category=Bowls&${query}`);
      assert.deepEqual(
        found.map(({ id }) => id),
        [euro.id],
        query,
      );
    }
    assert.equal((await listed(shop, 'category=Bowls')).length, 2);
  });
});

describe('an order by price', () => {
  const amounts: [number, string][] = [
    [400, 'JPY'],
    [5, 'EUR'],
    [1_000, 'EUR'],
    [90, 'JPY'],
    [7, 'EUR'],
    [3, 'CHF'],
    [2_000, 'CHF'],
  ];
  before(async () => {
    for (const [price, currency] of amounts) await shop.add({ name: 'Fan', price, currency, category: 'Fans' });
  });
  const expected: Record<string, string[]> = {
    price: ['5 EUR', '7 EUR', '1000 EUR', '3 CHF', '2000 CHF', '90 JPY', '400 JPY'],
    '-price': ['1000 EUR', '7 EUR', '5 EUR', '400 JPY', '90 JPY', '2000 CHF', '3 CHF'],
  };
  for (const [sort, order] of Object.entries(expected)) {
    for (const filter of ['category=Fans', 'q=fan', 'q=fan&category=Fans']) {
      it(`${sort} compares within one currency only, the shop\u2019s own first, page by page: ${filter}`, async () => {
        const shown = (products: Product[]) => products.map(({ price, currency }) => `${price} ${currency}`);
        for (const limit of [1, 2, 3, 100]) assert.deepEqual(shown(await allPages(shop, `${filter}&sort=${sort}&limit=${limit}`)), order);
        for (const skip of [0, 1, 3, 4, 6, 7, 9])
          assert.deepEqual(shown(await listed(shop, `${filter}&sort=${sort}&skip=${skip}&limit=2`)), order.slice(skip, skip + 2));
        assert.deepEqual(
          shown(await listed(shop, `${filter}&sort=${sort}&max_price=10`)),
          order.filter((text) => /^[57] EUR/.test(text)),
        );
      });
    }
  }
});
