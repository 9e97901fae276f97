/**
 * Publishing with confirms: at most a window of messages is on its way, and messages that reached no queue are told apart
 * by what the broker returns just before their confirm. What a queue refuses, or does not confirm in time, is told apart as
 * well, and its address is set aside (see stalled-addresses.ts), so that one stuck queue holds up nothing but its own messages.
 */
import { refusal } from '@souk/contracts';
import type { Log } from '@souk/kernel';
import type { ChannelModel, ConfirmChannel, Options } from 'amqplib';
import type { PublishOutcome } from '../broker.ts';
import { giveUp, withLimit } from './link.ts';
import { type Address, createStalledAddresses } from './stalled-addresses.ts';

/** A message with its address. */
export interface Parcel extends Address {
  content: Buffer;
  options: Options.Publish;
}

export interface Publisher {
  setup(model: ChannelModel): Promise<void>;
  lost(): void;
  /** Nothing is taken until the connection, or the broker, is there again: whoever waits is refused now. */
  refuseAll(reason: string): void;
  /** Rejects with `broker_unavailable` when the connection is not there, or gets lost meanwhile. */
  send(parcels: readonly Parcel[]): Promise<PublishOutcome[]>;
  /** Where messages are taken and not confirmed. */
  stalled(): readonly Address[];
}

/** Messages on their way at most; the broker confirms them in groups, so a small window would wait for each group. */
const windowMax = 2_000;
/** The client's words for a message that a queue did not take; every other error means that the channel is gone. */
const notTaken = 'message nacked';

interface Shipment {
  parcels: readonly Parcel[];
  /** Known so far. */
  outcomes: (PublishOutcome | undefined)[];
  next: number;
  unanswered: number;
  left: number;
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
  readonly #waiting: Shipment[] = [];
  readonly #shipments = new Set<Shipment>();
  readonly #returned = new Set<string>();
  #model: ChannelModel | undefined;
  #channel: ConfirmChannel | undefined;
  #under_way = 0;
  #renewing = false;

  constructor(confirm_timeout_ms: number, log: Log) {
    this.#confirm_timeout_ms = confirm_timeout_ms;
    this.#log = log;
    this.#stalled = createStalledAddresses<Parcel>((parcel) => this.#isConfirmed(parcel), log);
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
    for (const shipment of this.#shipments) this.#refuse(shipment, new Error(reason));
  }

  stalled(): readonly Address[] {
    return this.#stalled.list();
  }

  send(parcels: readonly Parcel[]): Promise<PublishOutcome[]> {
    if (this.#channel === undefined) return Promise.reject(refusal('broker_unavailable', 'RabbitMQ is not connected.'));
    return new Promise((resolve, reject) => {
      const outcomes = parcels.map((parcel): PublishOutcome | undefined => (this.#stalled.has(parcel) ? 'unconfirmed' : undefined));
      const left = outcomes.filter((outcome) => outcome === undefined).length;
      const shipment: Shipment = { parcels, outcomes, next: 0, unanswered: 0, left, resolve, reject };
      if (left === 0) return resolve(outcomes as PublishOutcome[]);
      shipment.timer = setTimeout(() => this.#giveUp(shipment), this.#confirm_timeout_ms);
      this.#shipments.add(shipment);
      this.#waiting.push(shipment);
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
      void giveUp(model);
    });
    return opened;
  }

  #pump(): void {
    for (let shipment = this.#waiting[0]; shipment && this.#channel && this.#under_way < windowMax; shipment = this.#waiting[0]) {
      try {
        while (shipment.next < shipment.parcels.length && this.#under_way < windowMax) this.#sendNext(this.#channel, shipment);
      } catch (error) {
        // The channel was closed a moment ago, or a message cannot be encoded.
        this.#refuse(shipment, error as Error);
        continue;
      }
      if (shipment.next === shipment.parcels.length) this.#waiting.shift();
    }
  }

  #sendNext(channel: ConfirmChannel, shipment: Shipment): void {
    const position = shipment.next++;
    if (shipment.outcomes[position] !== undefined) return;
    const { exchange, routing_key, content, options } = shipment.parcels[position] as Parcel;
    channel.publish(exchange, routing_key, content, options, (error: Error | null) => this.#answered(shipment, position, error));
    shipment.unanswered += 1;
    this.#under_way += 1;
  }

  #answered(shipment: Shipment, position: number, error: Error | null): void {
    const parcel = shipment.parcels[position] as Parcel;
    const returned = this.#returned.size > 0 && this.#returned.delete(parcel.options.messageId ?? '');
    // Whoever sent it has been told that it is not confirmed, and will send it again.
    if (!this.#shipments.has(shipment)) return;
    shipment.unanswered -= 1;
    this.#under_way -= 1;
    if (error && error.message !== notTaken) {
      this.#refuse(shipment, error);
      return;
    }
    if (error) this.#stalled.add(parcel);
    shipment.outcomes[position] = error ? 'unconfirmed' : returned ? 'unroutable' : 'confirmed';
    shipment.left -= 1;
    if (shipment.left === 0) this.#end(shipment, () => shipment.resolve(shipment.outcomes as PublishOutcome[]));
    this.#pump();
  }

  /** Time is over: what has no answer is set aside, what was not even sent may be sent again. */
  #giveUp(shipment: Shipment): void {
    const unanswered = shipment.parcels.filter((_, index) => index < shipment.next && shipment.outcomes[index] === undefined);
    for (const parcel of unanswered) this.#stalled.add(parcel);
    this.#end(shipment, () => shipment.resolve(shipment.outcomes.map((outcome) => outcome ?? 'unconfirmed')));
    if (unanswered.length > 0) void this.#renew();
    this.#pump();
  }

  #refuse(shipment: Shipment, error: Error): void {
    this.#end(shipment, () => shipment.reject(refusal('broker_unavailable', undefined, {}, error)));
  }

  #end(shipment: Shipment, settle: () => void): void {
    if (!this.#shipments.delete(shipment)) return;
    clearTimeout(shipment.timer);
    this.#under_way -= shipment.unanswered;
    const place = this.#waiting.indexOf(shipment);
    if (place >= 0) this.#waiting.splice(place, 1);
    settle();
  }

  /** The client remembers everything after an unanswered message for as long as the channel lasts. */
  async #renew(): Promise<void> {
    const [model, old] = [this.#model, this.#channel];
    if (this.#renewing || !model || !old) return;
    this.#renewing = true;
    try {
      const opened = await withLimit(this.#open(model), this.#confirm_timeout_ms);
      if (this.#channel === old) this.#channel = opened;
      // By then everything that is on its way over the old one is answered or given up.
      setTimeout(() => void old.close().catch(() => undefined), this.#confirm_timeout_ms).unref();
    } catch (error) {
      this.#log.debug({ err: error }, 'there is no new channel to publish over; the old one stays');
    } finally {
      this.#renewing = false;
    }
  }

  /** Over a channel of its own, which a message without an answer does not spoil for others. */
  async #isConfirmed({ exchange, routing_key, content, options }: Parcel): Promise<boolean> {
    if (!this.#model) return false;
    const channel = await this.#model.createConfirmChannel();
    channel.on('error', () => undefined);
    try {
      const answer = new Promise<boolean>((resolve) => {
        channel.publish(exchange, routing_key, content, options, (error: Error | null) => resolve(error === null));
      });
      return await withLimit(answer, this.#confirm_timeout_ms);
    } finally {
      channel.close().catch(() => undefined);
    }
  }
}
