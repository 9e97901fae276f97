/** Carries drills out, one at a time: takes the target away, brings it back, waits for the orders that waited, has the books judged. */
import { type Drill, type DrillOrder, type Drills, refusal } from '@souk/contracts';
import { type Clock, type Log, pause, timestamp } from '@souk/kernel';
import type { DrillFault } from './drill-fault.ts';
import type { ShopObserver } from './shop-observer.ts';

export interface DrillDesk {
  list(): Drills;
  /** The drill of this id where there is one already. Throws `validation_failed` and `drill_running`. */
  start(order: DrillOrder): Drill;
  /** Brings back now what was taken away. Throws `drill_unknown`. */
  end(id: string): Drill;
  /** Brings nothing back any more: the shop is being stopped. Resolves when no step is under way. */
  close(): Promise<void>;
}

export interface DrillDeskOptions {
  faults: readonly DrillFault[];
  observer: ShopObserver;
  clock: Clock;
  log: Log;
  limits?: Partial<DrillLimits>;
}

interface DrillLimits {
  /** Between two looks at the orders that wait. */
  sample_every_ms: number;
  /** How long orders that waited may take once the target is back. */
  recovery_ms_max: number;
  /** Between two attempts to start again what did not come back. */
  restore_again_ms: number;
  /** How many drills are remembered. */
  kept_max: number;
}

const usualLimits: DrillLimits = { sample_every_ms: 1_000, recovery_ms_max: 120_000, restore_again_ms: 2_000, kept_max: 20 };
/** Of the longest drill with the longest recovery. */
const samplesMax = 300;
const msInS = 1_000;

/** A drill while it may still change. */
type Record = { -readonly [Member in keyof Drill]: Drill[Member] };

export function createDrillDesk(options: DrillDeskOptions): DrillDesk {
  const { faults, clock, log } = options;
  const limits = { ...usualLimits, ...options.limits };
  const closing = new AbortController();
  let drills: readonly Record[] = [];
  let current: { id: string; over: Promise<void>; early: AbortController } | undefined;
  return {
    list: () => ({ allowed: true, targets: faults.map(({ target, means }) => ({ target, means })), drills: [...drills] }),
    start(order) {
      const known = drills.find(({ id }) => id === order.id);
      if (known !== undefined) return known;
      const fault = faults.find(({ target }) => target === order.target);
      if (fault === undefined) throw refusal('validation_failed', `Here ${order.target} cannot be taken away.`);
      if (current !== undefined || closing.signal.aborted) throw refusal('drill_running');
      const drill = newDrill(order, fault, timestamp(clock.now()));
      drills = [drill, ...drills].slice(0, limits.kept_max);
      const early = new AbortController();
      log.warn({ drill: drill.id, target: drill.target, started_by: drill.started_by }, 'a drill begins');
      const over = carryOut(drill, fault, { ...options, limits, early: early.signal, closing: closing.signal }).finally(() => {
        current = undefined;
        log.warn({ drill: drill.id, state: drill.state, balanced: drill.verdict?.balanced }, 'a drill has ended');
      });
      current = { id: drill.id, over, early };
      return drill;
    },
    end(id) {
      const drill = drills.find((each) => each.id === id);
      if (drill === undefined) throw refusal('drill_unknown');
      if (current?.id === id) current.early.abort();
      return drill;
    },
    async close() {
      closing.abort();
      await current?.over;
    },
  };
}

function newDrill({ id, target, duration_s, started_by }: DrillOrder, { means }: DrillFault, started_at: string): Record {
  const unknown = { gone_at: null, back_at: null, recovered_at: null, ended_at: null, waiting_before: null, waiting_most: null };
  return { id, target, means, duration_s, started_by, started_at, state: 'ending', ...unknown, samples: [], verdict: null, failure: null };
}

interface Surroundings extends DrillDeskOptions {
  limits: DrillLimits;
  early: AbortSignal;
  closing: AbortSignal;
}

/** Never rejects: what goes wrong is said by the drill. */
async function carryOut(drill: Record, fault: DrillFault, around: Surroundings): Promise<void> {
  const { clock, log, observer, limits, early, closing } = around;
  const now = (): string => timestamp(clock.now());
  const sampling = new AbortController();
  const stopSampling = AbortSignal.any([sampling.signal, closing]);
  let sampled: Promise<void> = Promise.resolve();
  try {
    drill.waiting_before = await observer.waiting();
    await fault.end();
    Object.assign(drill, { state: 'away', gone_at: now() });
    sampled = sample(drill, around, stopSampling);
    await pause(drill.duration_s * msInS, AbortSignal.any([early, closing]));
    // What is being stopped starts nothing any more.
    if (closing.aborted) throw new Error('the shop was stopped meanwhile');
    drill.state = 'returning';
    await restored(drill, fault, around);
    Object.assign(drill, { state: 'recovering', back_at: now(), failure: null });
    if (await ordersHaveGoneOn(drill, limits, closing)) drill.recovered_at = now();
    sampling.abort();
    await sampled;
    drill.state = 'auditing';
    drill.verdict = await observer.audit(closing);
    drill.state = 'over';
  } catch (error) {
    if (!closing.aborted) log.error({ err: error, drill: drill.id }, 'a drill failed');
    Object.assign(drill, { state: 'failed', failure: (error as Error).message });
  }
  sampling.abort();
  await sampled;
  drill.ended_at = now();
}

/** Tries until it is back: a shop is not left without a part because the machine was too busy to start it in time. */
async function restored(drill: Record, fault: DrillFault, { log, limits, closing }: Surroundings): Promise<void> {
  for (;;) {
    try {
      return await fault.restore();
    } catch (error) {
      drill.failure = (error as Error).message;
      log.error({ err: error, drill: drill.id }, 'what a drill took away did not come back; it is started once more');
    }
    await pause(limits.restore_again_ms, closing);
    if (closing.aborted) throw new Error('the shop was stopped meanwhile');
  }
}

/** Keeps how many orders wait, until it is to stop. */
async function sample(drill: Record, { clock, observer, limits }: Surroundings, until: AbortSignal): Promise<void> {
  const began_ms = clock.now();
  while (!until.aborted) {
    const waiting = await observer.waiting();
    if (until.aborted) return;
    drill.samples = [...drill.samples, { after_ms: clock.now() - began_ms, waiting }].slice(-samplesMax);
    if (waiting !== null) drill.waiting_most = Math.max(drill.waiting_most ?? 0, waiting);
    await pause(limits.sample_every_ms, until);
  }
}

/** Whether no more orders wait than before, at a look after the target was back; false where that takes too long. */
async function ordersHaveGoneOn(drill: Record, limits: DrillLimits, closing: AbortSignal): Promise<boolean> {
  const until_ms = performance.now() + limits.recovery_ms_max;
  const seen = drill.samples.at(-1)?.after_ms ?? -1;
  while (performance.now() < until_ms && !closing.aborted) {
    const last = drill.samples.at(-1);
    // The look under way may have begun before the return: the one after it counts.
    const isAfter = drill.samples.filter(({ after_ms }) => after_ms > seen).length > 1;
    if (isAfter && last?.waiting !== null && last !== undefined && last.waiting <= (drill.waiting_before ?? 0)) return true;
    await pause(limits.sample_every_ms, closing);
  }
  return false;
}
