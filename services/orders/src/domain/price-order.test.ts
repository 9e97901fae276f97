import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AppError } from '@souk/kernel';
import { countryCodes } from './countries.ts';
import type { CatalogueProduct } from './goods.ts';
import { type Price, priceOrder, type Wanted } from './price-order.ts';
import { compileRules, type ShippingMethodRule, type StoredRules, type TaxRateRule } from './pricing-rules.ts';

const codes = countryCodes();
const year = (number: number): number => Date.UTC(number, 0, 1);
const now = year(2026);

const aProduct = (product_id: string, overrides: Partial<CatalogueProduct> = {}): CatalogueProduct => ({
  ...{ product_id, product_version: 1, sku: product_id, name: product_id, price: 10_000, currency: 'EUR', status: 'active' },
  ...{ tax_class: null, weight_g: null, group_id: null, category: null },
  ...overrides,
});
const aRate = (country: string, rate_ppm: number, overrides: Partial<TaxRateRule> = {}): TaxRateRule => ({
  ...{
    country,
    rate_ppm,
    region: null,
    postal_prefix: null,
    tax_class: 'standard',
    name: 'VAT',
    valid_from_ms: null,
    valid_until_ms: null,
  },
  ...overrides,
});
const aMethod = (overrides: Partial<ShippingMethodRule> = {}): ShippingMethodRule => ({
  ...{ code: 'post', zone_id: 'z', name: 'Post', kind: 'flat', currency: 'EUR', steps: [{ from: 0, amount: 490 }], free_from: null },
  ...{ days_min: 1, days_max: 3, tax_class: null, position: 0 },
  ...overrides,
});
const rulesOf = (rules: Partial<StoredRules>) =>
  compileRules({ version: 7, countries: [], rates: [], zones: [], methods: [], promotions: [], ...rules }, codes);
const included = (country: string) => ({ country, included: true });
const added = (country: string) => ({ country, included: false });
const everywhere = { id: 'z', countries: [], regions: [], postal_prefixes: [] };

function priced(rules: Partial<StoredRules>, products: readonly CatalogueProduct[], wanted: Partial<Wanted> = {}, at_ms = now): Price {
  const items = products.map(({ product_id }) => ({ product_id, quantity: 1 }));
  const catalogue = new Map(products.map((product) => [product.product_id, product]));
  return priceOrder({ items, shipping_address: { country: 'DE' }, ...wanted }, catalogue, rulesOf(rules), at_ms);
}
const linesOf = ({ totals }: Price) => totals?.tax_lines.map(({ name, base, amount }) => [name, base, amount]);
const refused = (code: string, pointer?: string) => (error: AppError) =>
  error.code === code && (pointer === undefined || JSON.stringify(error.details).includes(pointer));

describe('tax', () => {
  test('is inside of the price, or on top of it, once for each rate of an order', () => {
    const inside = priced({ countries: [included('DE')], rates: [aRate('DE', 190_000)] }, [aProduct('a')]);
    assert.deepEqual([inside.total_amount, linesOf(inside)], [10_000, [['VAT', 8_403, 1_597]]]);
    assert.deepEqual([inside.items[0]?.tax, inside.items[0]?.paid], [1_597, undefined]);
    const rates = [aRate('CA', 50_000, { name: 'GST' }), aRate('CA', 99_750, { name: 'QST', region: 'QC' })];
    const quebec = priced({ countries: [added('CA')], rates }, [aProduct('a')], {
      shipping_address: { country: 'canada', state: 'Québec' },
    });
    assert.deepEqual(
      [quebec.total_amount, linesOf(quebec)],
      [
        11_498,
        [
          ['GST', 10_000, 500],
          ['QST', 10_000, 998],
        ],
      ],
    );
    assert.deepEqual([quebec.items[0]?.tax, quebec.items[0]?.paid], [1_498, 11_498]);
  });

  test('of a class, a place and a date: the most exact place of each name counts, the end of a rate is not part of it', () => {
    const rates = [
      aRate('ES', 210_000),
      aRate('ES', 100_000, { tax_class: 'reduced' }),
      aRate('ES', 0, { postal_prefix: '35' }),
      aRate('ES', 180_000, { tax_class: 'books', valid_until_ms: now }),
      aRate('ES', 40_000, { tax_class: 'books', valid_from_ms: now }),
    ];
    const amount = (tax_class: string | null, postal_code: string, at_ms = now): number | undefined =>
      priced(
        { countries: [included('ES')], rates },
        [aProduct('a', { tax_class })],
        { shipping_address: { country: 'España', postal_code } },
        at_ms,
      ).totals?.tax_total;
    assert.equal(amount(null, '28001'), 1_736);
    assert.equal(amount('reduced', '28001'), 909);
    assert.equal(amount('unheard', '28001'), 1_736, 'a class without rates is taxed like everything else');
    assert.equal(amount(null, '35 001'), 0);
    assert.equal(amount('books', '28001', now - 1), 1_525);
    assert.equal(amount('books', '28001'), 385);
  });

  test('is not charged where the shop charges none, and never by guess', () => {
    const rules = { countries: [included('DE'), added('US')], rates: [aRate('DE', 190_000), aRate('US', 72_500, { region: 'CA' })] };
    const to = (shipping_address: Wanted['shipping_address']) => priced(rules, [aProduct('a')], { shipping_address });
    assert.deepEqual([to({ country: 'Schweiz' }).total_amount, to({ country: 'CH' }).totals?.tax_total], [10_000, 0]);
    assert.throws(() => to({ country: 'Atlantis' }), refused('country_unknown', '/shipping_address/country'));
    assert.throws(() => to({ country: 'EU' }), refused('country_unknown'));
    assert.equal(to({ country: 'USA', state: 'california' }).total_amount, 10_725);
    assert.equal(to({ country: 'US', state: 'OR' }).total_amount, 10_000);
    for (const state of [undefined, '', 'Bavaria'])
      assert.throws(() => to({ country: 'US', state }), refused('address_incomplete', '/shipping_address/state'));
  });

  test('two classes with one rate are one sum; one rate in several sets is rounded once', () => {
    const rates = [aRate('JP', 100_000, { name: 'JCT' }), aRate('JP', 80_000, { name: 'JCT', tax_class: 'food' })];
    const products = ['food', 'food', null].map((tax_class, index) => aProduct(String(index), { tax_class, price: 104, currency: 'JPY' }));
    const order = priced({ countries: [added('JP')], rates }, products, { shipping_address: { country: '日本' } });
    assert.deepEqual(linesOf(order), [
      ['JCT', 208, 17],
      ['JCT', 104, 10],
    ]);
    assert.deepEqual(
      order.items.map(({ tax, rates: of }) => [tax, of]),
      [
        [9, [0]],
        [8, [0]],
        [10, [1]],
      ],
    );
  });
});

describe('shipping', () => {
  const zones = [
    everywhere,
    { ...everywhere, id: 'y', countries: ['DE', 'AT'] },
    { ...everywhere, id: 'x', countries: ['DE'], postal_prefixes: ['2749'] },
  ];
  const methods = [
    aMethod(),
    aMethod({
      zone_id: 'y',
      code: 'parcel',
      kind: 'by_weight',
      steps: [
        { from: 0, amount: 500 },
        { from: 2_000, amount: 900 },
      ],
    }),
    aMethod({
      zone_id: 'y',
      code: 'express',
      kind: 'by_subtotal',
      steps: [
        { from: 0, amount: 1_500 },
        { from: 5_000, amount: 700 },
      ],
      free_from: 50_000,
    }),
    aMethod({ zone_id: 'y', code: 'dollar', currency: 'USD', steps: [{ from: 0, amount: 1 }] }),
  ];
  const optionsOf = ({ options }: Price) => options.map(({ method, amount }) => [method.code, amount]);

  test('is by the methods of the zone that fits most exactly, the cheapest where none is named', () => {
    const heavy = aProduct('a', { weight_g: 2_000 });
    const order = priced({ zones, methods }, [heavy], { shipping_address: { country: 'Germany', postal_code: '10115' } });
    assert.deepEqual(optionsOf(order), [
      ['express', 700],
      ['parcel', 900],
    ]);
    assert.deepEqual([order.totals?.shipping_method, order.total_amount], [{ code: 'express', name: 'Post' }, 10_700]);
    const three = { items: [{ product_id: 'a', quantity: 3 }], shipping_method: 'parcel', shipping_address: { country: 'AT' } };
    const light = (weight_g: number) => priced({ zones, methods }, [aProduct('a', { weight_g })], three).totals?.shipping_total;
    assert.deepEqual([light(666), light(667)], [500, 900], 'each piece has its weight');
    const named = priced({ zones, methods }, [heavy], { shipping_method: 'parcel', shipping_address: { country: 'AT' } });
    assert.deepEqual([named.total_amount, named.items[0]?.shipping], [10_900, 900]);
    assert.deepEqual(optionsOf(priced({ zones, methods }, [heavy], { shipping_address: { country: 'FR' } })), [['post', 490]]);
    assert.equal(
      priced({ zones, methods }, [aProduct('a', { price: 50_000 })], { shipping_address: { country: 'AT' } }).totals?.shipping_total,
      0,
    );
  });

  test('is refused where no zone or no method fits', () => {
    const to = (country: string, more: Partial<Wanted> = {}, postal_code = '1') =>
      priced({ zones, methods }, [aProduct('a')], { shipping_address: { country, postal_code }, ...more });
    assert.throws(() => to('DE', {}, '27498'), refused('shipping_unavailable', '/shipping_address'));
    assert.throws(() => to('FR', { shipping_method: 'express' }), refused('shipping_unavailable', '/shipping_method'));
    assert.throws(() => priced({}, [aProduct('a')], { shipping_method: 'post' }), refused('shipping_unavailable'));
    assert.throws(() => to('DE', {}, ''), refused('address_incomplete', '/shipping_address/postal_code'));
    assert.equal(priced({ countries: [included('DE')] }, [aProduct('a')]).totals?.shipping_method, null);
  });

  test('takes the rates of the goods in proportion, or of a class of its own', () => {
    const rates = [aRate('GB', 200_000), aRate('GB', 0, { tax_class: 'food' })];
    const goods = [aProduct('a', { price: 3_000, tax_class: 'food' }), aProduct('b', { price: 1_000 })];
    const taxOf = (tax_class: string | null) => {
      const rules = {
        countries: [included('GB')],
        rates,
        zones: [everywhere],
        methods: [aMethod({ tax_class, steps: [{ from: 0, amount: 400 }] })],
      };
      return priced(rules, goods, { shipping_address: { country: 'UK' } }).totals;
    };
    assert.equal(taxOf(null)?.tax_total, 183, 'a fifth of 1,100 that hold it');
    assert.deepEqual([taxOf('standard')?.tax_total, taxOf('standard')?.shipping_rates], [233, [1]]);
  });

  test('of goods that are all free is shared by quantity', () => {
    const goods = [aProduct('a', { price: 0 }), aProduct('b', { price: 0 })];
    const items = [
      { product_id: 'a', quantity: 1 },
      { product_id: 'b', quantity: 2 },
    ];
    const order = priced({ zones: [everywhere], methods: [aMethod()] }, goods, { items });
    assert.deepEqual(
      order.items.map(({ shipping }) => shipping),
      [163, 327],
    );
  });
});

test('a shop without rules prices as it always did', () => {
  const { items, total_amount, totals } = priced({}, [aProduct('a')], { shipping_address: { country: 'Atlantis' } });
  assert.deepEqual([items[0], total_amount, totals], [{ ...items[0] }, 10_000, null]);
  assert.deepEqual(Object.keys(items[0] ?? {}), ['product_id', 'sku', 'name', 'quantity', 'price', 'line_total']);
});
