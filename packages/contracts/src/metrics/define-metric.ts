/** The words in which the catalogue of metrics is written. */
import { dataServices, registeredServices, type ServiceName, serviceNames } from '../services.ts';
import { queues } from '../topology.ts';

export type MetricType = 'counter' | 'gauge' | 'histogram';

/** Written as values where they are all known, which makes the series exist at 0 from the start; else as where they come from. */
export type LabelValues = readonly string[] | OpenLabel;
export type OpenLabel = (typeof openLabels)[number];

/** Values that are not known before the process runs. All of them are bounded by what the code and the shop declare, none comes from a request. */
export const openLabels = [
  'queues of the service',
  'declared routes',
  'status codes',
  'methods of declared routes',
  'jobs of the process',
  'caches of the process',
  'currencies in use',
  'versions',
] as const;

export interface MetricEntry {
  type: MetricType;
  /** What one is: `seconds`, `bytes`, `events`. */
  unit: string;
  /** One sentence, without the full stop. */
  help: string;
  /** Beside `service`, which every series has. */
  labels: Readonly<Record<string, LabelValues>>;
  reported_by: readonly ServiceName[];
  /** How the values of several replicas are aggregated: `max` where all of them report the same, `min` where the best counts. */
  replicas: 'sum' | 'max' | 'min';
  /** Of a histogram. */
  buckets?: readonly number[];
}

export const everyProcess: readonly ServiceName[] = serviceNames;
/** Those with a database, an outbox and consumers. */
export const everyService: readonly ServiceName[] = dataServices;
/** Those of them that consume something. */
export const everyInstance: readonly ServiceName[] = everyService.filter((name) =>
  Object.keys(queues).some((queue) => queue.startsWith(`${name}.`)),
);
/** Those that share caches, limits and the registry through Redis. */
export const redisClients: readonly ServiceName[] = ['gateway', ...dataServices];
export const upstreams: readonly string[] = registeredServices;

/** Up to what a client waits for. */
export const durationBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] as const;
/** Up to what an outage lasts. */
export const ageBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3_600] as const;
export const sizeBuckets = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000] as const;
/** Kept few: there is one histogram for each route. */
export const requestBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const;

type Labels = MetricEntry['labels'];

/** Only grows; read it with `rate` or `increase`. */
export function counter<const L extends Labels>(reported_by: readonly ServiceName[], unit: string, help: string, labels: L) {
  return { type: 'counter', unit, help, labels, reported_by, replicas: 'sum' } as const satisfies MetricEntry;
}

/** A value of its own in each replica: their sum is the platform's. */
export function gauge<const L extends Labels>(reported_by: readonly ServiceName[], unit: string, help: string, labels: L) {
  return { type: 'gauge', unit, help, labels, reported_by, replicas: 'sum' } as const satisfies MetricEntry;
}

/** A value that all replicas see or that must not be added, such as an age: take the largest. */
export function sharedGauge<const L extends Labels>(reported_by: readonly ServiceName[], unit: string, help: string, labels: L) {
  return { type: 'gauge', unit, help, labels, reported_by, replicas: 'max' } as const satisfies MetricEntry;
}

/** Read it with `histogram_quantile` over the rate of its buckets. */
export function histogram<const L extends Labels>(
  reported_by: readonly ServiceName[],
  unit: string,
  help: string,
  labels: L,
  buckets: readonly number[],
) {
  return { type: 'histogram', unit, help, labels, reported_by, replicas: 'sum', buckets } as const satisfies MetricEntry;
}
