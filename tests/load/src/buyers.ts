/**
 * A steady stream of orders and reads, as well-made clients send them: an order has an Idempotency-Key, goes to the next
 * gateway when it fails, until it is acknowledged. Every failed request is counted by what was asked, what came back and what was going on.
 */
import { pause } from '@souk/kernel';

export interface Failure {
  asked: 'order' | 'read';
  phase: string;
  what: string;
}

export interface Buyers {
  /** Says what is going on from now on. */
  during(phase: string): void;
  /** Ids of orders by their keys, as acknowledged so far. */
  placed: ReadonlyMap<string, string>;
  failures: readonly Failure[];
  /** Requests sent: orders with their repeats, and reads. */
  sent(): { orders: number; reads: number };
  /** No new orders; resolves when those under way are acknowledged. */
  stop(): Promise<void>;
}

export interface BuyersOptions {
  gateways: readonly string[];
  token: string;
  /** Ids; each order is for one piece of the next. */
  products: readonly string[];
  orders_per_second: number;
  reads_per_second: number;
}

const attemptsMax = 240;
const attemptPauseMs = 250;
const requestTimeoutMs = 15_000;
const shipping_address = { street: '1 Market Square', city: 'Lisbon', postal_code: '1100-148', country: 'PT' };

/** Begins at once. Stop it before anything else is stopped. */
export function startBuyers(options: BuyersOptions): Buyers {
  return new SteadyBuyers(options);
}

class SteadyBuyers implements Buyers {
  readonly placed = new Map<string, string>();
  readonly failures: Failure[] = [];
  readonly #options: BuyersOptions;
  readonly #streams: Promise<void>[];
  readonly #under_way = new Set<Promise<void>>();
  #phase = 'nothing is wrong';
  #sent = { orders: 0, reads: 0 };
  #open = true;

  constructor(options: BuyersOptions) {
    this.#options = options;
    const { orders_per_second, reads_per_second } = options;
    this.#streams = [this.#stream(orders_per_second, (number) => this.#order(number))];
    if (reads_per_second > 0) this.#streams.push(this.#stream(reads_per_second, (number) => this.#read(number)));
  }

  during(phase: string): void {
    this.#phase = phase;
  }

  sent(): { orders: number; reads: number } {
    return { ...this.#sent };
  }

  async stop(): Promise<void> {
    this.#open = false;
    await Promise.all(this.#streams);
    await Promise.all(this.#under_way);
  }

  async #stream(per_second: number, one: (number: number) => Promise<void>): Promise<void> {
    const began = performance.now();
    for (let number = 0; ; number += 1) {
      await pause(Math.max(0, began + (number * 1_000) / per_second - performance.now()));
      if (!this.#open) return;
      const running = one(number).finally(() => this.#under_way.delete(running));
      this.#under_way.add(running);
    }
  }

  async #order(number: number): Promise<void> {
    const key = crypto.randomUUID();
    const { products } = this.#options;
    const product_id = products[number % products.length];
    const body = JSON.stringify({ items: [{ product_id, quantity: 1 }], shipping_address, payment_method: 'tok_visa' });
    const headers = { 'content-type': 'application/json', 'idempotency-key': key };
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      this.#sent.orders += 1;
      const acknowledged = await this.#send('order', number + attempt, '/api/orders', { method: 'POST', headers, body });
      if (acknowledged) {
        this.placed.set(key, (acknowledged as { id: string }).id);
        return;
      }
      await pause(attemptPauseMs);
    }
    throw new Error('an order could not be placed at all');
  }

  async #read(number: number): Promise<void> {
    this.#sent.reads += 1;
    const id = [...this.placed.values()].at(-1);
    await this.#send('read', number, id === undefined ? '/api/orders' : `/api/orders/${id}`, {});
  }

  /** The body of the answer; undefined when it failed, which is counted under what was going on at that moment. */
  async #send(asked: Failure['asked'], turn: number, path: string, init: RequestInit): Promise<unknown> {
    const { gateways, token } = this.#options;
    try {
      const headers = { ...init.headers, authorization: `Bearer ${token}` };
      const signal = AbortSignal.timeout(requestTimeoutMs);
      const answer = await fetch(`${gateways[turn % gateways.length]}${path}`, { ...init, headers, signal });
      const body: unknown = await answer.json();
      if (answer.ok) return body;
      this.failures.push({ asked, phase: this.#phase, what: `${answer.status} ${(body as { code?: string }).code ?? ''}`.trim() });
    } catch (error) {
      const { code, name } = ((error as Error).cause ?? error) as { code?: string; name: string };
      this.failures.push({ asked, phase: this.#phase, what: `no answer (${code ?? name})` });
    }
    return undefined;
  }
}

/** Failures as a table: how many of each kind, in each phase. */
export function failureLines(failures: readonly Failure[]): string[] {
  const counts = new Map<string, number>();
  for (const { asked, phase, what } of failures) {
    const kind = `${asked.padEnd(6)} ${what.padEnd(36)} while ${phase}`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts.size === 0 ? ['  none'] : [...counts].sort().map(([kind, count]) => `  ${String(count).padStart(5)} × ${kind}`);
}
