/** Whole checkouts: each placed over HTTP at the gateway and seen through to its end with `Prefer: wait`. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { BenchPlatform } from './platform.ts';
import type { Shop } from './prepare-shop.ts';

export interface CheckoutFigures {
  confirmed: number;
  other: number;
  per_second: number;
  p50_ms: number;
  p99_ms: number;
}

const generator = fileURLToPath(new URL('./load-generator.ts', import.meta.url));

export interface LoadOrder {
  gateway_url: string;
  tokens: string[];
  product_ids: string[];
  open: number;
  seconds: number;
  warm_up_seconds: number;
}

const warmUpSeconds = 5;

/** Runs the load generator as a process of its own, so that its work does not hide in the shop's. */
export function runCheckouts(platform: BenchPlatform, shop: Shop, load: { open: number; seconds: number }): Promise<CheckoutFigures> {
  const order: LoadOrder = {
    gateway_url: platform.gateway_url,
    ...shop,
    open: load.open,
    seconds: load.seconds,
    warm_up_seconds: warmUpSeconds,
  };
  const child = spawn(process.execPath, [generator], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(order));
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0 ? resolve(JSON.parse(text) as CheckoutFigures) : reject(new Error(`The load generator ended with ${code}.`)),
    );
  });
}
