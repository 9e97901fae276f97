import type { EventDefinition } from './define-event.ts';

/** An event as a decision names it; what carries it out adds its cause. */
export interface DomainEvent {
  definition: EventDefinition;
  payload: object;
}

/** What a decision about one input of a saga can be: each a written word, never a missing branch. */
export type Decision<State> =
  | { kind: 'move'; state: State; events: readonly DomainEvent[] }
  | { kind: 'note'; note: string }
  | { kind: 'ignore'; why: string }
  | { kind: 'same'; why: string }
  | { kind: 'refuse'; code: string }
  | { kind: 'impossible'; why: string };
