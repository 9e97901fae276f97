import type { Metrics, Sample } from '@souk/kernel';

/**
 * Metrics for a connection that is opened before, and shared by, those who report them: one that joins counts what
 * happens from then on, and reads the gauges.
 */
export interface Reporters extends Metrics {
  join(metrics: Metrics): void;
}

export function createReporters(): Reporters {
  const joined = new Set<Metrics>();
  const gauges: [name: string, read: () => readonly Sample[] | Promise<readonly Sample[]>][] = [];
  return {
    count: (name, labels, by) => joined.forEach((metrics) => void metrics.count(name, labels, by)),
    observe: (name, labels, value) => joined.forEach((metrics) => void metrics.observe(name, labels, value)),
    gauge(name, read) {
      gauges.push([name, read]);
      for (const metrics of joined) metrics.gauge(name, read);
    },
    join(metrics) {
      joined.add(metrics);
      for (const [name, read] of gauges) metrics.gauge(name, read);
    },
  };
}
