/** All states of one participant that its own steps and messages in any order lead to. */
import type { Outcome } from '../src/model/participant.ts';

export function reachedStates<State>(starts: readonly State[], next: (state: State) => readonly Outcome<State>[]): State[] {
  const reached = new Map(starts.map((state) => [JSON.stringify(state), state]));
  for (const state of reached.values())
    for (const outcome of next(state)) {
      const key = JSON.stringify(outcome.state);
      if (!reached.has(key)) reached.set(key, outcome.state);
    }
  return [...reached.values()];
}
