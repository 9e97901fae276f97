/** Metrics in the OpenMetrics text format (version 1.0), which unlike the older one can name a trace beside a bucket. */
import type { Registry } from '@prometheus-io/client';
import type { Labels } from '@souk/kernel';
import type { Exemplars } from './exemplars.ts';

export const openMetricsType = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

interface Read {
  name: string;
  help: string;
  type: string;
  values: readonly { labels?: Labels; value: number; metricName?: string }[];
}

/** Whether the scraper reads OpenMetrics. */
export function readsOpenMetrics(accept: string | undefined): boolean {
  return accept !== undefined && /application\/openmetrics-text(?![^,]*;\s*q=0(\.0*)?\s*(,|$))/.test(accept);
}

/** Everything that these registries hold, as one document. */
export async function openMetricsText(registries: readonly Registry[], exemplars: Exemplars): Promise<string> {
  const lines: string[] = [];
  for (const registry of registries)
    for (const metric of (await registry.getMetricsAsJSON()) as unknown as Read[]) write(lines, metric, exemplars);
  lines.push('# EOF');
  return `${lines.join('\n')}\n`;
}

function write(lines: string[], { name, help, type, values }: Read, exemplars: Exemplars): void {
  // A family of counters is named without the ending that each of its series has.
  const isCounter = type === 'counter' && name.endsWith('_total');
  const family = isCounter ? name.slice(0, -'_total'.length) : name;
  lines.push(`# HELP ${family} ${escaped(help)}`, `# TYPE ${family} ${type === 'counter' && !isCounter ? 'unknown' : type}`);
  for (const { metricName = name, labels = {}, value } of values) {
    const line = `${metricName}${labelText(labels)} ${numberText(value)}`;
    const exemplar = 'le' in labels ? exemplars.of(name, labels) : undefined;
    lines.push(
      exemplar === undefined
        ? line
        : `${line} # {trace_id="${exemplar.trace_id}"} ${numberText(exemplar.value)} ${exemplar.at_s.toFixed(3)}`,
    );
  }
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escaped(String(value))}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return Number.isFinite(value) ? String(value) : value > 0 ? '+Inf' : '-Inf';
}
