import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AppError } from '@souk/kernel';
import fc from 'fast-check';
import { type CatalogueProduct, unknownProducts, type WantedGoods } from './goods.ts';
import { isDecided } from './order.ts';
import { piecesOf, priceOrder as priceByRules } from './price-order.ts';
import { compileRules } from './pricing-rules.ts';
import { checkExpectedTotal } from './shown-totals.ts';

const noRules = compileRules({ version: 1, countries: [], rates: [], zones: [], methods: [], promotions: [] }, new Map());
const shipping_address = { country: 'Atlantis' };
/** As a shop that configures nothing prices and checks an order; it may go anywhere. */
function priceOrder(wanted: WantedGoods & { expected_total?: number }, products: ReadonlyMap<string, CatalogueProduct>) {
  const { options, refused_codes, ...priced } = priceByRules({ ...wanted, shipping_address }, products, noRules, 0);
  checkExpectedTotal(wanted.expected_total, { ...priced, options, refused_codes }, 0);
  return priced;
}

const aProduct = (product_id: string, overrides: Partial<CatalogueProduct> = {}): CatalogueProduct => ({
  product_id,
  product_version: 1,
  sku: `SKU-${product_id}`,
  name: `Product ${product_id}`,
  price: 1_999,
  currency: 'EUR',
  status: 'active',
  ...{ tax_class: null, weight_g: null, group_id: null, category: null },
  ...overrides,
});
const catalogueOf = (...products: CatalogueProduct[]) => new Map(products.map((product) => [product.product_id, product]));
const catalogue = catalogueOf(
  aProduct('a'),
  aProduct('b', { price: 10 }),
  aProduct('gone', { status: 'archived' }),
  aProduct('dollar', { currency: 'USD' }),
  aProduct('dear', { price: 1_000_000_000_000 }),
);
const refused =
  (code: string, check: (error: AppError) => boolean = () => true) =>
  (error: AppError) =>
    error.code === code && check(error);

describe('pricing an order', () => {
  test('lines of one product are merged in the order of their first mention', () => {
    const { items, total_amount, currency } = priceOrder(
      {
        items: [
          { product_id: 'b', quantity: 1 },
          { product_id: 'a', quantity: 2 },
          { product_id: 'b', quantity: 3 },
        ],
      },
      catalogue,
    );
    assert.deepEqual(
      items.map(({ product_id, quantity, line_total }) => [product_id, quantity, line_total]),
      [
        ['b', 4, 40],
        ['a', 2, 3_998],
      ],
    );
    assert.deepEqual([total_amount, currency], [4_038, 'EUR']);
  });

  test('products that are archived or unknown are refused, each by its place in the order', () => {
    const items = ['a', 'gone', 'new'].map((product_id) => ({ product_id, quantity: 1 }));
    assert.throws(
      () => priceOrder({ items }, catalogue),
      refused('product_unknown', ({ message, details }) => {
        assert.equal(message, 'Of the products ordered, product gone is archived, and 1 more.');
        assert.deepEqual(details['errors'], [
          { pointer: '/items/1/product_id', detail: 'product gone is archived' },
          { pointer: '/items/2/product_id', detail: 'product new is unknown' },
        ]);
        return true;
      }),
    );
    assert.throws(
      () => priceOrder({ items: items.slice(2) }, catalogue),
      refused('product_unknown', ({ message }) => message === 'Of the products ordered, product new is unknown.'),
    );
  });

  test('a product that is not in the catalogue copy is asked for, an archived one is not', () => {
    const items = ['a', 'new', 'gone', 'new'].map((product_id) => ({ product_id, quantity: 1 }));
    assert.deepEqual(unknownProducts({ items }, catalogue), ['new']);
  });

  test('currencies are not mixed, nor other than the body says', () => {
    const items = [
      { product_id: 'a', quantity: 1 },
      { product_id: 'dollar', quantity: 1 },
    ];
    assert.throws(() => priceOrder({ items }, catalogue), refused('currency_mismatch'));
    assert.throws(() => priceOrder({ items: items.slice(0, 1), currency: 'USD' }, catalogue), refused('currency_mismatch'));
    assert.equal(priceOrder({ items: items.slice(1), currency: 'USD' }, catalogue).currency, 'USD');
  });

  test('a total the customer did not expect is refused, with the total of now', () => {
    const items = [{ product_id: 'a', quantity: 3 }];
    assert.equal(priceOrder({ items, expected_total: 59.97 }, catalogue).total_amount, 5_997);
    assert.throws(
      () => priceOrder({ items, expected_total: 59.96 }, catalogue),
      refused('total_changed', ({ details }) => details['total_amount'] === 59.97),
    );
    assert.throws(
      () => priceOrder({ items, expected_total: 59.971 }, catalogue),
      refused('amount_invalid', ({ details }) => details['pointer'] === '/expected_total'),
    );
  });

  test('more than 10,000 pieces of a product are refused also over several lines', () => {
    const items = [
      { product_id: 'b', quantity: 10_000 },
      { product_id: 'b', quantity: 1 },
    ];
    assert.throws(
      () => priceOrder({ items }, catalogue),
      refused('validation_failed', ({ details }) => JSON.stringify(details).includes('/items/1/quantity')),
    );
  });

  test('a total beyond the limit is refused, for a line and for a sum', () => {
    assert.equal(priceOrder({ items: [{ product_id: 'dear', quantity: 1 }] }, catalogue).total_amount, 1_000_000_000_000);
    assert.throws(() => priceOrder({ items: [{ product_id: 'dear', quantity: 10_000 }] }, catalogue), refused('total_too_large'));
    assert.throws(
      () =>
        priceOrder(
          {
            items: [
              { product_id: 'dear', quantity: 1 },
              { product_id: 'b', quantity: 1 },
            ],
          },
          catalogue,
        ),
      refused('total_too_large'),
    );
  });

  test('the total is the exact sum of its lines, whatever is ordered', () => {
    const line = fc.record({ price: fc.nat({ max: 1_000_000 }), quantity: fc.integer({ min: 1, max: 100 }) });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 100 }), (lines) => {
        const products = catalogueOf(...lines.map(({ price }, index) => aProduct(String(index), { price })));
        const order = priceOrder({ items: lines.map(({ quantity }, index) => ({ product_id: String(index), quantity })) }, products);
        assert.equal(
          order.total_amount,
          lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0),
        );
      }),
    );
  });
});

describe('a refusal says in a form for programs', () => {
  const detailsOf = (wanted: Parameters<typeof priceOrder>[0]): Readonly<Record<string, unknown>> => {
    try {
      priceOrder(wanted, catalogue);
    } catch (error) {
      return (error as AppError).details;
    }
    return assert.fail('it was not refused');
  };
  const line = (product_id: string, quantity = 1) => ({ product_id, quantity });

  test('which lines name products that cannot be had, in what order they come', () => {
    const { errors } = detailsOf({ items: [line('gone'), line('a'), line('new')] });
    assert.deepEqual(
      (errors as { pointer: string; detail: string }[]).map(({ pointer, detail }) => [pointer, detail.includes('archived')]),
      [
        ['/items/0/product_id', true],
        ['/items/2/product_id', false],
      ],
    );
  });

  test('which currencies there are, and which member is wrong', () => {
    assert.deepEqual(detailsOf({ items: [line('dollar'), line('a')] }), { currencies: ['EUR', 'USD'], pointer: '/items' });
    assert.deepEqual(detailsOf({ items: [line('a')], currency: 'USD' }), { currencies: ['EUR'], pointer: '/currency' });
  });

  test('the new total beside the one that was expected', () => {
    const { quote, ...details } = detailsOf({ items: [line('a')], expected_total: 20 });
    assert.deepEqual(details, { total_amount: 19.99, currency: 'EUR', expected_total: 20 });
    assert.equal((quote as { total: number }).total, 19.99);
  });

  test('which line makes too many pieces, and that the total is too large', () => {
    const [error] = detailsOf({ items: [line('b', 10_000), line('b')] })['errors'] as { pointer: string; detail: string }[];
    assert.equal(error?.pointer, '/items/1/quantity');
    assert.ok(error?.detail);
    assert.deepEqual(detailsOf({ items: [line('dear', 2)] }), { pointer: '/items' });
  });
});

test('how many other products cannot be had is said, where there are others', () => {
  const messageOf = (...names: readonly string[]): string => {
    try {
      priceOrder({ items: names.map((product_id) => ({ product_id, quantity: 1 })) }, catalogue);
    } catch (error) {
      return (error as AppError).message;
    }
    return assert.fail('it was not refused');
  };
  assert.ok(!messageOf('new').includes('more'));
  assert.ok(messageOf('new', 'gone', 'other').includes('2 more'));
});

test('the pieces of an order are those of all its lines', () => {
  const lines = [
    { product_id: 'a', quantity: 2 },
    { product_id: 'b', quantity: 3 },
  ];
  assert.equal(piecesOf(priceOrder({ items: lines }, catalogue)), 5);
});

test('an order is decided once it waits for nothing', () => {
  const statuses = ['pending', 'awaiting_payment', 'confirmed', 'shipped', 'completed', 'cancelled'] as const;
  assert.deepEqual(statuses.map(isDecided), [false, false, true, true, true, true]);
});
