/** Keeps a fixed number of checkouts open for a while and writes what came of them. Reads its order from standard input. */
import { text } from 'node:stream/consumers';
import { Pool } from 'undici';
import type { GeneratorMeasurements, LoadOrder } from './checkouts.ts';

const order = JSON.parse(await text(process.stdin)) as LoadOrder;
const pool = new Pool(order.gateway_url, { connections: order.open, pipelining: 1, headersTimeout: 60_000, bodyTimeout: 60_000 });
const shipping_address = { street: '1 Market Square', city: 'Lisbon', postal_code: '1100-148', country: 'PT' };
const began = performance.now();
const counted_from = began + order.warm_up_seconds * 1_000;
const ends = counted_from + order.seconds * 1_000;
const times: number[] = [];
let confirmed = 0;
let other = 0;
let turn = 0;

async function checkout(): Promise<void> {
  const number = turn++;
  const started = performance.now();
  const { statusCode, body } = await pool.request({
    method: 'POST',
    path: '/api/orders',
    headers: {
      authorization: `Bearer ${order.tokens[number % order.tokens.length]}`,
      'content-type': 'application/json',
      'idempotency-key': `bench-${process.pid}-${number}`,
      prefer: 'wait=30',
    },
    body: JSON.stringify({
      items: [{ product_id: order.product_ids[(number * 7) % order.product_ids.length], quantity: 1 }],
      shipping_address,
      payment_method: 'tok_visa',
      ...(order.codes && { codes: order.codes }),
    }),
  });
  const answer = await body.text();
  const now = performance.now();
  if (now < counted_from || now > ends) return;
  if (statusCode === 201 && answer.includes('"status":"confirmed"')) {
    confirmed += 1;
    times.push(now - started);
  } else if (other++ === 0) process.stderr.write(`a checkout was not confirmed: ${statusCode} ${answer.slice(0, 300)}\n`);
}

async function client(): Promise<void> {
  while (performance.now() < ends) await checkout();
}

await Promise.all(Array.from({ length: order.open }, client));
await pool.close();
times.sort((a, b) => a - b);
const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
const per_second = confirmed / order.seconds;
const measurements: GeneratorMeasurements = { all: turn, confirmed, other, per_second, p50_ms: at(0.5), p99_ms: at(0.99) };
process.stdout.write(JSON.stringify(measurements));
