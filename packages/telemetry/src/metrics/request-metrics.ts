/** Metrics of HTTP requests. Kept in plain arrays for each route, because a label lookup for each request would cost more than the route. */
import type { Registry } from '@prometheus-io/client';
import { metricTable } from '@souk/contracts';
import { registerCollected, type Series } from './collected.ts';
import type { Exemplars } from './exemplars.ts';

const durationName = 'souk_http_request_duration_seconds';
const bucketsSeconds = metricTable[durationName].buckets;

/** Counted since the start, over several routes. */
export interface RequestSums {
  requests: number;
  /** Answered with 5xx. */
  errors: number;
  /** Answered within `le` seconds. */
  buckets: { le: number; count: number }[];
}

/** Where the requests of one route are counted. */
export interface RouteMetrics {
  /** `traceparent` is the request's own trace. */
  count(status: number, seconds: number, traceparent: string): void;
}

interface Counted {
  labels: { service: string; method: string; route: string };
  statuses: Map<number, number>;
  buckets: Float64Array;
  seconds: number;
  requests: number;
}

export interface RequestMetrics {
  /** `route` is the declared path, never an address. Asked again for the same route, it gives the same metrics. */
  route(method: string, route: string): RouteMetrics;
  /** Over all routes whose path begins so. */
  sums(prefix: string): RequestSums;
}

/** Registers `souk_http_requests_total` and `souk_http_request_duration_seconds`. */
export function createRequestMetrics(registry: Registry, service: string, exemplars: Exemplars): RequestMetrics {
  const all: Counted[] = [];
  registerCollected(registry, 'souk_http_requests_total', () =>
    all.flatMap((one) => [...one.statuses].map(([status, value]) => ({ labels: { ...one.labels, status: String(status) }, value }))),
  );
  registerCollected(registry, durationName, () => all.filter((one) => one.requests > 0).flatMap(histogramOf));
  return {
    route(method, route) {
      const known = all.find(({ labels }) => labels.method === method && labels.route === route);
      const one: Counted = known ?? {
        labels: { service, method, route },
        statuses: new Map(),
        buckets: new Float64Array(bucketsSeconds.length),
        seconds: 0,
        requests: 0,
      };
      if (known === undefined) all.push(one);
      return {
        count(status, seconds, traceparent) {
          count(one, status, seconds);
          exemplars.note(durationName, one.labels, seconds, traceparent);
        },
      };
    },
    sums: (prefix) => sumsOf(all.filter(({ labels }) => labels.route.startsWith(prefix))),
  };
}

function count(one: Counted, status: number, seconds: number): void {
  one.statuses.set(status, (one.statuses.get(status) ?? 0) + 1);
  one.seconds += seconds;
  one.requests += 1;
  for (let bucket = 0; bucket < bucketsSeconds.length; bucket += 1) {
    if (seconds <= (bucketsSeconds[bucket] as number)) {
      one.buckets[bucket] = (one.buckets[bucket] as number) + 1;
      return;
    }
  }
}

function sumsOf(counted: readonly Counted[]): RequestSums {
  const sums: RequestSums = { requests: 0, errors: 0, buckets: bucketsSeconds.map((le) => ({ le, count: 0 })) };
  for (const { requests, statuses, buckets } of counted) {
    sums.requests += requests;
    for (const [status, count] of statuses) if (status >= 500) sums.errors += count;
    let below = 0;
    for (const [index, bucket] of sums.buckets.entries()) {
      below += buckets[index] as number;
      bucket.count += below;
    }
  }
  return sums;
}

function histogramOf(one: Counted): Series[] {
  const name = durationName;
  let below = 0;
  const buckets = bucketsSeconds.map((bound, index) => {
    below += one.buckets[index] as number;
    return { metricName: `${name}_bucket`, labels: { ...one.labels, le: String(bound) }, value: below };
  });
  return [
    ...buckets,
    { metricName: `${name}_bucket`, labels: { ...one.labels, le: '+Inf' }, value: one.requests },
    { metricName: `${name}_sum`, labels: one.labels, value: one.seconds },
    { metricName: `${name}_count`, labels: one.labels, value: one.requests },
  ];
}
