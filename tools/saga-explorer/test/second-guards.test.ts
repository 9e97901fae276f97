/** Guards that have another one behind them: one alone may go, and the exploration says so. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Bounds } from '../src/model/checkout.ts';
import { unchecked, unmarked, withoutKey } from './_holes.ts';
import { exploreWith, type Replaced } from './_support.ts';

// That both together must not go is in the other files.
describe('a second guard stands behind', () => {
  const behind: readonly { guard: string; replaced: Replaced; bounds?: Partial<Bounds> }[] = [
    {
      guard: 'the balance of stock: it is granted by what is available',
      replaced: { inventory: { applyMovements: unchecked } },
      bounds: { orders: 2 },
    },
    {
      guard: 'the question before another charge: the key charges once',
      replaced: { payments: { firstCall: () => 'charge' } },
    },
    {
      guard: 'the unique key of notifications: what was written before is left out, and replicas are not explored',
      replaced: { notifications: { insertedMessages: (_existing, rows) => [...rows] } },
      bounds: { notifications: true },
    },
    {
      guard: 'the mark of a cancelled payment: nothing is left to refund twice',
      replaced: { payments: { decideCancellation: unmarked } },
    },
    {
      guard: 'the unique key of cancellation refunds: a cancelled payment is marked, and nothing is left to refund twice',
      replaced: { payments: { insertedRefunds: withoutKey } },
    },
  ];
  for (const { guard, replaced, bounds } of behind) test(guard, () => assert.equal(exploreWith(replaced, bounds).violation, undefined));
});
