/**
 * RabbitMQ behind the broker port, for 3.10 and later. Two connections (see managed-connection.ts); over the consuming one go
 * topology, consumers, broadcasts and questions, over the publishing one nothing but messages. Whatever is lost comes
 * back by itself: the topology is declared anew before anything is published or consumed again.
 */
import { refusal } from '@souk/contracts';
import { AppError, type Clock, type IdSource, type Log, pause } from '@souk/kernel';
import type { ChannelModel } from 'amqplib';
import type { Broker, ConsumeOptions, Consumption, OnMessage, Outgoing, PublishOutcome, QueueDeclaration } from '../broker.ts';
import { asFunctions, type BrokerAdapter } from '../broker.ts';
import { retryDelaysMs } from '../consumer-runtime.ts';
import type { QueueStats } from '../queue-samples.ts';
import { rabbitAddresses, shuffled } from './address.ts';
import { type Broadcasts, createBroadcasts } from './broadcasts.ts';
import { type ManagedConnection, openManagedConnection } from './managed-connection.ts';
import { publishOptions } from './message.ts';
import { type Names, namesOf } from './names.ts';
import { createPublisher, type Publisher } from './publisher.ts';
import { type CountAnswer, createQueueCounts, type QueueCounts } from './queue-counts.ts';
import { createQueueProbe } from './queue-probe.ts';
import { RabbitConsumption } from './rabbit-consumption.ts';
import { createDeclare, type Declare, deadSuffix } from './topology.ts';

export interface RabbitBrokerOptions {
  /** `amqp://user:password@host:port/vhost` or `amqps://…`; several nodes of a cluster are separated by commas. */
  url: string;
  /** Keeps this installation apart from others in the same virtual host; `souk`, the default, is the one without a prefix. */
  installation?: string;
  log: Log;
  clock: Clock;
  ids: IdSource;
  /** How long a consumer must have been attached before its queue counts as drained (default 30 s). */
  settling_ms?: number;
  /** How long a publisher waits for confirms (default 10 s). */
  confirm_timeout_ms?: number;
  /** How often queues are looked at whose `processedUntil` is asked for (default 1 s). */
  probe_ms?: number;
  /** How often every consumed queue is looked at, whether it still delivers, and whether the broker answers at all (default 5 s). */
  guard_ms?: number;
  /** Puts several addresses in order; default `Math.random`. */
  random?: () => number;
}

const settlingDefaultMs = 30_000;
const confirmTimeoutDefaultMs = 10_000;
const probeDefaultMs = 1_000;
const guardDefaultMs = 5_000;
const connectWaitMs = 5_000;
const connectPollMs = 10;

/** Opens the broker; connects in the background and for ever. Refuses with `config_invalid` when the URL is none. */
export function openRabbitBroker(options: RabbitBrokerOptions): Broker {
  return asFunctions(new RabbitBroker(options));
}

class RabbitBroker implements BrokerAdapter {
  readonly kind = 'rabbitmq';
  readonly #options: RabbitBrokerOptions;
  readonly #stopping = new AbortController();
  readonly #declared = new Map<string, QueueDeclaration>();
  readonly #consumptions = new Set<RabbitConsumption>();
  readonly #not_empty_since = new Map<string, number>();
  readonly #names: Names;
  readonly #declare: Declare;
  readonly #retrySteps: readonly string[];
  readonly #broadcasts: Broadcasts;
  readonly #publisher: Publisher;
  readonly #counts: QueueCounts;
  readonly #publishing: ManagedConnection;
  readonly #consuming: ManagedConnection;
  readonly #probeQueue: (queue: string) => Promise<void>;
  readonly #loops: Promise<unknown>;
  #complained: string | undefined;
  /** It takes the connection and answers nothing: a process that hangs, noticed before the heartbeat ends the connection. */
  #silent = false;

  constructor(options: RabbitBrokerOptions) {
    this.#options = options;
    const { url, log } = options;
    const addresses = shuffled(rabbitAddresses(url), options.random ?? Math.random);
    this.#names = namesOf(options.installation);
    this.#declare = createDeclare(this.#names);
    this.#retrySteps = retryDelaysMs.map(this.#names.retry);
    this.#broadcasts = createBroadcasts(this.#names.events, log);
    this.#publisher = createPublisher(options.confirm_timeout_ms ?? confirmTimeoutDefaultMs, log);
    this.#probeQueue = createQueueProbe(() => this.#consuming.address());
    this.#consuming = openManagedConnection({
      role: 'consuming',
      addresses,
      log,
      setup: (model) => this.#restore(model),
      up: (model) => this.#attach(model),
      lost: () => this.#detach(),
    });
    this.#publishing = openManagedConnection({
      role: 'publishing',
      // On another node than the consuming one, as long as both are up.
      addresses: [...addresses.slice(1), ...addresses.slice(0, 1)],
      log,
      setup: (model) => this.#publisher.setup(model),
      lost: () => this.#publisher.lost(),
      onBlocked: (reason) => this.#publisher.refuseAll(reason),
    });
    this.#counts = createQueueCounts(() => this.#consuming.model());
    const guarding = createQueueCounts(() => this.#consuming.model());
    this.#loops = Promise.all([
      this.#every(options.probe_ms ?? probeDefaultMs, () => this.#probe()),
      this.#every(options.guard_ms ?? guardDefaultMs, () => this.#guard(guarding)),
    ]);
  }

  async declare(queues: readonly QueueDeclaration[]): Promise<void> {
    for (const queue of queues) this.#declared.set(queue.name, queue);
    const model = await this.#untilConnected();
    await this.#complaining(() => this.#declare(model, queues));
  }

  publish(messages: readonly Outgoing[]): Promise<PublishOutcome[]> {
    return this.#send(this.#names.events, messages, undefined);
  }

  async publishTo(queue: string, messages: readonly Outgoing[]): Promise<void> {
    const outcomes = await this.#send('', messages, queue);
    if (outcomes.includes('unroutable')) throw refusal('broker_unavailable', `RabbitMQ has no queue ${queue}.`);
    if (outcomes.includes('unconfirmed')) throw refusal('broker_unavailable', `The queue ${queue} takes no messages at the moment.`);
  }

  consume(options: ConsumeOptions): Consumption {
    const { log, clock, settling_ms = settlingDefaultMs } = this.#options;
    const onClose = (): void => void this.#consumptions.delete(consumption);
    const own = {
      names: this.#names,
      log,
      clock,
      settling_ms,
      publisher: this.#publisher,
      probeQueue: this.#probeQueue,
      redeclare: (model: ChannelModel) => this.#restore(model),
      onClose,
    };
    const consumption = new RabbitConsumption({ ...options, ...own });
    this.#consumptions.add(consumption);
    const model = this.#consuming.model();
    if (model) void consumption.attach(model);
    return consumption;
  }

  subscribe(patterns: readonly string[], onMessage: OnMessage, onGap?: () => void): Promise<() => Promise<void>> {
    return this.#broadcasts.subscribe(patterns, onMessage, onGap);
  }

  async stats(queues?: readonly string[]): Promise<QueueStats[]> {
    const names = queues ?? [...this.#declared.keys()].flatMap((name) => [name, `${name}${deadSuffix}`]);
    const steps = queues === undefined ? this.#retrySteps : [];
    try {
      const counts = await this.#counts.count([...names.map(this.#names.queue), ...steps]);
      const delayed = steps.map((queue, index) => ({
        queue,
        ready: 0,
        in_hand: 0,
        delayed: readyIn(counts[names.length + index]),
        oldest_age_s: 0,
      }));
      return [...names.map((queue, index) => this.#stats(queue, readyIn(counts[index]))), ...delayed];
    } catch (error) {
      throw refusal('broker_unavailable', undefined, {}, error);
    }
  }

  connected(): boolean {
    return this.#consuming.model() !== undefined && this.#publishing.model() !== undefined && this.#publishing.blocked() === undefined;
  }

  incidents(): string[] {
    const stalled = this.#publisher.stalled().map(({ routing_key }) => `${routing_key} is taken by RabbitMQ and not confirmed`);
    const silent = this.#silent && this.connected() ? ['RabbitMQ does not answer'] : [];
    return [...silent, ...stalled, ...[...this.#consumptions].flatMap((consumption) => consumption.incident() ?? [])];
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([...this.#consumptions].map((consumption) => consumption.close()));
    await this.#loops;
    await Promise.all([this.#publishing.close(), this.#consuming.close()]);
  }

  /** How long a queue has not been seen empty: the broker does not report the age of what waits in it. */
  #stats(queue: string, ready: number): QueueStats {
    const now = this.#options.clock.now();
    if (ready === 0) this.#not_empty_since.delete(queue);
    else if (!this.#not_empty_since.has(queue)) this.#not_empty_since.set(queue, now);
    const since = this.#not_empty_since.get(queue) ?? now;
    return { queue, ready, in_hand: 0, delayed: 0, oldest_age_s: Math.max(0, now - since) / 1_000 };
  }

  async #send(exchange: string, messages: readonly Outgoing[], queue: string | undefined): Promise<PublishOutcome[]> {
    if (messages.length === 0) return [];
    const blocked = this.#publishing.blocked();
    if (blocked !== undefined) throw refusal('broker_unavailable', `RabbitMQ takes no messages at the moment: ${blocked}.`);
    // Without the other connection it is not known whether the queues are there.
    if (!this.#consuming.model()) throw refusal('broker_unavailable', 'RabbitMQ is not connected.');
    const now = this.#options.clock.now();
    return this.#publisher.send(
      messages.map((message) => ({
        exchange,
        routing_key: queue === undefined ? message.routing_key : this.#names.queue(queue),
        content: Buffer.from(message.body),
        options: publishOptions(message, now, queue !== undefined),
      })),
    );
  }

  /** After each (re)connect, before anything else. A queue of another kind is complained of; all others work. */
  async #restore(model: ChannelModel): Promise<void> {
    try {
      await this.#complaining(() => this.#declare(model, [...this.#declared.values()]));
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'config_invalid')) throw error;
    }
  }

  #attach(model: ChannelModel): void {
    this.#broadcasts.attach(model).catch((error: unknown) => {
      this.#options.log.warn({ err: error }, 'broadcasts are not received until the next connection');
    });
    for (const consumption of this.#consumptions) void consumption.attach(model);
  }

  #detach(): void {
    this.#broadcasts.detach();
    for (const consumption of this.#consumptions) consumption.detach();
  }

  /** Says a mismatch once, however often it is met. */
  async #complaining(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#complained = undefined;
    } catch (error) {
      if (!(error instanceof AppError)) throw refusal('broker_unavailable', undefined, {}, error);
      if (this.#complained !== error.message) this.#options.log.error({ ...error.details }, error.message);
      this.#complained = error.message;
      throw error;
    }
  }

  async #untilConnected(): Promise<ChannelModel> {
    const end = performance.now() + connectWaitMs;
    for (;;) {
      const model = this.#consuming.model();
      if (model && this.#publishing.model()) return model;
      if (performance.now() > end || this.#stopping.signal.aborted) throw refusal('broker_unavailable', 'RabbitMQ is not connected.');
      await pause(connectPollMs, this.#stopping.signal);
    }
  }

  async #every(interval_ms: number, look: () => Promise<void>): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      await pause(interval_ms, this.#stopping.signal);
      if (this.#stopping.signal.aborted || !this.#consuming.model()) continue;
      try {
        await look();
      } catch (error) {
        this.#options.log.debug({ err: error }, 'queue stats could not be read; the last values stay');
      }
    }
  }

  async #probe(): Promise<void> {
    const watched = [...this.#consumptions].filter((consumption) => consumption.wantsProbe());
    if (watched.length === 0) return;
    const at = this.#options.clock.now();
    const counts = await this.#counts.count([...watched.map((consumption) => consumption.address), ...this.#retrySteps]);
    if (counts.includes('silent')) throw new Error('RabbitMQ does not report how many messages are ready.');
    const delayed = counts.slice(watched.length).reduce((sum, count) => sum + readyIn(count), 0);
    const delayed_by_us = [...this.#consumptions].reduce((sum, consumption) => sum + consumption.delayedByUs(at), 0);
    watched.forEach((consumption, index) => {
      const count = counts[index];
      if (typeof count === 'object') consumption.probed({ at, ready: count.ready, consumers: count.consumers, delayed, delayed_by_us });
    });
  }

  /** A queue that is not there is reported by its consumer. */
  async #guard(counts: QueueCounts): Promise<void> {
    // Every process has declared the retry steps, also one that consumes nothing.
    this.#silent = (await counts.count(this.#retrySteps.slice(0, 1)))[0] === 'silent';
    const guarded = [...this.#consumptions];
    const answers = await counts.count(guarded.map((consumption) => consumption.address));
    guarded.forEach((consumption, index) => {
      const answer = answers[index];
      consumption.polled(answer === 'silent' ? undefined : readyIn(answer));
    });
  }
}

function readyIn(answer: CountAnswer | undefined): number {
  return typeof answer === 'object' ? answer.ready : 0;
}
