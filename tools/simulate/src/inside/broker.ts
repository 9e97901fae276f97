/**
 * The broker of a run, in memory: it keeps the promises of the broker port and no more. Each message becomes visible after a time of its own, so
 * that they overtake each other; deliveries that their consumer did not settle come again. It outlives every service.
 */
import { queues, refusal } from '@souk/contracts';
import {
  asFunctions,
  type Broker,
  type ConsumeOptions,
  type Consumption,
  matchesTopic,
  type Outgoing,
  type PublishOutcome,
  type Settlement,
} from '@souk/messaging';
import { asDelivery, type Consumer, type Message, nameOf, type Queue, statsOf, subjectOf } from './queues.ts';
import type { Life, Window, World } from './world.ts';

/** What happens to messages on the way, as the plan of the run says. */
export interface BrokerFaults {
  /** Nothing is taken and nothing delivered. */
  outages: readonly Window[];
  /** What is published is taken, and its publisher does not learn it. */
  unconfirmed: readonly Window[];
  /** Messages of the queue that come in meanwhile are held until the window ends. */
  held: readonly (Window & { queue: string })[];
  /** What the queue has delivered and seen settled is delivered once more. */
  repeated: readonly (Window & { queue: string })[];
  /** Handled, and the acknowledgement gets lost. */
  unacknowledged: readonly (Window & { queue: string })[];
}

const settlingMs = 30_000;
const pauseFirstMs = 50;
const pauseMostMs = 5_000;
const repeatMostMs = 20_000;
const deadSuffix = '.dead';
/** So many deliveries are of one message, whatever waits behind it. */
const aloneShare = 0.3;

/** The broker; its queues are there from the start. */
export class SimulatedBroker {
  readonly #world: World;
  readonly #faults: BrokerFaults;
  readonly #queues = new Map<string, Queue>();
  #published = 0;

  constructor(world: World, faults: BrokerFaults) {
    this.#world = world;
    this.#faults = faults;
    for (const name of Object.keys(queues))
      for (const one of [name, `${name}${deadSuffix}`]) this.#queues.set(one, { name: one, messages: [], consumers: [] });
    // What became ready while it was away is delivered when it is back.
    for (const { to_ms } of faults.outages)
      world.plan(world.outside, to_ms, 'the broker is back', () => {
        for (const queue of this.#queues.values()) this.#wake(queue, 0);
      });
  }

  /** How many messages were published. */
  get published(): number {
    return this.#published;
  }

  /** Nothing waits, is delayed or in hand. */
  isEmpty(): boolean {
    return [...this.#queues.values()].every(({ messages }) => messages.length === 0);
  }

  /** The broker as this life sees it. */
  for(life: Life): Broker {
    return asFunctions({
      kind: 'embedded',
      declare: () => this.#ask(life, 'declare', () => undefined),
      publish: (messages) => this.#ask(life, 'publish', () => messages.map((outgoing) => this.#route(life, outgoing))),
      publishTo: (name, messages) =>
        this.#ask(life, 'publish to', () => {
          for (const outgoing of messages) this.#put(this.#queue(name), outgoing);
        }),
      consume: (options) => this.#consume(life, options),
      subscribe: async () => async () => undefined,
      stats: (names) =>
        this.#ask(life, 'stats', () => (names ?? [...this.#queues.keys()]).map((name) => statsOf(this.#queue(name), this.#world.now_ms))),
      connected: () => !this.#isIn(this.#faults.outages),
      incidents: () => [],
      close: async () => undefined,
    });
  }

  /** The consumers of the life are gone; what they had not settled is ready again. */
  detach(life: Life): void {
    for (const queue of this.#queues.values()) {
      for (const consumer of queue.consumers.filter((one) => one.life === life)) {
        for (const message of consumer.in_hand) message.redelivered = true;
        this.#free(queue, consumer);
      }
      queue.consumers = queue.consumers.filter((one) => one.life !== life);
    }
  }

  #queue(name: string): Queue {
    const queue = this.#queues.get(name);
    if (queue === undefined) throw new Error(`there is no queue ${name}`);
    return queue;
  }

  #isIn(windows: readonly Window[]): boolean {
    const { elapsed_ms } = this.#world;
    return windows.some(({ from_ms, to_ms }) => elapsed_ms >= from_ms && elapsed_ms < to_ms);
  }

  #isQueueIn(queue: Queue, windows: readonly (Window & { queue: string })[]): boolean {
    return this.#isIn(windows.filter((one) => one.queue === queue.name));
  }

  /** Does the work at the broker, and answers this life when the answer has come back. */
  #ask<T>(life: Life, label: string, work: () => T): Promise<T> {
    const world = this.#world;
    return new Promise((resolve, reject) => {
      const answer = (how: () => void): void => void world.plan(life, world.duration(life.actor, 'answers'), `answer ${label}`, how);
      world.plan(life, world.duration(life.actor, 'publishes'), label, () => {
        if (this.#isIn(this.#faults.outages)) return answer(() => reject(refusal('broker_unavailable')));
        const done = work();
        if (label === 'publish' && this.#isIn(this.#faults.unconfirmed)) return answer(() => reject(refusal('broker_unavailable')));
        answer(() => resolve(done));
      });
    });
  }

  #route(life: Life, outgoing: Outgoing): PublishOutcome {
    this.#published += 1;
    this.#world.note(() => `${life.actor} publishes ${outgoing.routing_key} ${subjectOf(outgoing)}`);
    const bound = Object.entries(queues).filter(([, keys]) => keys.some((key) => matchesTopic(key, outgoing.routing_key)));
    for (const [name] of bound) this.#put(this.#queue(name), outgoing);
    return bound.length === 0 && outgoing.mandatory ? 'unroutable' : 'confirmed';
  }

  #put(queue: Queue, outgoing: Outgoing, kept: Partial<Message> = {}): void {
    const world = this.#world;
    const arrives = world.now_ms + world.duration(`queue ${queue.name}`, 'deliveries');
    const holding = this.#faults.held.filter((one) => this.#isQueueIn(queue, [one]));
    const message = {
      outgoing,
      ...{ enqueued_at: world.now_ms, attempts: 0, headers: outgoing.headers, redelivered: false, delayed: false, in_hand: false },
      ...{ visible_at: Math.max(arrives, ...holding.map(({ to_ms }) => world.started_ms + to_ms)), ...kept },
    };
    queue.messages.push(message);
    this.#wake(queue, message.visible_at - world.now_ms);
  }

  #wake(queue: Queue, delay_ms: number): void {
    this.#world.plan(this.#world.outside, delay_ms, `look into ${queue.name}`, () => {
      for (const consumer of queue.consumers) this.#deliver(queue, consumer);
    });
  }

  #consume(life: Life, options: ConsumeOptions): Consumption {
    const queue = this.#queue(options.queue);
    const consumer: Consumer = {
      ...{ life, options, busy: false, closed: false, failures: 0 },
      ...{ attached_since: this.#world.now_ms, in_hand: [] },
    };
    queue.consumers.push(consumer);
    this.#wake(queue, 0);
    return {
      attached: () => consumer.attached_since <= this.#world.now_ms && !this.#isIn(this.#faults.outages),
      processedUntil: () => this.#processedUntil(queue, consumer),
      unsettled: () => consumer.in_hand.length,
      close: async () => {
        consumer.closed = true;
      },
    };
  }

  #processedUntil(queue: Queue, { attached_since }: Consumer): number {
    const { now_ms, started_ms, elapsed_ms } = this.#world;
    const past = this.#faults.outages.filter(({ from_ms }) => from_ms <= elapsed_ms);
    const attached = Math.max(attached_since, ...past.map(({ to_ms }) => started_ms + to_ms));
    if (now_ms - attached < settlingMs) return 0;
    return Math.floor(Math.min(now_ms, ...queue.messages.map(({ enqueued_at }) => enqueued_at)));
  }

  #deliver(queue: Queue, consumer: Consumer): void {
    const world = this.#world;
    const isAway = consumer.closed || !consumer.life.alive || consumer.attached_since > world.now_ms || this.#isIn(this.#faults.outages);
    if (consumer.busy || isAway) return;
    const ready = queue.messages.filter((one) => !one.in_hand && one.visible_at <= world.now_ms);
    if (ready.length === 0) return;
    const most = world.draw(`queue ${queue.name} batches`) < aloneShare ? 1 : consumer.options.batch_max;
    const batch = ready.sort((one, other) => one.visible_at - other.visible_at).slice(0, most);
    for (const message of batch) Object.assign(message, { in_hand: true, delayed: false });
    consumer.busy = true;
    consumer.in_hand = batch;
    world.note(() => `${queue.name} gets ${batch.map(nameOf).join(', ')}`);
    world.record(`deliver ${queue.name} ${batch.map(({ outgoing }) => outgoing.message_id).join(' ')}`);
    const answered = (work: () => void): void =>
      void world.plan(consumer.life, world.duration(consumer.life.actor, 'answers'), `settle ${queue.name}`, work);
    world.as(consumer.life, () => {
      consumer.options.handle(batch.map(asDelivery)).then(
        (settlements) => answered(() => this.#settle(queue, consumer, settlements)),
        (error: unknown) => answered(() => this.#failed(queue, consumer, error)),
      );
    });
  }

  #free(queue: Queue, consumer: Consumer): void {
    for (const message of consumer.in_hand) message.in_hand = false;
    consumer.in_hand = [];
    consumer.busy = false;
    this.#wake(queue, 0);
  }

  #settle(queue: Queue, consumer: Consumer, settlements: readonly Settlement[]): void {
    consumer.failures = 0;
    const batch = consumer.in_hand;
    if (this.#isIn(this.#faults.outages) || this.#isQueueIn(queue, this.#faults.unacknowledged)) {
      this.#world.note(() => `  its acknowledgement is lost: ${batch.map(nameOf).join(', ')}`);
      for (const message of batch) message.redelivered = true;
    } else {
      const gone = new Set(batch.filter((message, index) => this.#settleOne(queue, message, settlements[index])));
      queue.messages = queue.messages.filter((message) => !gone.has(message));
    }
    this.#free(queue, consumer);
  }

  /** Whether the message leaves the queue. */
  #settleOne(queue: Queue, message: Message, settlement: Settlement = { kind: 'done' }): boolean {
    const world = this.#world;
    switch (settlement.kind) {
      case 'retry':
        world.note(() => `  ${nameOf(message)} is tried again in ${settlement.delay_ms} ms`);
        Object.assign(message, { attempts: message.attempts + 1, delayed: true, visible_at: world.now_ms + settlement.delay_ms });
        this.#wake(queue, settlement.delay_ms);
        return false;
      case 'dead': {
        world.note(() => `  ${nameOf(message)} becomes a dead letter: ${settlement.reason}, ${settlement.detail}`);
        const headers = { ...message.headers, 'x-souk-reason': settlement.reason, 'x-souk-detail': settlement.detail };
        this.#put(this.#queue(`${queue.name}${deadSuffix}`), message.outgoing, { headers, attempts: message.attempts + 1 });
        return true;
      }
      case 'done':
        if (this.#isQueueIn(queue, this.#faults.repeated)) this.#repeat(queue, message);
        return true;
    }
  }

  #repeat(queue: Queue, message: Message): void {
    const world = this.#world;
    const delay_ms = world.draw(`queue ${queue.name} repeats`) ** 2 * repeatMostMs;
    world.note(() => `  ${nameOf(message)} will be delivered once more, in ${Math.round(delay_ms)} ms`);
    this.#put(queue, message.outgoing, { visible_at: world.now_ms + delay_ms, redelivered: true });
  }

  #failed(queue: Queue, consumer: Consumer, error: unknown): void {
    const pause_ms = Math.min(pauseFirstMs * 2 ** consumer.failures++, pauseMostMs);
    this.#world.note(() => `  ${queue.name} leaves its batch in the queue: ${(error as Error).message}`);
    for (const message of consumer.in_hand) message.redelivered = true;
    consumer.attached_since = this.#world.now_ms + pause_ms;
    this.#free(queue, consumer);
    this.#wake(queue, pause_ms);
  }
}
