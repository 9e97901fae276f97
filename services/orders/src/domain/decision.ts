/** What a decision about one input can be: each a written word, never a missing branch. */
import type { EventDefinition, PayloadOf } from '@souk/contracts';

/** A fact as the decision names it; whoever runs the decision adds the cause. */
export interface Fact {
  definition: EventDefinition;
  payload: object;
}

export type Decision<State> =
  | { kind: 'move'; state: State; facts: readonly Fact[] }
  | { kind: 'note'; note: string }
  | { kind: 'ignore'; why: string }
  | { kind: 'same'; why: string }
  | { kind: 'refuse'; code: string }
  | { kind: 'impossible'; why: string };

type Refusal = 'order_not_cancellable' | 'order_not_shippable' | 'order_not_completable';

export function move<State>(state: State, ...facts: Fact[]): Decision<State> {
  return { kind: 'move', state, facts };
}

export function fact<D extends EventDefinition>(definition: D, payload: PayloadOf<D>): Fact {
  return { definition, payload: payload as object };
}

/** Nothing to do, and nothing wrong. */
export function ignores(why: string) {
  return { says: `ignore: ${why}`, decide: () => ({ kind: 'ignore', why }) as const };
}

/** Done already: the same answer again. */
export function same(why: string) {
  return { says: `same: ${why}`, decide: () => ({ kind: 'same', why }) as const };
}

/** The caller is told no. */
export function refuses(code: Refusal) {
  return { says: `refuse: ${code}`, decide: () => ({ kind: 'refuse', code }) as const };
}

/** Cannot be true if everything before it was: somebody must look. */
export function impossible(why: string) {
  return { says: `impossible: ${why}`, decide: () => ({ kind: 'impossible', why }) as const };
}
