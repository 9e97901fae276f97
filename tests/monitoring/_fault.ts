/** What a fault is, and the playing of several side by side: injected, reported by its alerts, ended by the step of the runbook. */
import { until } from '@souk/platform/testing';
import { alerts, looksAtNow } from './_committed.ts';
import type { Prometheus } from './_prometheus.ts';
import type { Stage } from './_stage.ts';

/** Where faults are played: something that a Prometheus sees. */
export interface Seen {
  prometheus: Prometheus;
}

/** The shop in this process. */
export interface Scene extends Stage, Seen {
  /** Resolves when everything that answers was scraped once more. */
  scraped(): Promise<void>;
}

/** An alert that a fault makes fire, and what its runbook says to do then: a piece of that text, word for word. */
export interface Reported {
  alert: string;
  step: string;
}

export interface Fault<Place extends Seen = Scene> {
  what: string;
  alerts: readonly Reported[];
  /** Makes it and leaves it; the answer takes those steps. */
  inflict(scene: Place): Promise<Cure>;
  /** It passes by itself, so it is made again until it was seen. */
  passing?: true;
}

/** Does what the runbook says and sees that it helped. */
export type Cure = () => Promise<unknown>;
export const nothing: Cure = async () => undefined;

export interface Played {
  /** Waits until every alert of the faults has fired. */
  seen(limit_ms: number): Promise<void>;
  /** Takes the steps, the last fault first, and waits until no alert about the present moment fires any more. */
  cured(limit_ms: number): Promise<void>;
}

const again_ms = 1_500;

/** Inflicts the faults, the first first. What cannot be inflicted takes back what was. */
export async function inflict<Place extends Seen>(faults: readonly Fault<Place>[], scene: Place): Promise<Played> {
  const cures: Cure[] = [];
  const cure = async (): Promise<void> => {
    while (cures.length > 0) await cures.pop()?.();
  };
  try {
    for (const fault of faults) cures.push(await fault.inflict(scene));
  } catch (error) {
    await cure();
    throw error;
  }
  return {
    seen: (limit_ms) => seeAll(faults, scene, cures, limit_ms),
    async cured(limit_ms) {
      await cure();
      const momentary = new Set((await alerts()).filter(looksAtNow).map(({ alert }) => alert));
      const ended = faults.flatMap((fault) => fault.alerts.map(({ alert }) => alert)).filter((name) => momentary.has(name));
      await until(async () => {
        const firing = await firingIn(scene.prometheus);
        const still = ended.filter((name) => firing.has(name));
        return still.length === 0 ? undefined : `still firing after what the runbook says was done: ${still.join(', ')}`;
      }, limit_ms);
    },
  };
}

/** Inflicts a round, waits until every alert of it has fired, and does what the runbooks say, whether they have fired or not. */
export async function playRound<Place extends Seen>(faults: readonly Fault<Place>[], scene: Place, limit_ms: number): Promise<void> {
  const played = await inflict(faults, scene);
  let failure: unknown;
  await played.seen(limit_ms).catch((error: unknown) => {
    failure = error;
  });
  await played.cured(limit_ms).catch((error: unknown) => {
    failure ??= error;
  });
  if (failure) throw failure;
}

async function seeAll<Place extends Seen>(faults: readonly Fault<Place>[], scene: Place, cures: Cure[], limit_ms: number): Promise<void> {
  const seen = new Set<string>();
  const missingOf = ({ alerts: reported }: Fault<Place>): string[] => reported.flatMap(({ alert }) => (seen.has(alert) ? [] : alert));
  let inflicted_at = performance.now();
  await until(async () => {
    for (const name of await firingIn(scene.prometheus)) seen.add(name);
    const missing = faults.flatMap((fault) => missingOf(fault).map((name) => `${name} (${fault.what})`));
    if (performance.now() - inflicted_at > again_ms) {
      inflicted_at = performance.now();
      for (const fault of faults) if (fault.passing && missingOf(fault).length > 0) cures.push(await fault.inflict(scene));
    }
    return missing.length === 0 ? undefined : `not firing: ${missing.join(', ')}`;
  }, limit_ms);
}

async function firingIn(prometheus: Prometheus): Promise<Set<string>> {
  return new Set((await prometheus.now('ALERTS{alertstate="firing"}')).map(({ metric }) => metric['alertname'] ?? ''));
}
