/** The metrics port on the Prometheus client: one registry for each service, one more for the process they share. */
import { Counter, collectDefaultMetrics, type Gauge, Histogram, Registry } from '@prometheus-io/client';
import type { Labels, Metrics } from '@souk/kernel';
import { createRequestFigures, type RequestFigures } from './request-figures.ts';

export interface ServiceMetrics extends Metrics {
  readonly requests: RequestFigures;
  readonly content_type: string;
  /** Everything in Prometheus' text format, the process included. */
  text(): Promise<string>;
}

const durationBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const sizeBuckets = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000];

let processRegistry: Registry | undefined;

/** Event-loop and memory figures belong to the process; its services must not each measure them. */
function processFigures(): Registry {
  if (processRegistry === undefined) {
    processRegistry = new Registry();
    collectDefaultMetrics({ register: processRegistry });
  }
  return processRegistry;
}

/** Metrics of one service; each series carries the label `service` unless the caller gave one. */
export function createServiceMetrics(service: string): ServiceMetrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  const counters = new Map<string, Counter<string>>();
  const histograms = new Map<string, Histogram<string>>();
  const gauges = new Map<string, (() => { labels: Labels; value: number }[])[]>();
  const requests = createRequestFigures(registry, service);
  processFigures();

  return {
    requests,
    content_type: registry.contentType,
    count(name, labels = {}, by = 1) {
      let counter = counters.get(name);
      if (counter === undefined) {
        counter = new Counter({ name, help: name, labelNames: Object.keys(labels), registers: [registry] });
        counters.set(name, counter);
      }
      counter.inc(labels, by);
    },
    observe(name, labels, value) {
      let histogram = histograms.get(name);
      if (histogram === undefined) {
        const buckets = name.endsWith('_seconds') ? durationBuckets : sizeBuckets;
        histogram = new Histogram({ name, help: name, labelNames: Object.keys(labels), buckets, registers: [registry] });
        histograms.set(name, histogram);
      }
      histogram.observe(labels, value);
    },
    gauge(name, read) {
      const known = gauges.get(name);
      if (known !== undefined) known.push(read);
      else {
        gauges.set(name, [read]);
        registerGauge(registry, name, gauges);
      }
    },
    async text() {
      return `${await registry.metrics()}\n${await processFigures().metrics()}`;
    },
  };
}

/** Read at each scrape; label names are those of the first values seen. */
function registerGauge(registry: Registry, name: string, gauges: Map<string, (() => { labels: Labels; value: number }[])[]>): void {
  const read = (): { labels: Labels; value: number }[] => (gauges.get(name) ?? []).flatMap((reader) => reader());
  const collected = {
    name,
    help: name,
    type: 'gauge',
    aggregator: 'sum',
    get: async () => ({
      name,
      help: name,
      type: 'gauge',
      aggregator: 'sum',
      values: read().map(({ labels, value }) => ({ labels, value })),
    }),
  };
  registry.registerMetric(collected as unknown as Gauge);
}
