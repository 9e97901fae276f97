/** Metrics whose values are worked out at the scrape. */
import type { Registry } from '@prometheus-io/client';
import type { Sample } from '@souk/kernel';
import { catalogued } from './catalogued.ts';

export interface Series extends Sample {
  /** For the parts of a histogram. */
  metricName?: string;
}

/** Registers a metric of the catalogue; the registry asks for nothing more than `get`. */
export function registerCollected(registry: Registry, name: string, values: () => readonly Series[] | Promise<readonly Series[]>): void {
  const { help_line: help, type } = catalogued(name);
  const shown = { name, help, type, aggregator: 'sum' };
  const collected = { ...shown, get: async () => ({ ...shown, values: await values() }) };
  registry.registerMetric(collected as unknown as Parameters<Registry['registerMetric']>[0]);
}
