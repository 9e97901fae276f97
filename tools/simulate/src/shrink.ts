/** Reduces a plan that fails to what is needed for it: delta debugging (Zeller, Hildebrandt, 2002) over its faults and orders, replayed each time. */
import type { Plan, PlannedOrder } from './plan.ts';

export interface Shrunk {
  plan: Plan;
  /** How often it was replayed. */
  replays: number;
}

const replaysMax = 250;

/** The smallest part of the plan found for which `fails` still answers true; the plan itself must fail. */
export async function shrink(plan: Plan, fails: (plan: Plan) => Promise<boolean>): Promise<Shrunk> {
  let replays = 0;
  const test = async (part: Plan): Promise<boolean> => {
    if (replays >= replaysMax) return false;
    replays += 1;
    return fails(part);
  };
  let smallest = plan;
  for (let before = -1; before !== sizeOf(smallest); ) {
    before = sizeOf(smallest);
    const { faults } = smallest;
    const fewer = await minimal(faults, (some) => test({ ...smallest, faults: some }));
    smallest = { ...smallest, faults: fewer };
    const orders = await minimal(smallest.orders, (some) => test({ ...smallest, orders: some }));
    smallest = { ...smallest, orders };
    for (const order of smallest.orders) smallest = await plainer(smallest, order, test);
  }
  return { plan: smallest, replays };
}

function sizeOf({ faults, orders }: Plan): number {
  return faults.length + orders.reduce((sum, order) => sum + 1 + askedOf(order), 0);
}

function askedOf({ doubled, completes, cancel_after_ms, ship_after_ms, refund_after_ms }: PlannedOrder): number {
  return [doubled, completes, cancel_after_ms !== null, ship_after_ms !== null, refund_after_ms !== null].filter(Boolean).length;
}

const plain: readonly Partial<PlannedOrder>[] = [
  { doubled: false },
  { completes: false },
  { cancel_after_ms: null },
  { ship_after_ms: null },
  { refund_after_ms: null },
  { payment_method: 'tok_visa' },
];

/** The plan with as little as possible done about one order. */
async function plainer(plan: Plan, { id }: PlannedOrder, test: (plan: Plan) => Promise<boolean>): Promise<Plan> {
  let smallest = plan;
  for (const change of plain) {
    const order = smallest.orders.find((one) => one.id === id) as PlannedOrder;
    if (Object.entries(change).every(([name, value]) => order[name as keyof PlannedOrder] === value)) continue;
    const changed = { ...smallest, orders: smallest.orders.map((one) => (one.id === id ? { ...one, ...change } : one)) };
    if (await test(changed)) smallest = changed;
  }
  return smallest;
}

/** A part of the list that still fails and of which nothing alone can be left out. */
async function minimal<T>(list: readonly T[], fails: (part: readonly T[]) => Promise<boolean>): Promise<readonly T[]> {
  if (list.length === 0 || (await fails([]))) return [];
  let kept = list;
  let parts = 2;
  while (kept.length >= 2) {
    const size = Math.ceil(kept.length / parts);
    let smaller: readonly T[] | undefined;
    for (let at = 0; at < kept.length && smaller === undefined; at += size) {
      const rest = [...kept.slice(0, at), ...kept.slice(at + size)];
      if (await fails(rest)) smaller = rest;
    }
    if (smaller !== undefined) {
      kept = smaller;
      parts = Math.max(2, parts - 1);
    } else if (size === 1) break;
    else parts = Math.min(kept.length, parts * 2);
  }
  return kept;
}
