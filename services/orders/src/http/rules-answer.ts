import { type Answer, answer, encodeCursor } from '@souk/service-kit';

/** A page of rules, of which one more than the limit was read to know whether there are more. */
export function rulesAnswer<T extends { id: string }>(rules: readonly T[], limit: number): Answer<T[]> {
  const shown = rules.slice(0, limit);
  const last = rules.length > limit ? shown.at(-1) : undefined;
  return answer(200, shown, { next_cursor: last === undefined ? null : encodeCursor(last.id) });
}
