/** Figures of HTTP requests. Kept in plain arrays for each route, because a label lookup for each request would cost more than the route. */
import type { Registry } from '@prometheus-io/client';
import { metricTable } from '@souk/contracts';
import { registerCollected, type Series } from './collected.ts';

const durationName = 'souk_http_request_duration_seconds';
const bucketsSeconds = metricTable[durationName].buckets;

/** Where the requests of one route are counted. */
export interface RouteFigures {
  count(status: number, seconds: number): void;
}

interface Counted {
  labels: { service: string; method: string; route: string };
  statuses: Map<number, number>;
  buckets: Float64Array;
  seconds: number;
  requests: number;
}

export interface RequestFigures {
  /** `route` is the declared path, never an address. Asked again for the same route, it gives the same figures. */
  route(method: string, route: string): RouteFigures;
}

/** Registers `souk_http_requests_total` and `souk_http_request_duration_seconds`. */
export function createRequestFigures(registry: Registry, service: string): RequestFigures {
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
      return { count: (status, seconds) => count(one, status, seconds) };
    },
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
