import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FacetRow, facetsOf } from './facets.ts';

const row = (price: number, more: Partial<FacetRow> = {}): FacetRow => ({ category: null, price, currency: 'EUR', options: {}, ...more });
const eur = { currency: 'EUR', approximate: false };

test('nothing has no facets', () => {
  assert.deepEqual(facetsOf([], eur), { product_count: 0, approximate: false, categories: [], currency: 'EUR', prices: [], options: [] });
});

test('categories and values of options are counted, the most frequent first, then by name', () => {
  const rows = [
    row(100, { category: 'Mugs', options: { size: 'large', colour: 'red' } }),
    row(100, { category: 'Mugs', options: { size: 'small' } }),
    row(100, { category: 'Lamps', options: { size: 'large' } }),
    row(100, { category: 'Jugs' }),
    row(100),
  ];
  const { categories, options, product_count } = facetsOf(rows, eur);
  assert.equal(product_count, 5);
  assert.deepEqual(
    categories.map(({ name, product_count: count }) => [name, count]),
    [
      ['Mugs', 2],
      ['Jugs', 1],
      ['Lamps', 1],
    ],
  );
  assert.deepEqual(options, [
    {
      name: 'size',
      values: [
        { value: 'large', product_count: 2 },
        { value: 'small', product_count: 1 },
      ],
    },
    { name: 'colour', values: [{ value: 'red', product_count: 1 }] },
  ]);
});

test('bands of the price are round, hold every price of the currency once, and can be filtered by as they are', () => {
  const cases: [number[], number[][]][] = [
    [[1_999], [[19.99, 19.99, 1]]],
    [[0], [[0, 0, 1]]],
    [
      [500, 999, 1_000, 4_999],
      [
        [0, 9.99, 2],
        [10, 19.99, 1],
        [40, 49.99, 1],
      ],
    ],
  ];
  for (const [prices, bands] of cases)
    assert.deepEqual(
      facetsOf([...prices.map((price) => row(price)), row(7, { currency: 'JPY' })], eur).prices.map((band) => Object.values(band)),
      bands,
    );
  for (let round = 0; round < 200; round += 1) {
    const prices = Array.from({ length: 30 }, (_, index) => ((index + 1) * 7_919 * (round + 1)) % 10 ** (1 + (round % 9)));
    const { prices: bands } = facetsOf(
      prices.map((price) => row(price)),
      eur,
    );
    assert.ok(bands.length <= 7, `${bands.length} bands`);
    for (const { min_price, max_price, product_count } of bands)
      assert.equal(
        prices.filter((price) => price >= Math.round(min_price * 100) && price <= Math.round(max_price * 100)).length,
        product_count,
      );
    assert.equal(
      bands.reduce((sum, band) => sum + band.product_count, 0),
      30,
    );
  }
});
