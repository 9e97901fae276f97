import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decideAdjustment } from './adjustment.ts';
import { announcedAtOnce, announcementOf } from './announcement.ts';
import { fitsOpening, foldOpenings, newStock } from './opening.ts';
import { orderMovements } from './reservation.ts';
import { applyMovements, byProduct, onHandMax, type Stock } from './stock.ts';

function aStock(fields: Partial<Stock> = {}): Stock {
  const updated_at = '2026-01-01T00:00:00.000Z';
  return {
    product_id: 'lamp',
    on_hand: 10,
    reserved: 4,
    stock_version: 7,
    opened: true,
    published_version: 7,
    published_available: 6,
    change_reason: 'received',
    updated_at,
    ...fields,
  };
}
const order = (quantity: number) => ({ order_id: 'order', items: [{ product_id: 'lamp', quantity }] });
const code = (expected: string) => (error: unknown) => (error as { code?: string }).code === expected;

describe('movements change stock', () => {
  test('reserving promises pieces, releasing frees them, shipping takes them out', () => {
    const effects = (['reserved', 'released', 'shipped'] as const).map((kind) => {
      const [row] = applyMovements(byProduct([aStock()]), orderMovements(order(3), kind, null, 'system'));
      return [row?.on_hand, row?.reserved];
    });
    assert.deepEqual(effects, [
      [10, 7],
      [10, 1],
      [7, 1],
    ]);
  });

  test('a row changes once however many movements it has, and says so', () => {
    const movements = [1, 2].flatMap((quantity) => orderMovements(order(quantity), 'reserved', null, 'system'));
    const [row] = applyMovements(byProduct([aStock()]), movements);
    assert.deepEqual([row?.reserved, row?.stock_version, row?.change_reason], [7, 8, 'several']);
  });

  test('several movements of a row add up, of pieces that are there as of those that are promised', () => {
    const [row] = applyMovements(byProduct([aStock()]), [
      ...orderMovements(order(1), 'shipped', null, 'system'),
      ...orderMovements(order(2), 'shipped', null, 'system'),
    ]);
    assert.deepEqual(row, aStock({ on_hand: 7, reserved: 1, stock_version: 8, change_reason: 'several' }));
  });

  test('one movement of a row that is announced gives its reason', () => {
    const [row] = applyMovements(byProduct([aStock()]), orderMovements(order(1), 'released', null, 'system'));
    assert.deepEqual(row, aStock({ reserved: 3, stock_version: 8, change_reason: 'released' }));
  });

  test('all of it may be reserved, and none', () => {
    const reservedAfter = (quantity: number, kind: 'reserved' | 'released') =>
      applyMovements(byProduct([aStock()]), orderMovements(order(quantity), kind, null, 'system'))[0]?.reserved;
    assert.deepEqual([reservedAfter(6, 'reserved'), reservedAfter(4, 'released')], [10, 0]);
  });

  test('the limit of pieces may be reached, and not passed', () => {
    const receive = (on_hand_change: number) =>
      applyMovements(byProduct([aStock()]), [
        {
          product_id: 'lamp',
          kind: 'received',
          on_hand_change,
          reserved_change: 0,
          order_id: null,
          source_id: null,
          reason: null,
          actor: 'system',
        },
      ])[0]?.on_hand;
    assert.equal(receive(onHandMax - 10), onHandMax);
    assert.throws(() => receive(onHandMax - 9), /pieces of lamp/);
  });

  test('a movement on top of one that is not announced yet makes several', () => {
    const [row] = applyMovements(byProduct([aStock({ stock_version: 8 })]), orderMovements(order(1), 'released', null, 'system'));
    assert.equal(row?.change_reason, 'several');
  });

  test('more reserved than there is, or less than nothing, is a fault of the programme', () => {
    assert.throws(() => applyMovements(byProduct([aStock()]), orderMovements(order(7), 'reserved', null, 'system')), /11 of 10 pieces/);
    assert.throws(() => applyMovements(byProduct([aStock()]), orderMovements(order(5), 'released', null, 'system')), /-1 of 10 pieces/);
  });
});

describe('a person adjusts stock', () => {
  const adjust = (quantity_change: number, expected_on_hand?: number) =>
    decideAdjustment(aStock(), { quantity_change, reason: 'counted', expected_on_hand, actor: 'staff:1' }).on_hand_change;

  test('down to what is promised, not below', () => {
    assert.equal(adjust(-6), -6);
    assert.throws(() => adjust(-7), code('stock_reserved'));
    assert.throws(() => adjust(-11), code('stock_reserved'));
  });

  test('up to the limit, not above', () => {
    assert.equal(adjust(onHandMax - 10), onHandMax - 10);
    assert.throws(() => adjust(onHandMax - 9), code('stock_too_large'));
  });

  test('only when the expected quantity is the real one', () => {
    assert.equal(adjust(1, 10), 1);
    assert.throws(() => adjust(1, 9), code('stock_mismatch'));
  });

  test('by something', () => assert.throws(() => adjust(0), code('validation_failed')));
});

describe('stock is announced', () => {
  test('as the net of everything since the last time', () => {
    assert.deepEqual(announcementOf(aStock({ reserved: 9, stock_version: 12, change_reason: 'several' })), {
      product_id: 'lamp',
      quantity_change: -5,
      current_quantity: 1,
      reason: 'several',
      stock_version: 12,
    });
  });

  test('not at all when as much is available as before', () =>
    assert.equal(announcementOf(aStock({ on_hand: 9, reserved: 3 })), undefined));

  test('the first time even when nothing is left of the opening stock, which others believe in until then', () =>
    assert.equal(announcementOf(aStock({ reserved: 10, published_version: 1, published_available: 0 }))?.current_quantity, 0));

  test('few products all at once, of many a share, within the limit', () => {
    const limits = { least: 50, most: 1_000, share: 0.1 };
    assert.deepEqual(
      [0, 7, 50, 400, 2_000, 50_000].map((waiting) => announcedAtOnce(waiting, limits)),
      [0, 7, 50, 50, 200, 1_000],
    );
  });
});

describe('stock is opened', () => {
  const opening = (quantity?: number) => ({ product_id: 'lamp', quantity, actor: 'system' });

  test('by the first event that says how many there are', () => {
    assert.deepEqual(foldOpenings([opening(), opening(3), opening(5)]), [opening(3)]);
    assert.deepEqual(foldOpenings([opening(), opening()]), [opening()]);
  });

  test('with a record that stays unopened while nobody says', () => {
    assert.deepEqual([newStock(opening(), '').opened, newStock(opening(0), '').opened, newStock(opening(3), '').on_hand], [false, true, 3]);
  });

  test('at a version of its own when pieces came with it, so that they are announced', () => {
    const expected = {
      product_id: 'lamp',
      reserved: 0,
      published_version: 1,
      published_available: 0,
      change_reason: 'received',
      updated_at: '2026-01-02T00:00:00.000Z',
    };
    const opened = (quantity?: number) => newStock(opening(quantity), '2026-01-02T00:00:00.000Z');
    assert.deepEqual(opened(3), { ...expected, on_hand: 3, stock_version: 2, opened: true });
    assert.deepEqual(opened(0), { ...expected, on_hand: 0, stock_version: 1, opened: true });
    assert.deepEqual(opened(), { ...expected, on_hand: 0, stock_version: 1, opened: false });
  });

  test('unless it would become too large', () => {
    assert.deepEqual([fitsOpening(aStock(), onHandMax - 10), fitsOpening(aStock(), onHandMax - 9)], [true, false]);
  });
});
