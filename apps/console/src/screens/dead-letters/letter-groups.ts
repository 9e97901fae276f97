/** Dead letters by their cause: what failed in one queue for one reason is looked at, replayed or discarded together. */
import type { DeadLetter } from '@souk/contracts';

export interface LetterGroup {
  readonly key: string;
  readonly service: string;
  readonly queue: string;
  readonly reason: string;
  readonly event_types: readonly string[];
  /** As they came: the newest first. */
  readonly letters: readonly DeadLetter[];
}

/** The largest first. */
export function groupLetters(service: string, letters: readonly DeadLetter[]): LetterGroup[] {
  const groups = Map.groupBy(letters, ({ queue, reason }) => `${queue} ${reason}`);
  return [...groups]
    .map(([key, found]) => ({
      key,
      service,
      queue: found[0]?.queue ?? '',
      reason: found[0]?.reason ?? '',
      event_types: [...new Set(found.map(({ event_type }) => event_type ?? '?'))].sort(),
      letters: found,
    }))
    .sort((one, other) => other.letters.length - one.letters.length);
}

/** The body of a letter as people read it; as it came where it is no JSON. */
export function readableBody(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2);
  } catch {
    // It may be a letter because of that.
    return body;
  }
}
