/** The real decisions with some of them replaced, and small bounds within which a violation shows. */
import assert from 'node:assert/strict';
import { type Decisions, realDecisions } from '../src/decisions.ts';
import { type Exploration, explore, type Violation } from '../src/exploration/explore.ts';
import type { Bounds } from '../src/model/checkout.ts';

export type Replaced = { [Part in keyof Decisions]?: Partial<Decisions[Part]> };

export const small: Bounds = {
  orders: 1,
  pieces: 1,
  amount: 2,
  late_product: false,
  charge_tasks_max: 1,
  refund_tasks_max: 1,
  staff_refunds_max: 0,
  late_calls: false,
  pages: false,
  lost_acknowledgements: false,
  notifications: false,
  new_address: false,
};

export function exploreWith(replaced: Replaced, bounds: Partial<Bounds> = {}): Exploration {
  const decisions: Decisions = {
    orders: { ...realDecisions.orders, ...replaced.orders },
    inventory: { ...realDecisions.inventory, ...replaced.inventory },
    payments: { ...realDecisions.payments, ...replaced.payments },
    notifications: { ...realDecisions.notifications, ...replaced.notifications },
    consumption: { ...realDecisions.consumption, ...replaced.consumption },
  };
  return explore(decisions, { ...small, ...bounds });
}

/** The violation that the replaced decisions lead to; without them there is none within the same bounds. */
export function violationOf(replaced: Replaced, bounds: Partial<Bounds> = {}): Violation {
  assert.equal(exploreWith({}, bounds).violation, undefined, 'the real decisions hold within these bounds');
  const { violation } = exploreWith(replaced, bounds);
  assert.ok(violation, 'the replaced decision is found');
  return violation;
}
