/**
 * One consumer of one queue on a channel of its own. What arrives while a batch is handled is the next batch. Batches
 * are acknowledged with one frame; retries and dead letters are published first and acknowledged once confirmed, while
 * the next batches go on.
 */
import { refusal } from '@souk/contracts';
import { assert, backoffMs, pause, withDeadline } from '@souk/kernel';
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import type { Consumption, Delivery, Settlement } from '../broker.ts';
import { createBatchPacing } from './batch-pacing.ts';
import { endQuietly, forceClose, whileConnected } from './managed-connection.ts';
import { toDelivery } from './message.ts';
import { createQueueWatermark, type Probe, type QueueWatermark } from './queue-watermark.ts';
import type { RabbitConsumptionOptions } from './rabbit-consumption-options.ts';
import { retryOrDeadLetter } from './retry-or-dead-letter.ts';
import { createStallDetector } from './stall-detector.ts';
import { retryStepFor } from './topology.ts';

interface Held {
  message: ConsumeMessage;
  delivery: Delivery;
}

/** So many batches are with the consumer: one being handled, one gathering. */
const batchesPrefetched = 2;
const retryFirstMs = 50;
const retryMostMs = 5_000;
const movesTimeoutMs = 5_000;
const consumeTimeoutMs = 10_000;
const suspectMostMs = 30_000;
const notFound = 404;

export class RabbitConsumption implements Consumption {
  readonly queue: string;
  /** Its name in the broker. */
  readonly address: string;
  readonly #options: RabbitConsumptionOptions;
  readonly #stopping = new AbortController();
  readonly #watch: QueueWatermark = createQueueWatermark();
  /** Tags of what is being moved to another queue: acknowledging several at once must not reach past them. */
  readonly #moving = new Map<number, Held>();
  #model: ChannelModel | undefined;
  #channel: Channel | undefined;
  #consumer_tag = '';
  #gathered: Held[] = [];
  #in_hand: readonly Held[] = [];
  #running: Promise<void> | undefined;
  #failures = 0;
  readonly #pacing = createBatchPacing();
  #attached_since = Number.POSITIVE_INFINITY;
  #asked = false;
  readonly #silence = createStallDetector();
  /** The connection ended while this queue was asked for: RabbitMQ does that when a queue has no leader at all. */
  #suspect = false;
  #asking: ChannelModel | undefined;

  constructor(options: RabbitConsumptionOptions) {
    this.queue = options.queue;
    this.address = options.names.queue(options.queue);
    this.#options = options;
  }

  attached(): boolean {
    return this.#channel !== undefined && this.#failures === 0 && !this.#silence.lasts() && !this.#stopping.signal.aborted;
  }

  /** What is the matter with the queue, in a sentence; undefined when nothing is. */
  incident(): string | undefined {
    if (this.#suspect) return `${this.queue} cannot be consumed: RabbitMQ ends the connection that asks for it`;
    return this.#silence.lasts() ? `${this.queue} holds messages, and none is delivered` : undefined;
  }

  /** How many messages wait in the queue, undefined when the broker does not say: one that delivers nothing is attached to anew. */
  polled(ready: number | undefined): void {
    if (!this.#model || !this.#channel) return;
    const idle = this.#in_hand.length === 0 && this.#gathered.length === 0 && this.#moving.size === 0;
    if (!this.#silence.polled(ready, idle)) return;
    this.#options.log.warn({ queue: this.queue, ready }, 'a queue delivers nothing although messages wait in it; consuming it anew');
    const [model, silent] = [this.#model, this.#channel];
    this.#letGo();
    // What a channel holds that does not even close comes back only when the connection ends.
    withDeadline(silent.close(), consumeTimeoutMs).catch(() => forceClose(model));
    void this.attach(model);
  }

  processedUntil(): number {
    this.#asked = true;
    const { clock, settling_ms } = this.#options;
    return this.attached() && clock.now() - this.#attached_since >= settling_ms ? this.#watch.processedUntil() : 0;
  }

  /** Whether the watermark of the queue is asked for. */
  wantsProbe(): boolean {
    return this.#asked && this.attached();
  }

  probed(probe: Probe): void {
    if (!this.attached()) return;
    const held = [...this.#in_hand, ...this.#gathered, ...this.#moving.values()];
    this.#watch.probed(
      probe,
      held.reduce((oldest, { delivery }) => Math.min(oldest, delivery.enqueued_at), Number.POSITIVE_INFINITY),
    );
  }

  unsettled(): number {
    return this.#in_hand.length + this.#gathered.length + this.#moving.size;
  }

  /** Put into delay queues by this consumer and not due yet. */
  delayedByUs(now: number): number {
    return this.#watch.waiting(now);
  }

  /** There is a connection: consumes over it as soon as the queue is there, for as long as it lasts. */
  async attach(model: ChannelModel): Promise<void> {
    this.#model = model;
    for (let tries = 0; this.#model === model && !this.#stopping.signal.aborted; tries += 1) {
      try {
        if (this.#suspect) await this.#options.probeQueue(this.address);
        this.#suspect = false;
        if (this.#model !== model) return;
        await whileConnected(model, this.#consume(model));
        return;
      } catch (error) {
        if (tries === 0)
          this.#options.log.warn({ queue: this.queue, cause: (error as Error).message }, 'a queue cannot be consumed; trying again');
        if ((error as { code?: number }).code === notFound) await this.#redeclare(model);
        await pause(backoffMs(tries, retryFirstMs, this.#suspect ? suspectMostMs : retryMostMs), this.#stopping.signal);
      }
    }
  }

  /** Never rejects: while the topology cannot be declared the queue cannot be consumed either, and both are tried again. */
  async #redeclare(model: ChannelModel): Promise<void> {
    try {
      await this.#options.redeclare(model);
      this.#options.log.warn({ queue: this.queue }, 'a queue was missing in RabbitMQ and is declared anew');
    } catch (error) {
      this.#options.log.debug({ err: error, queue: this.queue }, 'a missing queue could not be declared');
    }
  }

  /** The channel is gone with everything unsettled, which the broker delivers again. */
  detach(): void {
    if (this.#asking !== undefined && this.#asking === this.#model) this.#suspect = true;
    this.#model = undefined;
    this.#letGo();
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    this.#options.onClose();
    const channel = this.#channel;
    if (channel) await endQuietly(channel.cancel(this.#consumer_tag));
    await this.#running;
    const limit = performance.now() + movesTimeoutMs;
    while (this.#moving.size > 0 && this.#channel === channel && performance.now() < limit) await pause(retryFirstMs);
    this.#letGo();
    // Whatever was gathered and not handled goes back into the queue.
    if (channel) await endQuietly(channel.close());
  }

  async #consume(model: ChannelModel): Promise<void> {
    const channel = await model.createChannel();
    channel.on('error', (error) => this.#options.log.warn({ queue: this.queue, cause: error.message }, 'a consumer lost its channel'));
    channel.on('close', () => this.#ended(channel));
    await channel.prefetch(this.#options.batch_max * batchesPrefetched);
    // A queue without a leader answers late or never; the next try, over another channel, may reach a new leader.
    this.#asking = model;
    const consuming = channel.consume(this.address, (message) => this.#receive(channel, message));
    const { consumerTag } = await withDeadline(consuming, consumeTimeoutMs).catch((error: unknown) => {
      channel.close().catch(() => undefined);
      throw error;
    });
    this.#asking = undefined;
    if (this.#model !== model) return;
    this.#consumer_tag = consumerTag;
    this.#channel = channel;
    this.#failures = 0;
    this.#attached_since = this.#options.clock.now();
    this.#schedule();
  }

  #ended(channel: Channel): void {
    if (this.#channel !== channel) return;
    this.#letGo();
    if (this.#model) void this.attach(this.#model);
  }

  #letGo(): void {
    this.#channel = undefined;
    this.#gathered = [];
    this.#moving.clear();
    this.#detached();
  }

  #detached(): void {
    this.#watch.reset();
    this.#attached_since = Number.POSITIVE_INFINITY;
  }

  #receive(channel: Channel, message: ConsumeMessage | null): void {
    if (message === null) {
      // The queue was deleted, or its leader moved: the broker has ended this consumer.
      channel.close().catch(() => undefined);
      return;
    }
    const delivery = toDelivery(message, this.#options.clock.now());
    this.#watch.delivered(delivery);
    this.#silence.delivered();
    this.#gathered.push({ message, delivery });
    this.#schedule();
  }

  #schedule(): void {
    if (this.#running !== undefined || this.#gathered.length === 0 || this.#channel === undefined) return;
    // All that came with the same read of the socket belongs into the batch.
    this.#running = new Promise((resolve) => setImmediate(resolve)).then(() => this.#run());
  }

  async #run(): Promise<void> {
    while (this.#gathered.length > 0 && this.#channel !== undefined && !this.#stopping.signal.aborted) {
      if (await this.#pacing.waited(this.#gathered.length, this.#options.batch_max, this.#stopping.signal)) continue;
      const channel = this.#channel;
      const batch = this.#gathered.splice(0, this.#options.batch_max);
      this.#pacing.began(batch.length);
      this.#in_hand = batch;
      await this.#handle(channel, batch);
      this.#in_hand = [];
    }
    this.#running = undefined;
    // A channel that came back meanwhile may have gathered more.
    if (!this.#stopping.signal.aborted) this.#schedule();
  }

  async #handle(channel: Channel, batch: readonly Held[]): Promise<void> {
    try {
      const settlements = await this.#options.handle(batch.map(({ delivery }) => delivery));
      assert(settlements.length === batch.length, 'a handler settles every delivery');
      this.#settle(channel, batch, settlements);
      if (this.#failures > 0) this.#recovered();
    } catch (error) {
      this.#options.log.warn({ err: error, queue: this.queue }, 'a batch could not be settled; its messages stay in the queue');
      this.#detached();
      await pause(backoffMs(this.#failures++, retryFirstMs, retryMostMs), this.#stopping.signal);
      if (this.#channel !== channel) return;
      for (const { message } of batch) channel.nack(message, false, true);
      await pause(retryFirstMs, this.#stopping.signal);
      // Another consumer took them: nothing is wrong here that is known of.
      if (this.#gathered.length === 0) this.#recovered();
    }
  }

  #recovered(): void {
    this.#failures = 0;
    this.#attached_since = this.#options.clock.now();
  }

  #settle(channel: Channel, batch: readonly Held[], settlements: readonly Settlement[]): void {
    if (this.#channel !== channel) return;
    batch.forEach((held, index) => {
      const settlement = settlements[index];
      if (settlement === undefined || settlement.kind === 'done') return;
      this.#moving.set(held.message.fields.deliveryTag, held);
      void this.#move(channel, held, settlement);
    });
    const done = batch.filter((_, index) => settlements[index]?.kind === 'done').map(({ message }) => message);
    const first_moving = this.#moving.size === 0 ? Number.POSITIVE_INFINITY : Math.min(...this.#moving.keys());
    const together = done.filter((message) => message.fields.deliveryTag < first_moving).at(-1);
    if (together) channel.ack(together, true);
    for (const message of done) if (message.fields.deliveryTag > first_moving) channel.ack(message);
  }

  /** Confirm first, then acknowledge: in between there may be two, never none. */
  async #move(channel: Channel, held: Held, settlement: Exclude<Settlement, { kind: 'done' }>): Promise<void> {
    const { log, clock, publisher, names } = this.#options;
    const request = retryOrDeadLetter(held, settlement, this.address, names);
    const tag = held.message.fields.deliveryTag;
    for (let tries = 0; this.#channel === channel; tries += 1) {
      try {
        const [outcome] = await publisher.send([request]);
        if (outcome !== 'confirmed')
          throw refusal(
            'broker_unavailable',
            `The queue for ${request.routing_key} ${outcome === 'unroutable' ? 'is missing' : 'takes nothing'}.`,
          );
        if (this.#channel !== channel) return;
        if (settlement.kind === 'retry') this.#watch.delayed(held.delivery, clock.now() + retryStepFor(settlement.delay_ms));
        this.#moving.delete(tag);
        channel.ack(held.message);
        return;
      } catch (error) {
        if (tries === 0)
          log.warn(
            { err: error, queue: this.queue, kind: settlement.kind },
            'a message could not be moved to its delay or dead-letter queue; trying again',
          );
        await pause(backoffMs(tries, retryFirstMs, retryMostMs));
      }
    }
  }
}
