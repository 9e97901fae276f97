/** Puts what happened into causal order: a cause before its effects whatever the clocks say, and else by time. */

export interface Cause {
  /** Key of the step that is the cause. */
  key: string;
  /** The event that carried it; null where it was no event. */
  event_type: string | null;
  /** Null where no service records it. */
  event_id: string | null;
}

/** A step of a explanation before it has its place in it. */
export interface StepDraft {
  /** Names the step among those of the explanation. */
  key: string;
  at_ms: number;
  service: string;
  kind: string;
  text: string;
  id: string | null;
  attempts: number | null;
  is_problem: boolean;
  because_of: readonly Cause[];
  /** Comes after this one in any case, without being caused by it. */
  follows?: string | undefined;
}

/**
 * The steps in causal order. Of those whose causes are all placed the earliest comes next. Causes that are not among the steps are
 * dropped; in a circle, which only false records can make, the earliest step goes first.
 */
export function causalOrder(drafts: readonly StepDraft[]): StepDraft[] {
  const known = new Set(drafts.map(({ key }) => key));
  const waiting = drafts
    .map((draft) => ({ ...draft, because_of: draft.because_of.filter(({ key }) => known.has(key) && key !== draft.key) }))
    .sort((left, right) => left.at_ms - right.at_ms || left.key.localeCompare(right.key));
  const placed = new Set<string>();
  const ordered: StepDraft[] = [];
  const isReady = ({ because_of, follows }: StepDraft): boolean =>
    because_of.every(({ key }) => placed.has(key)) && (follows === undefined || !known.has(follows) || placed.has(follows));
  while (waiting.length > 0) {
    const ready = waiting.findIndex(isReady);
    const [next] = waiting.splice(Math.max(0, ready), 1);
    if (next === undefined) break;
    placed.add(next.key);
    ordered.push(next);
  }
  return ordered;
}
