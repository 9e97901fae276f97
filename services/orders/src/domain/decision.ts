/** The words of a decision. */
import type { Decision, DomainEvent, EventDefinition, PayloadOf } from '@souk/contracts';

type Refusal = 'order_not_cancellable' | 'order_not_shippable' | 'order_not_completable';

export function move<State>(state: State, ...events: DomainEvent[]): Decision<State> {
  return { kind: 'move', state, events };
}

export function event<D extends EventDefinition>(definition: D, payload: PayloadOf<D>): DomainEvent {
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

/** The command is refused. */
export function refuses(code: Refusal) {
  return { says: `refuse: ${code}`, decide: () => ({ kind: 'refuse', code }) as const };
}

/** Cannot be true if everything before it was: an operator must look. */
export function impossible(why: string) {
  return { says: `impossible: ${why}`, decide: () => ({ kind: 'impossible', why }) as const };
}
