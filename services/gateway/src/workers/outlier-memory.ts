/**
 * Which replicas of a service are left out for now although their health checks succeed: those that did not answer
 * where another one did. Each further time doubles how long, as in Envoy's outlier detection; a replica that stays well
 * for long enough begins anew.
 */
export interface OutlierMemory {
  /** Leaves the replica out from now on; answers for how long, in milliseconds. */
  add(instance_id: string, now_ms: number): number;
  isOut(instance_id: string, now_ms: number): boolean;
  /** Whether none is remembered. */
  isEmpty(): boolean;
}

export interface OutlierLimits {
  /** How long the first time. */
  out_ms: number;
  /** How long at most. */
  out_max_ms: number;
  /** Most replicas remembered; beyond it the one that was noted first is forgotten. */
  remembered_max: number;
}

interface Outlier {
  times: number;
  until: number;
}

export function createOutlierMemory({ out_ms, out_max_ms, remembered_max }: OutlierLimits): OutlierMemory {
  const outliers = new Map<string, Outlier>();
  return {
    add(instance_id, now_ms) {
      const known = outliers.get(instance_id);
      const isAgain = known !== undefined && now_ms < known.until + out_max_ms;
      const times = isAgain ? known.times + 1 : 1;
      const lasts_ms = Math.min(out_ms * 2 ** (times - 1), out_max_ms);
      outliers.delete(instance_id);
      const oldest = outliers.size >= remembered_max ? outliers.keys().next().value : undefined;
      if (oldest !== undefined) outliers.delete(oldest);
      outliers.set(instance_id, { times, until: now_ms + lasts_ms });
      return lasts_ms;
    },
    isOut: (instance_id, now_ms) => now_ms < (outliers.get(instance_id)?.until ?? 0),
    isEmpty: () => outliers.size === 0,
  };
}
