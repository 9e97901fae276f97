/** The steps of an order as its customer knows them, made from its history. */
import type { OrderTransition } from '@souk/contracts';
import type { ShownOrder } from './buying-views.ts';

export type StepName = 'placed' | 'held' | 'action' | 'paid' | 'shipped' | 'completed' | 'cancelled' | 'refunded';

export interface OrderStep {
  readonly name: StepName;
  /** Undefined: it is not known when, or it has not happened. */
  readonly at: string | undefined;
  readonly state: 'done' | 'open';
}

/** How far an order is in each status, along the way that all take unless they are cancelled. */
const way = ['placed', 'held', 'paid', 'shipped'] as const;
const reached: Readonly<Record<ShownOrder['status'], number>> = {
  pending: 1,
  awaiting_payment: 2,
  confirmed: 3,
  shipped: 4,
  completed: 4,
  cancelled: 1,
};

export function orderSteps(
  { status, created_at }: Pick<ShownOrder, 'status' | 'created_at'>,
  history: readonly OrderTransition[],
): OrderStep[] {
  const times = new Map<StepName, string>([['placed', created_at]]);
  for (const line of history) {
    const name = stepOf(line);
    if (name !== undefined && !times.has(name)) times.set(name, line.at);
  }
  const known = [...times].map(([name, at]) => ({ name, at, state: 'done' as const }));
  // Without its history the status alone says what has happened.
  const inferred = way.slice(0, reached[status]).filter((name) => !times.has(name));
  const ends = status === 'cancelled' || status === 'completed' ? [status].filter((name) => !times.has(name)) : [];
  const done = [...known, ...[...inferred, ...ends].map((name) => ({ name, at: undefined, state: 'done' as const }))];
  const open = status === 'cancelled' ? [] : way.slice(reached[status]).map((name) => ({ name, at: undefined, state: 'open' as const }));
  return [...done.toSorted(byTimeThenWay), ...open];
}

function stepOf({ from, to, cause }: OrderTransition): StepName | undefined {
  if (cause === 'payment.action_required') return 'action';
  if (cause === 'payment.refunded') return 'refunded';
  if (from === to || to === 'pending') return undefined;
  return to === 'awaiting_payment' ? 'held' : to === 'confirmed' ? 'paid' : to;
}

const order: readonly StepName[] = ['placed', 'held', 'action', 'paid', 'shipped', 'completed', 'cancelled', 'refunded'];

function byTimeThenWay(one: OrderStep, other: OrderStep): number {
  if (one.at !== undefined && other.at !== undefined && one.at !== other.at) return one.at < other.at ? -1 : 1;
  return order.indexOf(one.name) - order.indexOf(other.name);
}
