/** What the catalogue says of a metric, as the registry needs it: help, label names, and the series that exist from the start. */
import { type LabelValues, type MetricEntry, metricEntry, metricTable, queues, type ServiceName } from '@souk/contracts';
import { AssertionFailed, isCurrency, type Labels } from '@souk/kernel';

/** A value that is not one of those declared. It must not make a series of its own, and must not be lost. */
const otherValue = 'other';
/** Most series of a metric that are made before anything has happened. */
const zeroSeriesMax = 50;

export interface Catalogued extends MetricEntry {
  help_line: string;
  label_names: string[];
  /** The labels with values that the catalogue declares. */
  bounded(labels: Labels): Labels;
}

/** Throws for a name that is not in the catalogue: `docs/reference/metrics.md` would not know it. */
export function catalogued(name: string): Catalogued {
  const entry = metricEntry(name);
  if (!entry) throw new AssertionFailed(`${name} is not in the catalogue of metrics; declare it in packages/contracts/src/metrics/`);
  const names = Object.keys(entry.labels);
  const checks = names.flatMap((label) => checkOf(label, entry.labels[label] as LabelValues));
  return {
    ...entry,
    help_line: helpOf(entry),
    label_names: names,
    bounded: (labels) => {
      for (const { label, knows } of checks) if (!knows(labels[label] ?? '')) return withOther(labels, checks);
      return labels;
    },
  };
}

interface Check {
  label: string;
  knows(value: string): boolean;
}

function checkOf(label: string, values: LabelValues): Check[] {
  if (values === 'currencies in use') return [{ label, knows: isCurrency }];
  if (typeof values === 'string') return [];
  const known = new Set(values);
  return [{ label, knows: (value) => known.has(value) }];
}

function withOther(labels: Labels, checks: readonly Check[]): Labels {
  const bounded: Record<string, string> = { ...labels };
  for (const { label, knows } of checks) if (!knows(bounded[label] ?? '')) bounded[label] = otherValue;
  return bounded;
}

const replicaAdvice: Readonly<Record<MetricEntry['replicas'], string>> = {
  sum: '',
  max: ' All replicas report the same value: take the max.',
  min: ' Of several replicas take the min.',
};

function helpOf({ help, replicas }: MetricEntry): string {
  return `${help}.${replicaAdvice[replicas]}`;
}

/** The series of a service that exist before anything has happened, so that the first increase of each is an increase. */
export function zeroSeries(service: ServiceName): { name: string; labels: Labels }[] {
  return Object.entries(metricTable as Record<string, MetricEntry>).flatMap(([name, entry]) => {
    if (entry.type === 'gauge' || !entry.reported_by.includes(service)) return [];
    return zeroLabels(entry, service).map((labels) => ({ name, labels }));
  });
}

function zeroLabels({ labels }: MetricEntry, service: ServiceName): Labels[] {
  let found: Labels[] = [{}];
  for (const [label, values] of Object.entries(labels)) {
    const known = knownValues(values, service);
    if (known === undefined || found.length * known.length > zeroSeriesMax) return [];
    found = found.flatMap((one) => known.map((value) => ({ ...one, [label]: value })));
  }
  return found;
}

function knownValues(values: LabelValues, service: ServiceName): readonly string[] | undefined {
  if (values === 'queues of the service') return Object.keys(queues).filter((queue) => queue.startsWith(`${service}.`));
  return typeof values === 'string' ? undefined : values;
}
