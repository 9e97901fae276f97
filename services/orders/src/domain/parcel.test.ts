import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AppError } from '@souk/kernel';
import fc from 'fast-check';
import { decideParcel, linesByProduct, piecesOf, shownDelivery, shownParcel, unsentLines } from './parcel.ts';

const tea = { product_id: 'tea', name: 'Green tea', quantity: 3 };
const cup = { product_id: 'cup', name: 'Cup', quantity: 1 };
const ordered = [tea, cup, { ...tea, quantity: 2 }];

function refusalOf(act: () => unknown): Pick<AppError, 'code' | 'details' | 'message'> {
  try {
    act();
  } catch (error) {
    const { code, details, message } = error as AppError;
    return { code, details, message };
  }
  return assert.fail('it was not refused');
}

test('a parcel without items holds everything that is left, one line for each product', () => {
  assert.deepEqual(decideParcel(ordered, [], undefined), { items: [{ ...tea, quantity: 5 }, cup], unsent_pieces: 0 });
  assert.deepEqual(decideParcel(ordered, [{ ...tea, quantity: 4 }], undefined), {
    items: [{ ...tea, quantity: 1 }, cup],
    unsent_pieces: 0,
  });
  assert.deepEqual(
    refusalOf(() => decideParcel(ordered, ordered, undefined)),
    { code: 'parcel_too_large', details: { left: [] }, message: 'Everything of this order has been sent.' },
  );
});

test('a parcel holds what it is said to hold, and says what is left', () => {
  const wanted = [
    { product_id: 'cup', quantity: 1 },
    { product_id: 'tea', quantity: 1 },
    { product_id: 'tea', quantity: 1 },
  ];
  assert.deepEqual(decideParcel(ordered, [], wanted), { items: [{ ...tea, quantity: 2 }, cup], unsent_pieces: 3 });
});

test('more than is left, and what was not ordered, is refused', () => {
  const sent = [{ product_id: 'tea', quantity: 4 }];
  const { code, details, message } = refusalOf(() => decideParcel(ordered, sent, [{ product_id: 'tea', quantity: 2 }]));
  const left = [
    { product_id: 'tea', quantity: 1 },
    { product_id: 'cup', quantity: 1 },
  ];
  assert.deepEqual(
    [code, details, message],
    ['parcel_too_large', { left }, `The parcel would hold 2 of product tea, of which 1 are left.`],
  );
  const split = [
    { product_id: 'tea', quantity: 1 },
    { product_id: 'tea', quantity: 1 },
  ];
  assert.equal(refusalOf(() => decideParcel(ordered, sent, split)).code, 'parcel_too_large', 'lines of one product count together');
  assert.deepEqual(
    refusalOf(() => decideParcel(ordered, [], [{ product_id: 'pot', quantity: 1 }])),
    {
      code: 'parcel_items_unknown',
      details: { errors: [{ pointer: '/items', detail: 'the order has no product pot' }] },
      message: 'The order has no product pot.',
    },
  );
  assert.deepEqual(decideParcel(ordered, [], [{ product_id: 'cup', quantity: 1 }]).items, [cup], 'and no line of none');
});

test('whatever parcels are asked for, those that are not refused never hold more than was ordered, and the last one ends it', () => {
  const product = fc.constantFrom('tea', 'cup');
  const wanted = fc.option(
    fc.array(fc.record({ product_id: product, quantity: fc.integer({ min: 1, max: 3 }) }), { minLength: 1, maxLength: 3 }),
    {
      nil: undefined,
    },
  );
  fc.assert(
    fc.property(fc.array(wanted, { maxLength: 12 }), (requests) => {
      const gone: { product_id: string; quantity: number }[] = [];
      for (const items of requests) {
        try {
          const parcel = decideParcel(ordered, gone, items);
          gone.push(...parcel.items);
          assert.equal(parcel.unsent_pieces, piecesOf(ordered) - piecesOf(gone));
          if (items === undefined) assert.equal(parcel.unsent_pieces, 0);
        } catch (error) {
          assert.equal((error as AppError).code, 'parcel_too_large');
        }
      }
      for (const { product_id, quantity } of linesByProduct(gone.map((line) => ({ ...line, name: '' }))))
        assert.ok(quantity <= piecesOf(ordered.filter((line) => line.product_id === product_id)));
      assert.equal(piecesOf(unsentLines(ordered, gone)), piecesOf(ordered) - piecesOf(gone));
    }),
  );
});

test('an order shows how it was sent; one that was sent before parcels were kept shows one with everything', () => {
  const order = { id: 'o', items: ordered, carrier: 'Post', tracking_number: '1', unsent_pieces: null, parcels: null };
  assert.deepEqual(shownDelivery({ ...order, status: 'confirmed' }), { delivery: 'none', parcels: [] });
  const whole = shownDelivery({ ...order, status: 'completed' });
  assert.equal(whole.delivery, 'full');
  assert.deepEqual(
    whole.parcels.map(({ id, number, items }) => [id, number, items]),
    [['o', 1, [{ ...tea, quantity: 5 }, cup]]],
  );
  const parcel = { id: 'p', number: 1, items: [cup], carrier: 'Post', tracking_number: '1', tracking_url: null };
  const sent = { ...parcel, sent_at: '2026-01-01T00:00:00+00:00', delivered_at: null };
  const partial = shownDelivery({ ...order, status: 'shipped', unsent_pieces: 5, parcels: [sent] });
  assert.deepEqual(partial, { delivery: 'partial', parcels: [{ ...parcel, sent_at: '2026-01-01T00:00:00.000Z', delivered_at: null }] });
  assert.equal(shownParcel({ ...sent, delivered_at: '2026-01-02T00:00:00.000Z' }).delivered_at, '2026-01-02T00:00:00.000Z');
});
