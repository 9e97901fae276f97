/** Requests to one address by a generator in a process of its own, and the CPU the process under measurement used for each of them. */
import { fileURLToPath } from 'node:url';
import { processSeconds } from './processes.ts';
import { runGenerator } from './run-generator.ts';

export interface PlainRequest {
  method: string;
  /** `{number}` in the request stands for a number of its own in each request. */
  path: string;
  headers: Readonly<Record<string, string>>;
  body?: string;
}

export interface RequestOrder {
  url: string;
  requests: readonly PlainRequest[];
  connections: number;
  seconds: number;
  /** Requests a second; without it as many as are answered. */
  rate?: number;
  /** Ends after so many requests. */
  count?: number;
}

export interface RequestMeasurements {
  answers: number;
  failed: number;
  per_second: number;
  p50_ms: number;
  p99_ms: number;
  bytes: number;
}

const generator = fileURLToPath(new URL('./request-generator.ts', import.meta.url));

/** Runs the generator; `cpu_us` is the CPU of the given processes for one answer. */
export async function runRequests(
  order: RequestOrder,
  pids: readonly number[],
  aside: readonly string[] = [],
): Promise<RequestMeasurements & { cpu_us: number }> {
  const before = await processSeconds(pids);
  const measurements = await runGenerator<RequestMeasurements>(generator, order, aside);
  const spent = (await processSeconds(pids)) - before;
  return { ...measurements, cpu_us: (spent * 1e6) / Math.max(1, measurements.answers) };
}
