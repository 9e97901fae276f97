import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type JoinedRecords, joinRecords, type Order } from './joined-records.ts';
import { summaryOf } from './order-summary.ts';

const id = '0198c5a4-0000-7000-8000-000000000001';
const at = '2026-11-30T08:00:00.000Z';

/** An order that was just placed. */
function records(totals?: Order['totals']): JoinedRecords {
  const order: Order = {
    ...{ id, order_number: 'S-10001', user_id: id, status: 'pending', total_amount: 22_991, currency: 'EUR', version: 1 },
    items: [{ product_id: id, sku: 'K1', name: 'Copper kettle', quantity: 2, price: 12_995, line_total: 25_990 }],
    ...{ cancel_reason: null, deadline_at: null, correlation_id: id, traceparent: null, placed_under_key: true, erased_at: null },
    ...{ created_at: at, updated_at: at },
    ...(totals && { totals }),
  };
  return joinRecords(order, [], { incomplete: [], read_at_ms: Date.parse(at) });
}

describe('the paragraph about an order', () => {
  it('names what promotions took off, what shipping cost, and the tax', () => {
    const paragraph = summaryOf(
      records({
        items_total: 259.9,
        discount_total: 32.49,
        discounts: [
          { promotion_id: id, code: 'SPRING', label: 'An eighth off', target: 'order', amount: 32.49 },
          { promotion_id: id, code: null, label: 'Half the way', target: 'shipping', amount: 2.5 },
        ],
        ...{ shipping_total: 2.5, tax_total: 42.52, tax_included: true, tax_lines: [], shipping_method: { code: 'post', name: 'Post' } },
      }),
      [],
    );
    const expected = [
      'Its goods came to 259.90 EUR: 32.49 EUR off its goods by "An eighth off" (code SPRING)',
      '2.50 EUR off its shipping by "Half the way"',
      '2.50 EUR for shipping (Post)',
      '42.52 EUR of tax, inside of the prices.',
    ];
    assert.ok(paragraph.includes(expected.join('; ')), paragraph);
  });

  it('says nothing of them where the total is the sum of the lines', () => {
    assert.doesNotMatch(summaryOf(records(), []), /Its goods came to/);
  });
});
