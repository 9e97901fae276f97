/**
 * The statements of a run. Each waits at its connection until the queue of the world sends it; then it has answered, or its backend
 * waits for a lock that an open transaction holds, before anything else happens. Which of the two it is PostgreSQL says, not the time
 * that has passed. Two transactions that wait for each other are found here, and the later one is refused as PostgreSQL would:
 * its own search begins after a time, and which of the two it then finds first is chance.
 */
import type { SimulatedDatabases } from './databases.ts';
import { realPause } from './real.ts';
import type { Life, World } from './world.ts';

/** What of a connection of the driver is used here. */
export interface Client {
  readonly processID: number;
  getTransactionStatus(): string | null;
}

/** A connection for the time that it is lent to someone. */
export interface Lease {
  readonly life: Life;
  readonly database: string;
  readonly client: Client;
  /** What it still has to send, in order; the first may be under way. */
  readonly waiting: Statement[];
  /** Gives it back; with false it is closed. */
  end(sound: boolean): void;
}

interface Statement {
  readonly lease: Lease;
  readonly label: string;
  readonly send: () => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  answered: Promise<void> | undefined;
  outcome: { value: unknown } | { error: Error } | undefined;
  /** It had to wait for a lock. */
  waited: boolean;
  /** Cancelled here because it closed a circle of transactions. */
  victim: boolean;
}

/** How long an answer may take before it is asked whether it waits for a lock. */
const askAfterMs = 1;
const deadlock = '40P01';

export class Sessions {
  readonly #world: World;
  readonly #databases: SimulatedDatabases;
  readonly #leases = new Set<Lease>();
  /** Sent and not answered, by database, in the order in which they were sent. */
  readonly #sent = new Map<string, Set<Statement>>();
  #statements = 0;
  #lock_waits = 0;
  #deadlocks = 0;

  constructor(world: World, databases: SimulatedDatabases) {
    this.#world = world;
    this.#databases = databases;
  }

  counts(): { statements: number; lock_waits: number; deadlocks: number } {
    return { statements: this.#statements, lock_waits: this.#lock_waits, deadlocks: this.#deadlocks };
  }

  open(lease: Lease): void {
    this.#leases.add(lease);
  }

  close(lease: Lease): void {
    this.#leases.delete(lease);
  }

  /** Resolves or rejects with the answer, when the run comes to it; never when its actor has crashed before. */
  put<T>(lease: Lease, label: string, send: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const statement = { lease, label, send, resolve: resolve as (value: unknown) => void, reject };
      lease.waiting.push({ ...statement, answered: undefined, outcome: undefined, waited: false, victim: false });
      if (lease.waiting.length === 1) this.#planNext(lease);
    });
  }

  /** Ends the connections of a life as its end does: transactions are rolled back, and nothing of it is answered. */
  async endAll(life: Life): Promise<void> {
    const leases = [...this.#leases].filter((lease) => lease.life === life);
    const busy = leases.filter((lease) => lease.client.getTransactionStatus() !== 'I' || this.#isSent(lease));
    await this.#databases.terminate(busy.map(({ client }) => client.processID));
    for (const lease of leases) {
      for (const statement of lease.waiting) this.#sent.get(lease.database)?.delete(statement);
      lease.waiting.length = 0;
      this.#leases.delete(lease);
      lease.end(!busy.includes(lease));
    }
    for (const database of new Set(busy.map((lease) => lease.database))) await this.#settle(database);
  }

  /** The run is over: whatever is open is closed, as if everybody had crashed. */
  async abandon(): Promise<void> {
    for (const life of new Set([...this.#leases].map((lease) => lease.life))) await this.endAll(life);
  }

  /** Ends the connections of a life that goes on: what it is doing fails. */
  async cut(life: Life): Promise<number> {
    const leases = [...this.#leases].filter((lease) => lease.life === life);
    await this.#databases.terminate(leases.map(({ client }) => client.processID));
    for (const database of new Set(leases.map((lease) => lease.database))) await this.#settle(database);
    return leases.length;
  }

  #isSent(lease: Lease): boolean {
    return lease.waiting[0]?.answered !== undefined;
  }

  #planNext(lease: Lease): void {
    const statement = lease.waiting[0];
    if (statement === undefined) return;
    const { life } = lease;
    const world = this.#world;
    // What the driver and the monitor do is not the service's: they have the real clock.
    const send = (): Promise<void> => world.as(world.outside, () => this.#send(statement));
    world.plan(life, world.duration(life.actor, 'statements'), statement.label, send);
  }

  async #send(statement: Statement): Promise<void> {
    const { lease } = statement;
    this.#statements += 1;
    this.#databases.showTime(this.#world.now_ms);
    const sent = this.#sent.get(lease.database) ?? new Set();
    this.#sent.set(lease.database, sent.add(statement));
    statement.answered = statement
      .send()
      .then((value) => {
        statement.outcome = { value };
      })
      .catch((error: Error) => {
        statement.outcome = { error };
      });
    const alone = ![...this.#leases].some((other) => other !== lease && other.database === lease.database && this.#mayHoldLocks(other));
    if (alone) await statement.answered;
    await this.#settle(lease.database);
    this.#world.onStatement(lease.life);
  }

  #mayHoldLocks(lease: Lease): boolean {
    return lease.client.getTransactionStatus() !== 'I' || this.#isSent(lease);
  }

  /** Everything sent to this database has answered or waits for a lock that nothing under way will free. */
  async #settle(database: string): Promise<void> {
    const sent = this.#sent.get(database);
    if (sent === undefined) return;
    for (;;) {
      const open = [...sent].filter(({ outcome }) => outcome === undefined);
      if (open.length === 0) break;
      await Promise.race([realPause(askAfterMs), Promise.all(open.map(({ answered }) => answered))]);
      const late = open.filter(({ outcome }) => outcome === undefined);
      if (late.length === 0) break;
      const blockers = await this.#databases.blockers(late.map(({ lease }) => lease.client.processID));
      if (late.some(({ outcome }) => outcome !== undefined)) continue;
      if (late.some(({ lease }) => (blockers.get(lease.client.processID) ?? []).length === 0)) continue;
      const victim = this.#victimOf(late, blockers);
      if (victim === undefined) break;
      victim.victim = true;
      this.#deadlocks += 1;
      await this.#databases.cancel(victim.lease.client.processID);
      await victim.answered;
    }
    this.#collect(sent);
  }

  /** The statement sent last among those that wait for each other in a circle. */
  #victimOf(late: readonly Statement[], blockers: ReadonlyMap<number, readonly number[]>): Statement | undefined {
    const leadsTo = (from: number, to: number, seen: Set<number>): boolean =>
      (blockers.get(from) ?? []).some((next) => next === to || (!seen.has(next) && leadsTo(next, to, seen.add(next))));
    return late.findLast(({ lease: { client } }) => leadsTo(client.processID, client.processID, new Set()));
  }

  /** Plans the answers that are there, in the order in which their statements were sent. */
  #collect(sent: Set<Statement>): void {
    for (const statement of [...sent]) {
      const { lease, outcome } = statement;
      if (outcome === undefined) {
        if (!statement.waited) this.#lock_waits += 1;
        statement.waited = true;
        continue;
      }
      sent.delete(statement);
      lease.waiting.shift();
      if ('error' in outcome && statement.victim) Object.assign(outcome.error, { code: deadlock });
      const text = 'error' in outcome ? `refused ${(outcome.error as { code?: string }).code ?? ''}` : JSON.stringify(outcome.value);
      this.#world.plan(lease.life, this.#world.duration(lease.life.actor, 'answers'), `answer ${text}`, () => {
        if ('error' in outcome) statement.reject(outcome.error);
        else statement.resolve(outcome.value);
      });
      this.#planNext(lease);
    }
  }
}
