/** Reads what a process shows at `/metrics`: Prometheus' text format. */
import assert from 'node:assert/strict';

export interface ShownSeries {
  name: string;
  labels: Readonly<Record<string, string>>;
  value: number;
}

export interface Exposition {
  /** Name of each metric → its type, as written. */
  types: ReadonlyMap<string, string>;
  help: ReadonlyMap<string, string>;
  series: readonly ShownSeries[];
}

const seriesLine = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const labelPair = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g;

/** Throws for a line that is none of the format, and for a series that is shown twice. */
export function readExposition(text: string): Exposition {
  const types = new Map<string, string>();
  const help = new Map<string, string>();
  const series: ShownSeries[] = [];
  const seen = new Set<string>();
  for (const line of text.split('\n')) {
    const comment = /^# (TYPE|HELP) (\S+) (.*)$/.exec(line);
    if (comment) (comment[1] === 'TYPE' ? types : help).set(comment[2] ?? '', comment[3] ?? '');
    if (line === '' || line.startsWith('#')) continue;
    const [, name = '', inner = '', value = ''] = seriesLine.exec(line) ?? [];
    assert.notEqual(name, '', `no series: ${line}`);
    const labels = Object.fromEntries([...inner.matchAll(labelPair)].map(([, label = '', text_of = '']) => [label, text_of]));
    const key = `${name} ${JSON.stringify(Object.entries(labels).sort())}`;
    assert.ok(!seen.has(key), `shown twice: ${line}`);
    seen.add(key);
    series.push({ name, labels, value: value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value) });
  }
  return { types, help, series };
}

/** The name of the metric a series belongs to: `_bucket`, `_sum` and `_count` belong to their histogram. */
export function metricOf(name: string, types: ReadonlyMap<string, string>): string {
  const whole = name.replace(/_(bucket|sum|count)$/, '');
  return types.has(name) ? name : whole;
}

/** The sum of the series of that name whose labels include these; undefined when there is none. */
export function sampleOf(series: readonly ShownSeries[], name: string, labels: Readonly<Record<string, string>> = {}): number | undefined {
  const found = series.filter((one) => one.name === name && Object.entries(labels).every(([label, value]) => one.labels[label] === value));
  return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0);
}
