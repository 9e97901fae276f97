/** What all participants have in common: states as small numbers, and outcomes that are computed once. */
import type { EventName } from './messages.ts';

/** One thing that a participant may do next, from one of its states. */
export interface Outcome<State> {
  /** What happens, as the second half of a sentence: `inventory reserves 1 piece`. */
  says: string;
  state: State;
  publishes: readonly EventName[];
  /** `passing`: the message comes again later and nothing has changed. */
  fails?: 'passing';
  /** What must never happen. */
  breaks?: string;
  /** Goes on without luck: no crash, no lost answer, no person and no deadline is needed. */
  fair: boolean;
}

/** The states of one kind, each with a number: equal states have equal numbers. */
export interface StateTable<State> {
  numberOf(state: State): number;
  stateOf(number: number): State;
  readonly size: number;
}

export function createStateTable<State>(): StateTable<State> {
  const numbers = new Map<string, number>();
  const states: State[] = [];
  return {
    numberOf(state) {
      const key = JSON.stringify(state);
      const known = numbers.get(key);
      if (known !== undefined) return known;
      numbers.set(key, states.length);
      return states.push(state) - 1;
    },
    stateOf: (number) => states[number] as State,
    get size() {
      return states.length;
    },
  };
}

/** A participant's transaction that failed leaves nothing behind: what it threw is what must never happen. */
export function attempt<State>(says: string, before: State, decide: () => Outcome<State>[]): Outcome<State>[] {
  try {
    return decide();
  } catch (error) {
    return [{ says, state: before, publishes: [], breaks: `${says}, which fails: ${(error as Error).message}`, fair: true }];
  }
}
