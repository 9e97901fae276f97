/** Each cell of the decision table of the checkout matters: where one is wrong, the exploration says so. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { orderCancelled, orderConfirmed } from '@souk/contracts';
import { type Checkout, type CheckoutInput, decideCheckout } from '@souk/orders/domain/checkout-saga';
import { realDecisions } from '../src/decisions.ts';
import { explore } from '../src/exploration/explore.ts';
import type { Bounds } from '../src/model/checkout.ts';
import { small } from './_support.ts';

type Decide = typeof decideCheckout;
type Decided = ReturnType<Decide>;

/** Together they reach whatever can be reached. */
const both: readonly Bounds[] = [
  { ...small, staff_refunds_max: 1, notifications: true },
  { ...small, pieces: 0, notifications: true },
  { ...small, pages: true },
];

const cellOf = (state: Checkout, input: CheckoutInput): string => `${state.status} × ${input.name}`;

function exploreBy(decide: Decide, bounds: Bounds) {
  return explore({ ...realDecisions, orders: { decideCheckout: decide } }, bounds);
}

interface Reached {
  kind: Decided['kind'];
  publishes: boolean;
  bounds: Bounds;
}

/** The cells that are reached, with the kind of their decision, and by which bounds first. */
function reachedCells(): Map<string, Reached> {
  const cells = new Map<string, Reached>();
  for (const bounds of both) {
    const decide: Decide = (state, input) => {
      const decision = decideCheckout(state, input);
      const cell = cellOf(state, input);
      if (!cells.has(cell))
        cells.set(cell, { kind: decision.kind, publishes: decision.kind === 'move' && decision.events.length > 0, bounds });
      return decision;
    };
    assert.equal(exploreBy(decide, bounds).violation, undefined);
  }
  return cells;
}

/** A move that nothing asks for. */
function wrongMove({ order_id, order_number, user_id, total_amount, currency, placed_at, version, status }: Checkout): Decided {
  const known = { order_id, order_number, user_id, total_amount, currency, placed_at, version: version + 1 };
  return status === 'cancelled'
    ? { kind: 'move', state: { ...known, status: 'confirmed' }, events: [{ definition: orderConfirmed, payload: {} }] }
    : {
        kind: 'move',
        state: { ...known, status: 'cancelled', cancel_reason: 'customer_request' },
        events: [{ definition: orderCancelled, payload: {} }],
      };
}

const ignored = (): Decided => ({ kind: 'ignore', why: 'a hole' });
const silent = (decision: Decided): Decided => (decision.kind === 'move' ? { ...decision, events: [] } : decision);

const cells = reachedCells();

describe('a wrong cell is found', () => {
  for (const [cell, { kind, publishes, bounds }] of cells) {
    const found = (wrong: (decision: Decided, state: Checkout) => Decided): void => {
      const { violation } = exploreBy((state, input) => {
        const decision = decideCheckout(state, input);
        return cellOf(state, input) === cell ? wrong(decision, state) : decision;
      }, bounds);
      assert.ok(violation, cell);
    };
    if (kind === 'move') {
      test(`${cell}, where nothing is done`, () => found(ignored));
      if (publishes) test(`${cell}, where nothing is published`, () => found(silent));
    } else test(`${cell}, where something is done (and not ${kind})`, () => found((_decision, state) => wrongMove(state)));
  }
});

describe('holes that are known by name', () => {
  type Known = Omit<Checkout, 'status'>;
  const moved = ({ order_id, order_number, user_id, total_amount, currency, placed_at, version }: Known) => {
    return { order_id, order_number, user_id, total_amount, currency, placed_at, version: version + 1 };
  };
  const named: readonly { hole: string; cell: string; decided(state: Checkout, decision: Decided): Decided; says: RegExp }[] = [
    {
      hole: 'confirmed twice',
      cell: 'confirmed × payment.processed: succeeded',
      decided: (state) => ({
        kind: 'move',
        state: { ...moved(state), status: 'confirmed' },
        events: [{ definition: orderConfirmed, payload: {} }],
      }),
      says: /order.confirmed is published a second time/,
    },
    {
      hole: 'confirmed after the cancellation',
      cell: 'cancelled × payment.processed: succeeded',
      decided: (state) => wrongMove(state),
      says: /an order that was cancelled moves on/,
    },
    {
      hole: 'cancelled after the shipment',
      cell: 'shipped × cancel_requested',
      decided: (state) => wrongMove(state),
      says: /shipped becomes cancelled/,
    },
    {
      hole: 'a deadline that is ignored',
      cell: 'pending × deadline_passed',
      decided: ignored,
      says: /waits for as long as the others are away/,
    },
    {
      hole: 'a refund by staff before its payment, as it was once',
      cell: 'awaiting_payment × payment.refunded',
      decided: () => ({ kind: 'impossible', why: 'a refund before a payment' }),
      says: /takes for impossible: a refund before a payment/,
    },
    {
      hole: 'a cancellation that is not published',
      cell: 'awaiting_payment × payment.processed: declined',
      decided: (_, decision) => silent(decision),
      says: /the order is cancelled, and its reservation is held/,
    },
  ];
  for (const { hole, cell, decided, says } of named)
    test(hole, () => {
      const { violation } = exploreBy((state, input) => {
        const decision = decideCheckout(state, input);
        return cellOf(state, input) === cell ? decided(state, decision) : decision;
      }, both[0] as Bounds);
      assert.match(violation?.what ?? 'nothing', says, (violation?.steps ?? []).join('\n'));
    });
});

test('what the table takes for impossible is not reached, nor is what it ignores to be on the safe side', () => {
  const statuses = ['pending', 'awaiting_payment', 'confirmed', 'shipped', 'completed', 'cancelled'] as const;
  const inputs = [...new Set([...cells.keys()].map((cell) => cell.split(' × ')[1]))];
  const unreached = statuses.flatMap((status) => inputs.map((input) => `${status} × ${input}`)).filter((cell) => !cells.has(cell));
  assert.deepEqual(unreached.sort(), [
    'awaiting_payment × inventory.rejected',
    'completed × inventory.rejected',
    'completed × payment.processed: declined',
    'confirmed × inventory.rejected',
    'confirmed × payment.processed: declined',
    'pending × payment.action_required',
    'pending × payment.processed: declined',
    'pending × payment.processed: succeeded',
    'pending × payment.refunded',
    'shipped × inventory.rejected',
    'shipped × payment.processed: declined',
  ]);
});
