import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AppError } from '@souk/kernel';
import fc from 'fast-check';
import { type CatalogueProduct, priceOrder, toResource, unknownProducts } from './order.ts';

const aProduct = (product_id: string, overrides: Partial<CatalogueProduct> = {}): CatalogueProduct => ({
  product_id,
  product_version: 1,
  sku: `SKU-${product_id}`,
  name: `Product ${product_id}`,
  price: 1_999,
  currency: 'EUR',
  status: 'active',
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

  test('an archived product is refused by its place in the order', () => {
    const items = [
      { product_id: 'a', quantity: 1 },
      { product_id: 'gone', quantity: 1 },
    ];
    assert.throws(
      () => priceOrder({ items }, catalogue),
      refused(
        'product_unknown',
        ({ message, details }) => message.includes('archived') && JSON.stringify(details['errors']).includes('/items/1/product_id'),
      ),
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

test('an order is shown in major units', () => {
  const priced = priceOrder({ items: [{ product_id: 'a', quantity: 3 }] }, catalogue);
  const order = toResource({
    ...priced,
    id: 'i',
    order_number: 'S-10001',
    user_id: 'u',
    status: 'pending',
    shipping_address: null,
    cancel_reason: null,
    carrier: null,
    tracking_number: null,
    version: 1,
    created_at: '',
    updated_at: '',
  });
  assert.equal(order.total_amount, 59.97);
  assert.deepEqual(order.items[0], { product_id: 'a', sku: 'SKU-a', name: 'Product a', quantity: 3, price: 19.99, line_total: 59.97 });
});
