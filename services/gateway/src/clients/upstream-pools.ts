/** Connections to the instances: one bounded pool for each address, made at the first request and closed when the address is gone. */
import { refusal } from '@souk/contracts';
import { type Instance, originOf } from '@souk/discovery';
import { createLinkedList, type ListNode } from '@souk/kernel';
import type { AnswerHandler, Flight, Upstream, UpstreamRequest } from '../domain/upstream.ts';
import type { TurnWrites } from '../workers/turn-writes.ts';
import { createHeadReader } from './answer-head.ts';
import { UpstreamConnection } from './upstream-connection.ts';

export interface UpstreamPools {
  of(instance: Instance): Upstream;
  /** Closes the pools of all other addresses once their last answer has come. */
  keepOnly(origins: ReadonlySet<string>): void;
  /** Requests under way or waiting, over all instances. */
  busy(): number;
  close(): Promise<void>;
}

export interface UpstreamPoolsOptions {
  turn_writes: TurnWrites;
  connections_max: number;
  waiting_max: number;
  connect_timeout_ms: number;
}

/** Shorter than any service keeps its side open, so that a connection is not closed under a request. */
const keepAliveMs = 4_000;
const sweepMs = 500;
const readHead = createHeadReader();

class WaitingRequest implements Flight {
  readonly request: UpstreamRequest;
  readonly handler: AnswerHandler;
  /** Among those that wait. */
  place: ListNode<WaitingRequest> | undefined;
  readonly #pool: UpstreamPool;
  #flight: Flight | undefined;

  constructor(pool: UpstreamPool, request: UpstreamRequest, handler: AnswerHandler) {
    this.#pool = pool;
    this.request = request;
    this.handler = handler;
  }

  sendOn(connection: UpstreamConnection): void {
    this.#flight = connection.send(this.request, this.handler);
  }

  abort(reason: Error): void {
    if (this.#flight !== undefined) this.#flight.abort(reason);
    else if (this.#pool.forget(this)) this.handler.failed(reason);
  }

  pause(): void {
    this.#flight?.pause();
  }

  resume(): void {
    this.#flight?.resume();
  }
}

/** The connections to one address. The one that was used last is used next, so that those beyond the need grow idle and are closed. */
class UpstreamPool implements Upstream {
  readonly origin: string;
  readonly #address: { host: string; port: number };
  readonly #options: UpstreamPoolsOptions;
  readonly #idle: UpstreamConnection[] = [];
  readonly #open = new Set<UpstreamConnection>();
  readonly #waiting = createLinkedList<WaitingRequest>();
  #connecting = 0;
  #sweep: NodeJS.Timeout | undefined;
  #closing: { promise: Promise<void>; resolve(): void } | undefined;

  constructor(instance: Instance, options: UpstreamPoolsOptions) {
    this.origin = originOf(instance);
    this.#address = { host: instance.host, port: instance.port };
    this.#options = options;
  }

  get closing(): boolean {
    return this.#closing !== undefined;
  }

  /** Requests under way or waiting. */
  get taken(): number {
    return this.#open.size - this.#connecting - this.#idle.length + this.#waiting.size;
  }

  send(request: UpstreamRequest, handler: AnswerHandler): Flight {
    for (let free = this.#idle.pop(); free !== undefined; free = this.#idle.pop()) {
      if (!free.usable) continue;
      return free.send(request, handler);
    }
    if (this.taken >= this.#options.connections_max + this.#options.waiting_max)
      throw refusal('overloaded', 'Too many requests wait for this service.');
    const waiting = new WaitingRequest(this, request, handler);
    waiting.place = this.#waiting.add(waiting);
    this.#connect();
    return waiting;
  }

  forget(waiting: WaitingRequest): boolean {
    return waiting.place !== undefined && this.#waiting.remove(waiting.place);
  }

  /** Lets what is under way end; resolves when all connections are closed. */
  close(): Promise<void> {
    this.#closing ??= Promise.withResolvers<void>();
    clearInterval(this.#sweep);
    for (const connection of this.#idle.splice(0)) connection.destroy();
    this.#closeIfEmpty();
    return this.#closing.promise;
  }

  destroy(): Promise<void> {
    const closed = this.close();
    for (const waiting of this.#waiting.values()) waiting.abort(new Error('the gateway is stopping'));
    for (const connection of [...this.#open]) connection.destroy();
    return closed;
  }

  /** One connection more for those that wait, while there may be one more. */
  #connect(): void {
    if (this.#connecting >= this.#waiting.size || this.#open.size >= this.#options.connections_max) return;
    this.#connecting += 1;
    let is_new = true;
    const connected = (): void => {
      if (is_new) this.#connecting -= 1;
      is_new = false;
    };
    this.#open.add(
      new UpstreamConnection({
        ...this.#address,
        turn_writes: this.#options.turn_writes,
        connect_timeout_ms: this.#options.connect_timeout_ms,
        readHead,
        freed: (connection) => {
          connected();
          this.#freed(connection);
        },
        closed: (connection, connect_error) => {
          connected();
          this.#closed(connection, connect_error);
        },
      }),
    );
  }

  #freed(connection: UpstreamConnection): void {
    const next = this.#waiting.shift();
    if (next !== undefined) next.sendOn(connection);
    else if (this.#closing !== undefined) connection.destroy();
    else {
      connection.idle_since = performance.now();
      this.#idle.push(connection);
      this.#sweep ??= setInterval(() => this.#closeIdle(), sweepMs).unref();
    }
  }

  #closed(connection: UpstreamConnection, connect_error: Error | undefined): void {
    this.#open.delete(connection);
    const at = this.#idle.indexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1);
    if (connect_error !== undefined) this.#waiting.shift()?.handler.failed(connect_error);
    this.#connect();
    this.#closeIfEmpty();
  }

  /** The front has been idle longest. */
  #closeIdle(): void {
    const before = performance.now() - keepAliveMs;
    while (this.#idle[0] !== undefined && this.#idle[0].idle_since < before) this.#idle.shift()?.destroy();
    if (this.#idle.length > 0) return;
    clearInterval(this.#sweep);
    this.#sweep = undefined;
  }

  #closeIfEmpty(): void {
    if (this.#open.size === 0 && this.#waiting.size === 0) this.#closing?.resolve();
  }
}

export function createUpstreamPools(options: UpstreamPoolsOptions): UpstreamPools {
  const pools = new Map<string, UpstreamPool>();
  const known = new WeakMap<Instance, UpstreamPool>();
  const closing = new Set<Promise<void>>();

  const openAt = (instance: Instance): UpstreamPool => {
    const origin = originOf(instance);
    const upstream = pools.get(origin) ?? new UpstreamPool(instance, options);
    pools.set(origin, upstream);
    return upstream;
  };
  const retire = (upstream: UpstreamPool): void => {
    pools.delete(upstream.origin);
    const closed: Promise<void> = upstream.close().finally(() => closing.delete(closed));
    closing.add(closed);
  };

  return {
    of(instance) {
      const found = known.get(instance);
      if (found !== undefined && !found.closing) return found;
      const upstream = openAt(instance);
      known.set(instance, upstream);
      return upstream;
    },
    keepOnly(origins) {
      for (const upstream of [...pools.values()]) if (!origins.has(upstream.origin)) retire(upstream);
    },
    busy: () => [...pools.values()].reduce((sum, { taken }) => sum + taken, 0),
    async close() {
      const all = [...pools.values()];
      pools.clear();
      await Promise.allSettled([...all.map((upstream) => upstream.destroy()), ...closing]);
    },
  };
}
