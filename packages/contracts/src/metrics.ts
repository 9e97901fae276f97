/**
 * Every metric Souk reports: name, type, unit, meaning, labels, who reports it and how replicas add up. The port in
 * `service-kit` takes its HELP and label names from here and refuses a name that is not here; `docs/reference/metrics.md`
 * is derived from it, and a tidy rule holds it against the code, both ways. Labels come from small sets that the code or
 * the shop declares, never from a request.
 */
import { businessMetrics } from './metrics/business.ts';
import { checkoutMetrics } from './metrics/checkout.ts';
import type { MetricEntry } from './metrics/define-metric.ts';
import { gatewayMetrics } from './metrics/gateway.ts';
import { httpMetrics } from './metrics/http.ts';
import { messagingMetrics } from './metrics/messaging.ts';
import { operationsMetrics } from './metrics/operations.ts';
import { platformMetrics } from './metrics/platform.ts';

export type { LabelValues, MetricEntry, MetricType } from './metrics/define-metric.ts';
export { processMetrics } from './metrics/process.ts';

/** The catalogue in the order of the reference. */
export const metricGroups: readonly { title: string; metrics: Readonly<Record<string, MetricEntry>> }[] = [
  { title: 'Requests', metrics: httpMetrics },
  { title: 'Messaging', metrics: messagingMetrics },
  { title: 'Checkout', metrics: checkoutMetrics },
  { title: 'Business', metrics: businessMetrics },
  { title: 'Gateway', metrics: gatewayMetrics },
  { title: 'Operations', metrics: operationsMetrics },
  { title: 'What a process stands on', metrics: platformMetrics },
];

export const metricTable = {
  ...httpMetrics,
  ...messagingMetrics,
  ...checkoutMetrics,
  ...businessMetrics,
  ...gatewayMetrics,
  ...operationsMetrics,
  ...platformMetrics,
} as const satisfies Record<string, MetricEntry>;

export type MetricName = keyof typeof metricTable;

/** The entry of a metric; undefined for a name that is not in the catalogue. */
export function metricEntry(name: string): MetricEntry | undefined {
  return Object.hasOwn(metricTable, name) ? metricTable[name as MetricName] : undefined;
}
