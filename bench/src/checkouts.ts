/** Whole checkouts: each placed over HTTP at the gateway and seen through to its end with `Prefer: wait`. */
import { fileURLToPath } from 'node:url';
import type { BenchPlatform } from './platform.ts';
import type { Shop } from './prepare-shop.ts';
import { cpuSeconds } from './processes.ts';
import { runGenerator } from './run-generator.ts';

export interface CheckoutMeasurements {
  confirmed: number;
  other: number;
  per_second: number;
  p50_ms: number;
  p99_ms: number;
  /** CPU seconds for 1000 checkouts by kind of process; the warm-up is in it on both sides. Empty where /proc is missing. */
  cpu_s_per_1000: Readonly<Record<string, number>>;
}

/** What the generator itself can measure. */
export type GeneratorMeasurements = Omit<CheckoutMeasurements, 'cpu_s_per_1000'> & { all: number };

const generator = fileURLToPath(new URL('./load-generator.ts', import.meta.url));

export interface LoadOrder {
  gateway_url: string;
  tokens: string[];
  product_ids: string[];
  open: number;
  seconds: number;
  warm_up_seconds: number;
  /** Sent with each order. */
  codes?: readonly string[];
}

const warmUpDefault = 5;

export interface Drive {
  open: number;
  seconds: number;
  warm_up_seconds?: number;
  codes?: readonly string[];
}

/** Runs the load generator as a process of its own, so that its work does not hide in the shop's. */
export async function runCheckouts(platform: BenchPlatform, shop: Shop, load: Drive): Promise<CheckoutMeasurements> {
  const before = await cpuSeconds(platform.pid);
  const { all, ...measurements } = await generate(platform, shop, load);
  const after = await cpuSeconds(platform.pid);
  const spent = [...after].map(([kind, seconds]) => [kind, ((seconds - (before.get(kind) ?? 0)) * 1_000) / Math.max(1, all)] as const);
  return { ...measurements, cpu_s_per_1000: Object.fromEntries(spent) };
}

function generate(platform: BenchPlatform, shop: Shop, load: Drive): Promise<GeneratorMeasurements> {
  const order: LoadOrder = {
    gateway_url: platform.gateway_url,
    ...shop,
    open: load.open,
    seconds: load.seconds,
    warm_up_seconds: load.warm_up_seconds ?? warmUpDefault,
    ...(load.codes && { codes: load.codes }),
  };
  return runGenerator<GeneratorMeasurements>(generator, order);
}
