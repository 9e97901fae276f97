import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '@souk/kernel';
import { categoryChanges, changedContent, contentOf, eventsOfChange, newProduct, type ProductRecord, revisedProduct } from './product.ts';

const aProduct = (members: Partial<ProductRecord> = {}): ProductRecord => ({
  ...newProduct(contentOf({ name: 'Mug', price: 12.5, category: 'Kitchen' }, { sku: 'MUG', currency: 'EUR' }), { id: 'id', now_ms: 0 }),
  ...members,
});

describe('a change', () => {
  it('that changes nothing is no version', () => {
    const mug = aProduct({ attributes: { a: '1', b: '2' } });
    assert.equal(revisedProduct(mug, changedContent(mug, { price: 12.5, attributes: { b: '2', a: '1' } }), 'active', 5), mug);
  });

  const changes: [string, Partial<ProductRecord>, Partial<ProductRecord>, { updated: boolean; archived: boolean }][] = [
    ['of the price', {}, { price: 1 }, { updated: true, archived: false }],
    ['of the name', {}, { name: 'Cup' }, { updated: true, archived: false }],
    ['of the SKU', {}, { sku: 'CUP' }, { updated: true, archived: false }],
    ['of the category', {}, { category: 'Bath' }, { updated: true, archived: false }],
    ['of the description', {}, { description: 'x' }, { updated: false, archived: false }],
    ['into the archive', {}, { status: 'archived' }, { updated: false, archived: true }],
    ['of the price and into the archive', {}, { price: 1, status: 'archived' }, { updated: true, archived: true }],
    ['out of the archive', { status: 'archived' }, { status: 'active' }, { updated: true, archived: false }],
  ];
  for (const [what, before, after, events] of changes) {
    it(`${what} publishes ${JSON.stringify(events)}`, () =>
      assert.deepEqual(eventsOfChange(aProduct(before), aProduct({ ...before, ...after })), events));
  }

  it('of the currency alone keeps the number, and must be possible in it', () => {
    assert.equal(changedContent(aProduct({ price: 1_200 }), { currency: 'JPY' }).price, 12);
    assert.throws(
      () => changedContent(aProduct(), { currency: 'JPY' }),
      (error) => error instanceof AppError && error.code === 'amount_invalid',
    );
  });

  it('moves the counts of categories', () => {
    const mug = aProduct();
    assert.deepEqual([...categoryChanges([{ before: undefined, after: mug }])], [['Kitchen', 1]]);
    assert.deepEqual(
      [...categoryChanges([{ before: mug, after: { ...mug, category: 'Bath' } }])],
      [
        ['Kitchen', -1],
        ['Bath', 1],
      ],
    );
    assert.deepEqual([...categoryChanges([{ before: mug, after: { ...mug, status: 'archived' } }])], [['Kitchen', -1]]);
    assert.deepEqual([...categoryChanges([{ before: mug, after: { ...mug, price: 1 } }])], []);
  });
});
