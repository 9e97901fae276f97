/**
 * The world of one run: a virtual clock, the queue of what is to happen, and who does it. One incident happens at a time, and the next
 * one only when nothing of the process runs any more. Everything that takes time (a statement, an answer, a delivery, a call of the
 * provider) takes a time that the seed decides, so the order of everything is a function of the seed.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import { createRandom, type Random } from '@souk/prove/random';
import { EventQueue, type Incident } from './event-queue.ts';
import { untilQuiet } from './real.ts';

/** One life of an actor: a service from its start to its crash, the clients, the provider. What a dead one planned does not happen. */
export interface Life {
  readonly actor: string;
  readonly number: number;
  alive: boolean;
}

export interface Window {
  from_ms: number;
  to_ms: number;
}

/** Most immediates in a row; more is a circle that virtual time never leaves. */
const immediatesMax = 100_000;

export class World {
  readonly seed: string;
  readonly started_ms: number;
  /** What happens, line by line, where that is asked for; empty otherwise. */
  readonly trace: string[] = [];
  readonly last_id = { ms: 0, counter: 0 };
  /** Work for the end of the run. */
  readonly atEnd: (() => void)[] = [];
  readonly outside: Life = { actor: 'outside', number: 0, alive: true };
  /** Windows in which what an actor does takes long. */
  slow: readonly (Window & { actor: string })[] = [];
  /** Called after each statement that an actor has put to its database. */
  onStatement: (life: Life) => void = () => undefined;
  #now_ms: number;
  #numbers = 0;
  #incidents = 0;
  #immediates: Incident[] = [];
  readonly #queue = new EventQueue();
  readonly #lives = new AsyncLocalStorage<Life>();
  readonly #sequences = new Map<string, Random>();
  readonly #digest = createHash('sha256');
  readonly #traces: boolean;

  constructor(seed: string, started_ms: number, traced: boolean) {
    this.seed = seed;
    this.started_ms = started_ms;
    this.#now_ms = started_ms;
    this.#traces = traced;
  }

  /** Epoch milliseconds with a fraction. */
  get now_ms(): number {
    return this.#now_ms;
  }

  get elapsed_ms(): number {
    return this.#now_ms - this.started_ms;
  }

  get incidents(): number {
    return this.#incidents;
  }

  /** Whose code runs now. */
  life(): Life {
    return this.#lives.getStore() ?? this.outside;
  }

  as<T>(life: Life, work: () => T): T {
    return this.#lives.run(life, work);
  }

  /** A share at least 0 and below 1, from the sequence of this name. */
  draw(sequence: string): number {
    return this.random(sequence).share();
  }

  random(sequence: string): Random {
    const known = this.#sequences.get(sequence);
    if (known !== undefined) return known;
    const fresh = createRandom(`${this.seed}/${sequence}`);
    this.#sequences.set(sequence, fresh);
    return fresh;
  }

  /** How long something takes: mostly a millisecond or less, and within a slow window of the actor anything up to seconds. */
  duration(actor: string, sequence: string): number {
    const share = this.draw(`${actor} ${sequence}`);
    const elapsed = this.elapsed_ms;
    if (!this.slow.some((window) => window.actor === actor && elapsed >= window.from_ms && elapsed < window.to_ms)) return 0.05 + share;
    if (share < 0.5) return 0.1 + share * 4;
    if (share < 0.85) return 5 + (share - 0.5) * 200;
    return 80 + (share - 0.85) * 12_000;
  }

  /** Plans an incident of this life; `label` goes into the digest. Asynchronous work is waited for before the next incident. */
  plan(life: Life, delay_ms: number, label: string, work: () => unknown): Incident {
    const incident: Incident = {
      due_ms: this.#now_ms + Math.max(0, delay_ms),
      number: ++this.#numbers,
      cancelled: false,
      run: () => {
        if (!life.alive) return undefined;
        this.#incidents += 1;
        this.record(`${this.#now_ms.toFixed(3)} ${life.actor}.${life.number} ${label}`);
        return this.as(life, work);
      },
    };
    this.#queue.push(incident);
    return incident;
  }

  /** What Node runs as soon as nothing else does. */
  soon(life: Life, work: () => void): Incident {
    const incident: Incident = {
      due_ms: 0,
      number: 0,
      cancelled: false,
      run: () => (life.alive ? this.as(life, work) : undefined),
    };
    this.#immediates.push(incident);
    return incident;
  }

  record(line: string): void {
    this.#digest.update(line).update('\n');
  }

  /** A line of the trace, where one is asked for. */
  note(line: () => string): void {
    if (this.#traces) this.trace.push(`${(this.elapsed_ms / 1_000).toFixed(3).padStart(9)} s  ${line()}`);
  }

  digest(): string {
    return this.#digest.copy().digest('hex').slice(0, 32);
  }

  /** Lets incidents happen until it is done, or nothing is left that could happen. */
  async runUntil(isDone: () => boolean): Promise<void> {
    for (;;) {
      await this.#quiet();
      if (isDone()) return;
      const incident = this.#queue.pop();
      if (incident === undefined) return;
      if (incident.cancelled) continue;
      this.#now_ms = Math.max(this.#now_ms, incident.due_ms);
      await incident.run();
    }
  }

  async #quiet(): Promise<void> {
    let count = 0;
    for (;;) {
      await untilQuiet();
      if (this.#immediates.length === 0) return;
      const immediates = this.#immediates;
      this.#immediates = [];
      count += immediates.length;
      if (count > immediatesMax) throw new Error('the simulated process never comes to rest at one moment of its clock');
      for (const immediate of immediates) if (!immediate.cancelled) immediate.run();
    }
  }
}
