import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Grant, grantOrders, type OrderedLines } from './grant-orders.ts';
import { mergeLines } from './reservation.ts';

const productNames = ['a', 'b', 'c', 'd'];
const product = fc.constantFrom(...productNames);
const stock = fc
  .uniqueArray(fc.record({ product, on_hand: fc.nat({ max: 30 }), share: fc.double({ min: 0, max: 1, noNaN: true }) }), {
    selector: (row) => row.product,
  })
  .map((rows) => new Map(rows.map((row) => [row.product, { on_hand: row.on_hand, reserved: Math.floor(row.on_hand * row.share) }])));
const orders = fc
  .array(
    fc.record({
      items: fc.array(fc.record({ product_id: product, quantity: fc.integer({ min: 1, max: 9 }) }), { minLength: 1, maxLength: 5 }),
      patient: fc.boolean(),
    }),
    { maxLength: 25 },
  )
  .map((list) => list.map((order, index): OrderedLines => ({ order_id: `order ${index}`, ...order })));

type StockMap = ReadonlyMap<string, { on_hand: number; reserved: number }>;
const availableOf = (rows: StockMap, name: string): number => (rows.get(name)?.on_hand ?? 0) - (rows.get(name)?.reserved ?? 0);

/** What is granted of each product. */
function granted(list: readonly OrderedLines[], decisions: readonly Grant[]): Map<string, number> {
  const sums = new Map<string, number>();
  decisions.forEach((decision, index) => {
    if (decision.kind !== 'reserved') return;
    for (const { product_id, quantity } of list[index]?.items ?? []) sums.set(product_id, (sums.get(product_id) ?? 0) + quantity);
  });
  return sums;
}

describe('orders are granted from stock', () => {
  test('never more of a product than is available', () => {
    fc.assert(
      fc.property(stock, orders, (rows, list) => {
        for (const [name, sum] of granted(list, grantOrders(rows, list))) assert.ok(sum <= availableOf(rows, name));
      }),
    );
  });

  test('each order gets one decision, in the order of the queue', () => {
    fc.assert(
      fc.property(stock, orders, (rows, list) => {
        assert.deepEqual(
          grantOrders(rows, list).map((decision) => decision.order_id),
          list.map((order) => order.order_id),
        );
      }),
    );
  });

  test('an order is decided by what those before it left, and by nothing after it', () => {
    fc.assert(
      fc.property(stock, orders, fc.nat({ max: 25 }), (rows, list, count) => {
        assert.deepEqual(grantOrders(rows, list.slice(0, count)), grantOrders(rows, list).slice(0, count));
      }),
    );
  });

  test('an order is granted whole or not at all: rejected only when a line is truly short, and then each short line is named', () => {
    fc.assert(
      fc.property(stock, orders, (rows, list) => {
        const decisions = grantOrders(rows, list);
        decisions.forEach((decision, index) => {
          const before = granted(list.slice(0, index), decisions.slice(0, index));
          const lines = mergeLines(list[index]?.items ?? []);
          const short = lines
            .map(({ product_id, quantity }) => ({
              product_id,
              requested: quantity,
              available: availableOf(rows, product_id) - (before.get(product_id) ?? 0),
            }))
            .filter((line) => line.requested > line.available);
          const unknown = lines.filter((line) => !rows.has(line.product_id));
          if (decision.kind === 'reserved') assert.deepEqual(short, []);
          if (decision.kind === 'rejected') assert.deepEqual(decision.shortages, short);
          if (decision.kind === 'waiting')
            assert.deepEqual(
              decision.unknown,
              unknown.map((line) => line.product_id),
            );
          assert.equal(decision.kind === 'waiting', unknown.length > 0 && list[index]?.patient);
        });
      }),
    );
  });

  test('an order gets the last pieces, the next one is rejected, and a patient one waits for what is not known yet', () => {
    const rows = new Map([['a', { on_hand: 5, reserved: 2 }]]);
    const order = (order_id: string, product_id: string, quantity: number, others: Partial<OrderedLines> = {}): OrderedLines => ({
      order_id,
      items: [{ product_id, quantity }],
      patient: false,
      ...others,
    });
    const list = [
      order('first', 'a', 3),
      order('second', 'a', 1),
      order('patient', 'a', 1, { patient: true }),
      order('early', 'b', 1, { patient: true }),
      order('late', 'b', 1),
      order('again', 'a', 2, { patient: true, republished: true }),
      order('again and late', 'a', 2, { republished: true }),
    ];
    const short = (product_id: string, requested: number) => ({ product_id, requested, available: 0 });
    assert.deepEqual(grantOrders(rows, list), [
      { order_id: 'first', kind: 'reserved' },
      { order_id: 'second', kind: 'rejected', shortages: [short('a', 1)] },
      { order_id: 'patient', kind: 'rejected', shortages: [short('a', 1)] },
      { order_id: 'early', kind: 'waiting', unknown: ['b'] },
      { order_id: 'late', kind: 'rejected', shortages: [short('b', 1)] },
      { order_id: 'again', kind: 'waiting', unknown: ['a'] },
      { order_id: 'again and late', kind: 'rejected', shortages: [short('a', 2)] },
    ]);
  });

  test('an order that is published again gets what is there, like any other', () => {
    const items = [{ product_id: 'a', quantity: 3 }];
    assert.deepEqual(
      grantOrders(new Map([['a', { on_hand: 3, reserved: 0 }]]), [{ order_id: 'again', items, patient: true, republished: true }]),
      [{ order_id: 'again', kind: 'reserved' }],
    );
  });
});
