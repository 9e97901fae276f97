/** Visits every reachable state, breadth first, so that the first violation found has a shortest way to it. */
import type { Decisions } from '../decisions.ts';
import { type Bounds, type Checkouts, createCheckouts, rowWidth } from '../model/checkout.ts';
import { createProperties, type Properties } from '../model/properties.ts';
import { sentenceOf, visitTransitions } from '../model/transitions.ts';
import { firstEndless } from './liveness.ts';
import { createNumberList } from './number-list.ts';
import { createStateSet, type StateSet } from './state-set.ts';

export interface Violation {
  what: string;
  /** From the placed order to the violation. */
  steps: string[];
}

export interface Exploration {
  states: number;
  transitions: number;
  /** Steps to the farthest state. */
  depth: number;
  at_rest: number;
  fair_transitions: number;
  violation: Violation | undefined;
}

/** A violation, at the state or in a step that begins there. */
interface Found {
  what: string;
  at: number;
  step?: string;
}

export function explore(decisions: Decisions, bounds: Bounds): Exploration {
  const checkouts = createCheckouts(decisions, bounds);
  const properties = createProperties(checkouts);
  const set = createStateSet(checkouts.width);
  const [parents, from, to] = [createNumberList(), createNumberList(), createNumberList()];
  const [state, next] = [new Int32Array(checkouts.width), new Int32Array(checkouts.width)];
  const seen = { transitions: 0, depth: 0, at_rest: 0 };
  let found: Found | undefined;
  let current = -1;
  const enter = (entered: Int32Array): number => {
    canonise(entered);
    const size = set.size;
    const index = set.add(entered);
    if (index < size) return index;
    parents.push(current);
    const rest = properties.isAtRest(entered);
    if (rest) seen.at_rest += 1;
    const what = properties.violated(entered) ?? (rest ? properties.unbalanced(entered) : undefined);
    if (what !== undefined) found ??= { what, at: index };
    return index;
  };
  enter(checkouts.initial.slice());
  for (let level_end = 1; current + 1 < set.size && !found; ) {
    current += 1;
    if (current === level_end) {
      seen.depth += 1;
      level_end = set.size;
    }
    set.read(current, state);
    let fair_steps = 0;
    visitTransitions(checkouts, state, next, (reached, fair, effect, how, broken) => {
      seen.transitions += 1;
      if (broken !== undefined) found ??= { what: broken, at: current, step: sentenceOf(effect, how) };
      if (isSame(reached, state)) return;
      const index = enter(reached);
      if (!fair || index === current) return;
      fair_steps += 1;
      from.push(current);
      to.push(index);
    });
    if (fair_steps === 0 && !properties.isAtRest(state))
      found ??= { what: `nothing goes on by itself, and this is under way: ${properties.underWay(state)}`, at: current };
  }
  found ??= endless(firstEndless(set.size, { from, to }));
  const counted = { states: set.size, ...seen, fair_transitions: from.size };
  return { ...counted, violation: found && violationOf({ checkouts, properties, set, parentOf: parents.at }, found) };
}

function endless(at: number | undefined): Found | undefined {
  return at === undefined ? undefined : { what: 'from here it can go on for ever without an end', at };
}

function isSame(one: Int32Array, other: Int32Array): boolean {
  for (let place = 0; place < one.length; place += 1) if (one[place] !== other[place]) return false;
  return true;
}

/** Two orders are the same two in either order. */
function canonise(state: Int32Array): void {
  if (state.length !== 1 + 2 * rowWidth) return;
  for (let place = 1; place <= rowWidth; place += 1) {
    const [first, second] = [state[place] as number, state[place + rowWidth] as number];
    if (first === second) continue;
    if (first > second) swap(state);
    return;
  }
}

function swap(state: Int32Array): void {
  const first = state.slice(1, 1 + rowWidth);
  state.copyWithin(1, 1 + rowWidth);
  state.set(first, 1 + rowWidth);
}

interface Explored {
  checkouts: Checkouts;
  properties: Properties;
  set: StateSet;
  parentOf(index: number): number;
}

/** Walks the way again, without exchanging the orders, so that each keeps its number. */
function violationOf({ checkouts, set, parentOf }: Explored, { what, at, step }: Found): Violation {
  const way: number[] = [];
  for (let index = at; index > 0; index = parentOf(index)) way.unshift(index);
  const [wanted, next, canonical] = [0, 0, 0].map(() => new Int32Array(checkouts.width)) as [Int32Array, Int32Array, Int32Array];
  let state: Int32Array = checkouts.initial.slice();
  const steps = way.map((index) => {
    set.read(index, wanted);
    let said = '';
    let reached: Int32Array | undefined;
    visitTransitions(checkouts, state, next, (candidate, _fair, effect, how) => {
      if (reached !== undefined) return;
      canonical.set(candidate);
      canonise(canonical);
      if (!canonical.every((number, place) => number === wanted[place])) return;
      said = named(checkouts.bounds, state, candidate, sentenceOf(effect, how));
      reached = candidate.slice();
    });
    state = reached ?? state;
    return said;
  });
  return { what, steps: step === undefined ? steps : [...steps, step] };
}

/** With two orders each step says whose it is. */
function named({ orders }: Bounds, before: Int32Array, after: Int32Array, says: string): string {
  if (orders === 1) return says;
  const changed = before.findIndex((number, place) => place > 0 && after[place] !== number);
  return changed < 0 ? says : `order ${changed <= rowWidth ? 1 : 2}: ${says}`;
}
