/** What a fault is, and the playing of several side by side. */
import { until } from '@souk/constellation/testing';
import type { Stage } from './_stage.ts';

export interface Fault {
  what: string;
  /** All of them fire while it lasts. */
  alerts: readonly string[];
  /** Makes it and leaves it; the answer undoes it. */
  inflict(stage: Stage, scraped: () => Promise<void>): Promise<Undo>;
  /** It passes by itself, so it is made again until it was seen. */
  passing?: true;
}

export type Undo = () => Promise<unknown>;
export const nothing: Undo = async () => undefined;

const again_ms = 1_500;

/** Inflicts a round, waits until every alert of it has fired, and undoes it. */
export async function playRound(
  round: readonly Fault[],
  stage: Stage,
  { scraped, firing }: { scraped: () => Promise<void>; firing: () => Promise<Set<string>> },
  limit_ms: number,
): Promise<void> {
  const undo: Undo[] = [];
  try {
    for (const fault of round) undo.push(await fault.inflict(stage, scraped));
    const seen = new Set<string>();
    let inflicted_at = performance.now();
    await until(async () => {
      for (const name of await firing()) seen.add(name);
      const missing = round.flatMap(({ what, alerts }) => alerts.filter((name) => !seen.has(name)).map((name) => `${name} (${what})`));
      if (performance.now() - inflicted_at > again_ms) {
        inflicted_at = performance.now();
        for (const { passing, alerts, inflict } of round)
          if (passing && alerts.some((name) => !seen.has(name))) undo.push(await inflict(stage, scraped));
      }
      return missing.length === 0 ? undefined : `not firing: ${missing.join(', ')}`;
    }, limit_ms);
  } finally {
    for (const back of undo.reverse()) await back();
  }
}
