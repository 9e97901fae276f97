/**
 * For each bucket of a histogram the last recorded trace that fell into it: from "some checkouts are slow" to one that
 * was. What is not sampled never gets here. There are at most as many as there are buckets.
 */
import { isSampled, type Labels, traceIdOf } from '@souk/kernel';
import { catalogued } from './catalogued.ts';

export interface Exemplar {
  trace_id: string;
  value: number;
  /** Seconds since the Unix epoch. */
  at_s: number;
}

export interface Exemplars {
  /** Keeps the trace as the last that measured this; drops one that is not recorded. */
  note(name: string, labels: Labels, value: number, traceparent: string | undefined): void;
  /** Of the bucket whose labels these are, `le` among them. */
  of(name: string, labels: Labels): Exemplar | undefined;
}

const perSecond = 1_000;

export function createExemplars(): Exemplars {
  const kept = new Map<string, Exemplar>();
  return {
    note(name, labels, value, traceparent) {
      if (!isSampled(traceparent)) return;
      const bound = catalogued(name).buckets?.find((limit) => value <= limit);
      const le = bound === undefined ? '+Inf' : String(bound);
      kept.set(keyOf(name, { ...labels, le }), { trace_id: traceIdOf(traceparent), value, at_s: Date.now() / perSecond });
    },
    of: (name, labels) => (kept.size === 0 ? undefined : kept.get(keyOf(name, labels))),
  };
}

/** The label `service` is the same for all of them. */
function keyOf(name: string, labels: Labels): string {
  const pairs = Object.entries(labels).filter(([label]) => label !== 'service');
  return JSON.stringify([name, ...pairs.map(([label, value]) => `${label}=${value}`).sort()]);
}
