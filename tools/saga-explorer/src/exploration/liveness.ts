/** Whether every fair run ends: from each state, whatever fair step is taken next. */
import type { NumberList } from './number-list.ts';

export interface FairSteps {
  from: NumberList;
  to: NumberList;
}

/**
 * Takes ends away one after the other: a state is done when all its fair steps lead to states that are done. What is left
 * can go round in circles for ever; answers the first of it, or undefined. A state without a fair step is an end.
 */
export function firstEndless(states: number, { from, to }: FairSteps): number | undefined {
  const open = new Int32Array(states);
  const starts = new Int32Array(states + 1);
  for (let edge = 0; edge < from.size; edge += 1) {
    open[from.at(edge)] = (open[from.at(edge)] as number) + 1;
    starts[to.at(edge) + 1] = (starts[to.at(edge) + 1] as number) + 1;
  }
  for (let state = 0; state < states; state += 1) starts[state + 1] = (starts[state + 1] as number) + (starts[state] as number);
  const filled = starts.slice();
  const sources = new Int32Array(from.size);
  for (let edge = 0; edge < from.size; edge += 1) {
    const place = filled[to.at(edge)] as number;
    sources[place] = from.at(edge);
    filled[to.at(edge)] = place + 1;
  }
  return firstLeft(open, starts, sources);
}

function firstLeft(open: Int32Array, starts: Int32Array, sources: Int32Array): number | undefined {
  const done = new Int32Array(open.length);
  let size = 0;
  for (let state = 0; state < open.length; state += 1) if (open[state] === 0) done[size++] = state;
  for (let index = 0; index < size; index += 1) {
    const state = done[index] as number;
    for (let place = starts[state] as number; place < (starts[state + 1] as number); place += 1) {
      const source = sources[place] as number;
      open[source] = (open[source] as number) - 1;
      if (open[source] === 0) done[size++] = source;
    }
  }
  return size === open.length ? undefined : open.findIndex((left) => left > 0);
}
