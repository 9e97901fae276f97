/**
 * Publishing with confirms: at most a window of messages is on its way, and messages that reached no queue are recognised
 * by what the broker returns just before their confirm. What a queue refuses, or does not confirm in time, is recognised as
 * well, and its route is set aside (see stalled-routes.ts), so that one stuck queue holds up nothing but its own messages.
 */
import { refusal } from '@souk/contracts';
import { createLinkedList, type ListNode, type Log, withDeadline } from '@souk/kernel';
import type { ChannelModel, ConfirmChannel, Options } from 'amqplib';
import type { PublishOutcome } from '../broker.ts';
import { forceClose, whileConnected } from './managed-connection.ts';
import { createStalledRoutes, type Route } from './stalled-routes.ts';

/** A message with its address. */
export interface PublishRequest extends Route {
  content: Buffer;
  options: Options.Publish;
}

export interface Publisher {
  setup(model: ChannelModel): Promise<void>;
  lost(): void;
  /** Nothing is taken until the connection, or the broker, is there again: waiting callers are refused now. */
  refuseAll(reason: string): void;
  /** Rejects with `broker_unavailable` when the connection is not there, or gets lost meanwhile. */
  send(requests: readonly PublishRequest[]): Promise<PublishOutcome[]>;
  /** Where messages are taken and not confirmed. */
  stalled(): readonly Route[];
}

/** Messages on their way at most; the broker confirms them in groups, so a small window would wait for each group. */
const windowMax = 2_000;
/** The client's words for a message that a queue did not take; every other error means that the channel is gone. */
const notTaken = 'message nacked';

interface PublishBatch {
  requests: readonly PublishRequest[];
  /** Known so far. */
  outcomes: (PublishOutcome | undefined)[];
  next: number;
  unanswered: number;
  left: number;
  /** Among the batches that are not settled. */
  place: ListNode<PublishBatch> | undefined;
  timer?: NodeJS.Timeout;
  resolve(outcomes: PublishOutcome[]): void;
  reject(error: Error): void;
}

/** A publisher over whatever connection `setup` was called with last. */
export function createPublisher(confirm_timeout_ms: number, log: Log): Publisher {
  return new ConfirmingPublisher(confirm_timeout_ms, log);
}

class ConfirmingPublisher implements Publisher {
  readonly #confirm_timeout_ms: number;
  readonly #log: Log;
  readonly #stalled;
  /** Not sent to their end yet. */
  readonly #waiting: PublishBatch[] = [];
  readonly #batches = createLinkedList<PublishBatch>();
  readonly #returned = new Set<string>();
  #model: ChannelModel | undefined;
  #channel: ConfirmChannel | undefined;
  #under_way = 0;
  #renewing = false;

  constructor(confirm_timeout_ms: number, log: Log) {
    this.#confirm_timeout_ms = confirm_timeout_ms;
    this.#log = log;
    this.#stalled = createStalledRoutes<PublishRequest>((request) => this.#isConfirmed(request), log);
  }

  async setup(model: ChannelModel): Promise<void> {
    const opened = await this.#open(model);
    this.#model = model;
    this.#channel = opened;
  }

  lost(): void {
    this.#model = undefined;
    this.#channel = undefined;
    this.#stalled.clear();
    this.refuseAll('the connection was lost');
    this.#returned.clear();
  }

  refuseAll(reason: string): void {
    for (const batch of this.#batches.values()) this.#refuse(batch, new Error(reason));
  }

  stalled(): readonly Route[] {
    return this.#stalled.list();
  }

  send(requests: readonly PublishRequest[]): Promise<PublishOutcome[]> {
    if (this.#channel === undefined) return Promise.reject(refusal('broker_unavailable', 'RabbitMQ is not connected.'));
    return new Promise((resolve, reject) => {
      const outcomes = requests.map((request): PublishOutcome | undefined => (this.#stalled.has(request) ? 'unconfirmed' : undefined));
      const left = outcomes.filter((outcome) => outcome === undefined).length;
      const batch: PublishBatch = { requests, outcomes, next: 0, unanswered: 0, left, place: undefined, resolve, reject };
      if (left === 0) return resolve(outcomes as PublishOutcome[]);
      batch.timer = setTimeout(() => this.#forceClose(batch), this.#confirm_timeout_ms);
      batch.place = this.#batches.add(batch);
      this.#waiting.push(batch);
      this.#pump();
    });
  }

  async #open(model: ChannelModel): Promise<ConfirmChannel> {
    const opened = await model.createConfirmChannel();
    opened.on('return', (message) => this.#returned.add(String(message.properties.messageId ?? '')));
    opened.on('error', (error) => {
      if (this.#channel === opened) this.refuseAll(error.message);
    });
    opened.on('close', () => {
      if (this.#channel !== opened) return;
      this.lost();
      // A channel dies alone when an exchange is missing; a new connection declares everything again.
      void forceClose(model);
    });
    return opened;
  }

  #pump(): void {
    for (let batch = this.#waiting[0]; batch && this.#channel && this.#under_way < windowMax; batch = this.#waiting[0]) {
      try {
        while (batch.next < batch.requests.length && this.#under_way < windowMax) this.#sendNext(this.#channel, batch);
      } catch (error) {
        // The channel was closed a moment ago, or a message cannot be encoded.
        this.#refuse(batch, error as Error);
        continue;
      }
      if (batch.next === batch.requests.length) this.#waiting.shift();
    }
  }

  #sendNext(channel: ConfirmChannel, batch: PublishBatch): void {
    const position = batch.next++;
    if (batch.outcomes[position] !== undefined) return;
    const { exchange, routing_key, content, options } = batch.requests[position] as PublishRequest;
    channel.publish(exchange, routing_key, content, options, (error: Error | null) => this.#answered(batch, position, error));
    batch.unanswered += 1;
    this.#under_way += 1;
  }

  #answered(batch: PublishBatch, position: number, error: Error | null): void {
    const request = batch.requests[position] as PublishRequest;
    const returned = this.#returned.size > 0 && this.#returned.delete(request.options.messageId ?? '');
    // Its sender got an error, as for any message that is not confirmed, and will send it again.
    if (batch.place === undefined) return;
    batch.unanswered -= 1;
    this.#under_way -= 1;
    if (error && error.message !== notTaken) {
      this.#refuse(batch, error);
      return;
    }
    if (error) this.#stalled.add(request);
    batch.outcomes[position] = error ? 'unconfirmed' : returned ? 'unroutable' : 'confirmed';
    batch.left -= 1;
    if (batch.left === 0) this.#end(batch, () => batch.resolve(batch.outcomes as PublishOutcome[]));
    this.#pump();
  }

  /** Time is over: what has no answer is set aside, what was not even sent may be sent again. */
  #forceClose(batch: PublishBatch): void {
    const unanswered = batch.requests.filter((_, index) => index < batch.next && batch.outcomes[index] === undefined);
    for (const request of unanswered) this.#stalled.add(request);
    this.#end(batch, () => batch.resolve(batch.outcomes.map((outcome) => outcome ?? 'unconfirmed')));
    if (unanswered.length > 0) void this.#renew();
    this.#pump();
  }

  #refuse(batch: PublishBatch, error: Error): void {
    this.#end(batch, () => batch.reject(refusal('broker_unavailable', undefined, {}, error)));
  }

  #end(batch: PublishBatch, settle: () => void): void {
    if (batch.place === undefined) return;
    this.#batches.remove(batch.place);
    batch.place = undefined;
    clearTimeout(batch.timer);
    this.#under_way -= batch.unanswered;
    const place = this.#waiting.indexOf(batch);
    if (place >= 0) this.#waiting.splice(place, 1);
    settle();
  }

  /** The client remembers everything after an unanswered message for as long as the channel lasts. */
  async #renew(): Promise<void> {
    const [model, old] = [this.#model, this.#channel];
    if (this.#renewing || !model || !old) return;
    this.#renewing = true;
    try {
      const opened = await withDeadline(this.#open(model), this.#confirm_timeout_ms);
      if (this.#channel === old) this.#channel = opened;
      // By then everything that is on its way over the old one is answered or has failed.
      setTimeout(() => void old.close().catch(() => undefined), this.#confirm_timeout_ms).unref();
    } catch (error) {
      this.#log.debug({ err: error }, 'there is no new channel to publish over; the old one stays');
    } finally {
      this.#renewing = false;
    }
  }

  /** Over a channel of its own, which a message without an answer does not spoil for others. */
  async #isConfirmed({ exchange, routing_key, content, options }: PublishRequest): Promise<boolean> {
    if (!this.#model) return false;
    const channel = await whileConnected(this.#model, this.#model.createConfirmChannel());
    channel.on('error', () => undefined);
    try {
      const answer = new Promise<boolean>((resolve) => {
        channel.publish(exchange, routing_key, content, options, (error: Error | null) => resolve(error === null));
      });
      return await withDeadline(answer, this.#confirm_timeout_ms);
    } finally {
      channel.close().catch(() => undefined);
    }
  }
}
