/** Rates and latencies from two readings of counters. */
import type { RequestRates, RequestTotals } from '@souk/contracts';

/** What was counted between two readings. */
export interface RequestSpan {
  seconds: number;
  requests: number;
  errors: number;
  /** Within each bound, cumulative. */
  buckets: readonly { le: number; count: number }[];
}

export interface CountedAt {
  at_ms: number;
  totals: RequestTotals;
}

/** Undefined when too little time lies between them, or the counters began anew. */
export function spanBetween(before: CountedAt, after: CountedAt): RequestSpan | undefined {
  const seconds = (after.at_ms - before.at_ms) / 1_000;
  const requests = after.totals.requests - before.totals.requests;
  const errors = after.totals.errors - before.totals.errors;
  if (seconds <= 0 || requests < 0 || errors < 0) return undefined;
  const buckets = after.totals.buckets.map(({ le, count }, index) => ({ le, count: count - (before.totals.buckets[index]?.count ?? 0) }));
  return { seconds, requests, errors, buckets };
}

/** Of several instances together; null when none has a span. */
export function ratesOf(spans: readonly RequestSpan[]): RequestRates | null {
  if (spans.length === 0) return null;
  const requests = sum(spans, (span) => span.requests);
  const errors = sum(spans, (span) => span.errors);
  const buckets = (spans[0]?.buckets ?? []).map(({ le }, index) => ({ le, count: sum(spans, (span) => span.buckets[index]?.count ?? 0) }));
  return {
    per_second: sum(spans, (span) => span.requests / span.seconds),
    errors_per_second: sum(spans, (span) => span.errors / span.seconds),
    error_share: requests === 0 ? 0 : errors / requests,
    p50_ms: quantileMs(buckets, requests, 0.5),
    p95_ms: quantileMs(buckets, requests, 0.95),
  };
}

/** As Prometheus estimates it: evenly spread within the bucket; what passes the last bound is reported as that bound. */
function quantileMs(buckets: RequestSpan['buckets'], requests: number, share: number): number | null {
  if (requests === 0) return null;
  const rank = requests * share;
  let below = { le: 0, count: 0 };
  for (const bucket of buckets) {
    if (bucket.count >= rank) {
      const inside = bucket.count - below.count;
      const part = inside === 0 ? 1 : (rank - below.count) / inside;
      return (below.le + (bucket.le - below.le) * part) * 1_000;
    }
    below = bucket;
  }
  return below.le * 1_000;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
