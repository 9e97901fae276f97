import { type MetricEntry, metricGroups, processMetrics, serviceNames } from '@souk/contracts';
import { code, codes, page, table } from '../markdown.ts';

export function metricsPage(): string {
  return page(
    'Metrics',
    'Every process shows these at `GET /metrics`, in the text format of Prometheus. Every series has the label `service`; the other labels come from the small sets named here, never from a request. A value outside its set is counted as `other`. Counters and histograms whose label values are known exist at 0 from the start, so that `rate` and `increase` see their first event.',
    '*Replicas* says how the values of several instances of a service are aggregated. Counters, histograms and most gauges are added; where all replicas look at the same thing (a queue, a table, an age), adding would count it several times: take the largest, `max by (queue) (souk_queue_ready)`.',
    'Metrics that have to be read from a database or a broker (`souk_checkout_*` by status, `souk_queue_*`, `souk_dead_letters`) are read at a scrape, at most once in five seconds and never for more than a twentieth of the time, however many scrapers come. While the database is away they are absent rather than old; `souk_sample_age_seconds` says since when.',
    ...metricGroups.flatMap(({ title, metrics }) => [`## ${title}`, groupTable(metrics)]),
    '## The process',
    'Reported by the Prometheus client, with the label `process` instead of `service`. In the embedded world one process hosts all services and each shows the same values: `sum(max by (process) (process_resident_memory_bytes))` counts it once.',
    table(
      ['Metric', 'Meaning'],
      Object.entries(processMetrics).map(([name, meaning]) => [code(name), meaning]),
    ),
  );
}

function groupTable(group: Readonly<Record<string, MetricEntry>>): string {
  return table(
    ['Metric', 'Type', 'Unit', 'Meaning', 'Labels', 'Reported by', 'Replicas'],
    Object.entries(group).map(([name, { type, unit, help, labels, reported_by, replicas }]) => [
      code(name),
      type,
      unit,
      help,
      labelsOf(labels),
      reportersOf(reported_by),
      replicas,
    ]),
  );
}

function labelsOf(labels: MetricEntry['labels']): string {
  const described = Object.entries(labels).map(([label, values]) => {
    if (typeof values === 'string') return `${code(label)}: ${values}`;
    return `${code(label)}: ${codes(values)}`;
  });
  return described.join('; ');
}

function reportersOf(names: readonly string[]): string {
  if (names.length === serviceNames.length) return 'every process';
  const services = serviceNames.filter((name) => name !== 'gateway');
  const others = services.filter((name) => !names.includes(name));
  if (names.includes('gateway') || names.length < services.length / 2) return names.join(', ');
  return `every service${others.length === 0 ? '' : ` but ${others.join(', ')}`}`;
}
