import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AppError } from '@souk/kernel';
import { withOneMore } from './open-limits.ts';

const limits = { open_orders_max: 3, open_pieces_max: 10 };

function refusalOf(act: () => unknown): Pick<AppError, 'code' | 'details'> {
  try {
    act();
  } catch (error) {
    const { code, details } = error as AppError;
    return { code, details };
  }
  return assert.fail('it was not refused');
}

test('one more order is counted with its pieces, up to both limits', () => {
  assert.deepEqual(withOneMore({ orders: 1, pieces: 4 }, 2, limits), { orders: 2, pieces: 6 });
  assert.deepEqual(withOneMore({ orders: 2, pieces: 4 }, 6, limits), { orders: 3, pieces: 10 });
});

test('an order too many is refused, with how many are open and how many may be', () => {
  assert.deepEqual(
    refusalOf(() => withOneMore({ orders: 3, pieces: 0 }, 1, limits)),
    {
      code: 'too_many_open_orders',
      details: { open_orders: 3, open_orders_max: 3 },
    },
  );
});

test('a piece too many is refused, with how many are held and how many may be', () => {
  assert.deepEqual(
    refusalOf(() => withOneMore({ orders: 1, pieces: 4 }, 7, limits)),
    {
      code: 'too_many_open_pieces',
      details: { open_pieces: 4, open_pieces_max: 10 },
    },
  );
});
