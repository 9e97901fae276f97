/** The metrics port on the Prometheus client: one registry for each service, one more for the process they share. */
import { Counter, Histogram, Registry } from '@prometheus-io/client';
import type { ServiceName } from '@souk/contracts';
import { createSingleFlight, type Metrics, type Sample, silentMetrics } from '@souk/kernel';
import { type Catalogued, catalogued, zeroSeries } from './catalogued.ts';
import { registerCollected } from './collected.ts';
import { createExemplars } from './exemplars.ts';
import { openMetricsText, openMetricsType, readsOpenMetrics } from './open-metrics.ts';
import { processMetrics } from './process-metrics.ts';
import { createRequestMetrics, type RequestMetrics } from './request-metrics.ts';

export interface ServiceMetrics extends Metrics {
  readonly requests: RequestMetrics;
  /**
   * Everything, the process included: in the format that this Accept header prefers, which is OpenMetrics or
   * else Prometheus' text. Scrapers that come together share one reading.
   */
  read(accept?: string): Promise<{ content_type: string; text: string }>;
}

/** Where metrics are switched off. */
const uncounted: ServiceMetrics = {
  ...silentMetrics,
  requests: { route: () => ({ count: () => undefined }), sums: () => ({ requests: 0, errors: 0, buckets: [] }) },
  read: async () => ({ content_type: Registry.PROMETHEUS_CONTENT_TYPE, text: '' }),
};

type Read = () => readonly Sample[] | Promise<readonly Sample[]>;

interface Kept<M> {
  metric: M;
  bounded: Catalogued['bounded'];
}

/** Metrics of one service, as the catalogue declares them; each series carries the label `service`. Names that are not there throw. */
export function createServiceMetrics(
  service: ServiceName,
  { code_version = 'unknown', metrics = 'on' }: { code_version?: string; metrics?: 'on' | 'off' } = {},
): ServiceMetrics {
  if (metrics === 'off') return uncounted;
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  const counters = new Map<string, Kept<Counter<string>>>();
  const histograms = new Map<string, Kept<Histogram<string>>>();
  const gauges = new Map<string, Read[]>();
  const exemplars = createExemplars();
  const requests = createRequestMetrics(registry, service, exemplars);
  processMetrics();
  const readText = createSingleFlight(async () => `${await registry.metrics()}\n${await processMetrics().metrics()}`).run;
  const readOpenMetrics = createSingleFlight(() => openMetricsText([registry, processMetrics()], exemplars)).run;

  const counter = (name: string): Kept<Counter<string>> => {
    const known = counters.get(name);
    if (known !== undefined) return known;
    const { help_line: help, label_names: labelNames, bounded } = catalogued(name);
    const made = { metric: new Counter({ name, help, labelNames, registers: [registry] }), bounded };
    counters.set(name, made);
    return made;
  };
  const histogram = (name: string): Kept<Histogram<string>> => {
    const known = histograms.get(name);
    if (known !== undefined) return known;
    const { help_line: help, label_names: labelNames, bounded, buckets = [] } = catalogued(name);
    const made = { metric: new Histogram({ name, help, labelNames, buckets: [...buckets], registers: [registry] }), bounded };
    histograms.set(name, made);
    return made;
  };
  registerCollected(registry, 'souk_build_info', () => [{ labels: { version: code_version, node: process.version }, value: 1 }]);
  for (const { name, labels } of zeroSeries(service)) {
    if (catalogued(name).type === 'counter') counter(name).metric.inc(labels, 0);
    else histogram(name).metric.zero(labels);
  }

  return {
    requests,
    count(name, labels = {}, by = 1) {
      const { metric, bounded } = counter(name);
      metric.inc(bounded(labels), by);
    },
    observe(name, labels, value, traceparent) {
      const { metric, bounded } = histogram(name);
      metric.observe(bounded(labels), value);
      if (traceparent !== undefined) exemplars.note(name, bounded(labels), value, traceparent);
    },
    gauge(name, readGauge) {
      const known = gauges.get(name);
      if (known !== undefined) known.push(readGauge);
      else {
        gauges.set(name, [readGauge]);
        registerCollected(registry, name, async () => (await Promise.all((gauges.get(name) ?? []).map((one) => one()))).flat());
      }
    },
    async read(accept) {
      if (readsOpenMetrics(accept)) return { content_type: openMetricsType, text: await readOpenMetrics() };
      return { content_type: registry.contentType, text: await readText() };
    },
  };
}
