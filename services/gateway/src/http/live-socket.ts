/**
 * One WebSocket of a client that follows several things at once: it subscribes and unsubscribes by messages, each checked before
 * anything is done for it. What a client does not read is not kept: the connection is closed, and the client subscribes again from
 * the last sequence it has seen.
 */
import {
  type Availability,
  type HistoryPart,
  type LiveMessage,
  type LiveRequest,
  liveCloseCodes,
  refusal,
  topicScopes,
} from '@souk/contracts';
import { type Caller, callerId, checkScope, problemOf, recordRefusedRequest } from '@souk/service-kit';
import type { RawData, WebSocket } from 'ws';
import type { GatewayContext } from '../context.ts';
import { isEnd } from '../domain/live.ts';
import { followOrder, followShop, followStock, type Stop } from '../use-cases/follow.ts';
import type { OpenStream, StreamEnd } from '../workers/open-streams.ts';
import type { Answerer, Exchange } from './exchange.ts';
import { idOf, liveRequestOf, readMessage, type Subscribe, topicsIn } from './live-request.ts';

export interface LiveSocketOptions {
  context: GatewayContext;
  exchange: Exchange;
  socket: WebSocket;
  caller: Caller | undefined;
  /** Milliseconds of performance.now at which the token of the caller ends; infinity without a token. */
  ends_at: number;
  ended(why: StreamEnd): void;
}

interface Subscription {
  readonly id: string;
  /** Undefined while its beginning is being read. */
  stop: Stop | undefined;
  isOver: boolean;
}

const subscriptionsMax = 100;
const pingMs = 25_000;
/** A connection that follows nothing is kept for so long. */
const idleMs = 60_000;
const unsentBytesMax = 262_144;
/** A client may send so many messages at once, and so many a second from then on. */
const burst = 120;
const messagesPerSecond = 10;
const productsInMessage = 10;
/** A client that does not answer the closing handshake is cut off after this time. */
const closeMs = 1_000;
const goingAway = 1001;
const closeCodes: Readonly<Partial<Record<StreamEnd, number>>> = {
  token: liveCloseCodes.token_ended,
  idle: liveCloseCodes.idle,
  slow: liveCloseCodes.slow,
  flood: liveCloseCodes.too_many_messages,
  stopping: goingAway,
};

export class LiveSocket implements Answerer, OpenStream {
  readonly #options: LiveSocketOptions;
  readonly #subscriptions = new Map<string, Subscription>();
  #caller: Caller | undefined;
  #ends_at: number;
  #end: StreamEnd | undefined;
  #ping_at: number;
  #answered_ping = true;
  #idle_since: number;
  #allowance = burst;
  #allowance_at: number;

  constructor(options: LiveSocketOptions) {
    this.#options = options;
    const { socket, caller, ends_at } = options;
    const now = performance.now();
    this.#caller = caller;
    this.#ends_at = ends_at;
    this.#ping_at = now + pingMs;
    this.#idle_since = now;
    this.#allowance_at = now;
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    socket.on('pong', () => {
      this.#answered_ping = true;
    });
    // What is wrong with the frames closes the connection with a code that says so.
    socket.on('error', () => undefined);
    socket.on('close', () => this.#over('client'));
    this.#schedule();
  }

  end(): void {
    this.#close('stopping');
  }

  expired(): Error {
    return refusal('upstream_timeout');
  }

  cancelled(): void {
    this.#over('client');
  }

  check(now: number): void {
    if (this.#end !== undefined) return;
    if (now >= this.#ends_at) this.#close('token');
    else if (this.#subscriptions.size === 0 && now - this.#idle_since >= idleMs) this.#close('idle');
    else if (now >= this.#ping_at) this.#ping(now);
    this.#schedule();
  }

  #ping(now: number): void {
    if (!this.#answered_ping) {
      this.#over('client');
      this.#options.socket.terminate();
      return;
    }
    this.#answered_ping = false;
    this.#ping_at = now + pingMs;
    this.#options.socket.ping();
  }

  #schedule(): void {
    const idle_at = this.#subscriptions.size === 0 ? this.#idle_since + idleMs : Number.POSITIVE_INFINITY;
    this.#options.exchange.check_at = Math.min(this.#ping_at, this.#ends_at, idle_at);
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#end !== undefined) return;
    if (!this.#mayAsk()) {
      this.#close('flood');
      return;
    }
    let id: string | undefined;
    try {
      const given = readMessage(data, isBinary);
      id = idOf(given);
      const message = liveRequestOf(given);
      // A list of products is as much work as several messages.
      if ('product_ids' in message) this.#allowance -= message.product_ids.length / productsInMessage;
      this.#obey(message).catch((error: unknown) => this.#refuse(error, id));
    } catch (error) {
      this.#refuse(error, id);
    }
  }

  async #obey(message: LiveRequest): Promise<void> {
    if (message.type === 'ping') this.#send({ type: 'pong' });
    else if (message.type === 'authenticate') await this.#authenticate(message.token);
    else if (message.type === 'unsubscribe') this.#unsubscribe(message.id);
    else await this.#subscribe(message);
  }

  async #authenticate(token: string): Promise<void> {
    const { verifier, clock } = this.#options.context;
    const caller = await verifier.verify(token);
    if (this.#caller !== undefined && callerId(this.#caller) !== callerId(caller))
      throw refusal('forbidden', 'This connection is that of another user.');
    const ends = verifier.endOf(token);
    // What was subscribed to with another role may not be for this one.
    if (this.#caller !== undefined && this.#caller.role !== caller.role) {
      this.#close('token');
      return;
    }
    this.#caller = caller;
    this.#ends_at = performance.now() + ends - clock.now();
    this.#schedule();
    this.#send({ type: 'authenticated', until: new Date(ends).toISOString() });
  }

  async #subscribe(message: Subscribe): Promise<void> {
    const { id } = message;
    if (this.#subscriptions.has(id)) throw refusal('validation_failed', `There is a subscription ${id} already.`);
    if (this.#subscriptions.size >= subscriptionsMax)
      throw refusal('too_many_streams', `At most ${subscriptionsMax} subscriptions are open on one connection.`);
    const subscription: Subscription = { id, stop: undefined, isOver: false };
    this.#subscriptions.set(id, subscription);
    try {
      subscription.stop = await this.#follow(message, subscription);
    } catch (error) {
      this.#endOf(subscription);
      throw error;
    }
    // It may have ended meanwhile.
    if (subscription.isOver) subscription.stop();
  }

  #follow(message: Subscribe, subscription: Subscription): Promise<Stop> {
    const { context } = this.#options;
    const { id } = subscription;
    const send = (event: { event: string; sequence?: number; data: unknown }): void => {
      if (!subscription.isOver) this.#send({ type: 'event', id, ...event });
    };
    const begin = (): void => {
      if (!subscription.isOver) this.#send({ type: 'subscribed', id });
    };
    const caller = this.#caller;
    for (const topic of topicsIn(message)) checkScope(caller, topicScopes[topic]);
    if (message.topic === 'stock') {
      const take = (data: Availability): void => send({ event: 'stock', data });
      const beginWith = (levels: readonly Availability[]): void => {
        begin();
        levels.forEach(take);
      };
      return followStock(context, message.product_ids, beginWith, take);
    }
    if (caller === undefined) throw refusal('token_missing', 'Send an authenticate message with an access token first.');
    if (message.topic === 'order') {
      const { order_id, after = 0 } = message;
      const take = (part: HistoryPart): void => {
        for (const data of part.transitions) send({ event: data.to, sequence: data.sequence, data });
        if (isEnd(part) && !subscription.isOver) this.#finish(subscription, 'end');
      };
      const beginWith = (part: HistoryPart): void => {
        begin();
        take(part);
      };
      return followOrder(context, { order_id, after, caller }, beginWith, take);
    }
    if (!caller.isStaff) throw refusal('forbidden', 'This needs the role staff.');
    begin();
    return Promise.resolve(followShop(context, new Set(topicsIn(message)), send));
  }

  #unsubscribe(id: string): void {
    const subscription = this.#subscriptions.get(id);
    if (subscription === undefined) throw refusal('validation_failed', `There is no subscription ${id}.`);
    this.#finish(subscription, 'unsubscribed');
  }

  #finish(subscription: Subscription, type: 'unsubscribed' | 'end'): void {
    this.#endOf(subscription);
    this.#send({ type, id: subscription.id });
  }

  #endOf(subscription: Subscription): void {
    subscription.isOver = true;
    subscription.stop?.();
    if (this.#subscriptions.get(subscription.id) === subscription) this.#subscriptions.delete(subscription.id);
    this.#idle_since = performance.now();
    this.#schedule();
  }

  #refuse(error: unknown, id: string | undefined): void {
    const { exchange, context } = this.#options;
    const { correlation_id, client } = exchange;
    recordRefusedRequest(context.security, error, {
      client_address: client.address,
      correlation_id,
      user_id: this.#caller?.user_id,
      object: exchange.entry?.path,
    });
    const { problem, fault } = problemOf(error, exchange.path, correlation_id);
    if (fault) context.log.error({ err: error, correlation_id }, 'a message of a WebSocket could not be handled');
    this.#send({ type: 'error', ...(id !== undefined && { id }), code: problem.code, detail: problem.detail });
  }

  #send(message: LiveMessage): void {
    if (this.#end !== undefined) return;
    const { socket, exchange } = this.#options;
    if (socket.bufferedAmount > unsentBytesMax) {
      this.#close('slow');
      return;
    }
    const text = JSON.stringify(message);
    exchange.answered_bytes += text.length;
    socket.send(text);
  }

  /** Whether one more message is within what a client may send. */
  #mayAsk(): boolean {
    const now = performance.now();
    this.#allowance = Math.min(burst, this.#allowance + ((now - this.#allowance_at) / 1_000) * messagesPerSecond) - 1;
    this.#allowance_at = now;
    return this.#allowance >= 0;
  }

  #close(why: StreamEnd): void {
    if (this.#end !== undefined) return;
    this.#over(why);
    const { socket } = this.#options;
    socket.close(closeCodes[why], why);
    setTimeout(() => socket.terminate(), closeMs).unref();
  }

  #over(why: StreamEnd): void {
    if (this.#end !== undefined) return;
    this.#end = why;
    for (const subscription of this.#subscriptions.values()) this.#endOf(subscription);
    this.#options.ended(why);
  }
}
