/** Puts the clock, the timers and the chance of the run in place of those of Node, for the whole process. Outside of a run they are the real ones. */
import { simulatedUuid } from './entropy.ts';
import type { Incident } from './event-queue.ts';
import { real } from './real.ts';
import { stage } from './stage.ts';
import type { Life, World } from './world.ts';

type Callback = (...values: unknown[]) => void;

/** What `setTimeout` and `setInterval` answer; the services call `unref` on it. */
class VirtualTimer {
  readonly #world: World;
  readonly #life: Life;
  readonly #delay_ms: number;
  readonly #repeats: boolean;
  readonly #work: () => void;
  #incident: Incident;

  constructor(world: World, delay_ms: number, repeats: boolean, work: () => void) {
    this.#world = world;
    this.#life = world.life();
    // As Node does: at least a millisecond, and what is no number is one.
    this.#delay_ms = Math.max(1, delay_ms || 1);
    this.#repeats = repeats;
    this.#work = work;
    this.#incident = this.#arm();
  }

  #arm(): Incident {
    return this.#world.plan(this.#life, this.#delay_ms, 'timer', () => {
      if (this.#repeats) this.#incident = this.#arm();
      this.#work();
    });
  }

  cancel(): void {
    this.#incident.cancelled = true;
  }

  refresh(): this {
    this.cancel();
    this.#incident = this.#arm();
    return this;
  }

  unref(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }

  [Symbol.dispose](): void {
    this.cancel();
  }
}

/** The run, unless it is the simulation itself or the driver of PostgreSQL that asks. */
function simulated(): World | undefined {
  const { world } = stage;
  return world === undefined || world.life() === world.outside ? undefined : world;
}

function setVirtual(repeats: boolean, otherwise: (work: Callback, delay_ms?: number, ...values: unknown[]) => unknown) {
  return (work: Callback, delay_ms = 1, ...values: unknown[]): unknown => {
    const world = simulated();
    if (world === undefined) return otherwise(work, delay_ms, ...values);
    return new VirtualTimer(world, Number(delay_ms), repeats, () => work(...values));
  };
}

function clearVirtual(otherwise: (timer?: never) => void) {
  return (timer?: unknown): void => {
    if (timer instanceof VirtualTimer) timer.cancel();
    else otherwise(timer as never);
  };
}

function setImmediately(work: Callback, ...values: unknown[]): unknown {
  const world = simulated();
  return world === undefined ? real.setImmediate(work, ...values) : world.soon(world.life(), () => work(...values));
}

function clearImmediately(immediate?: unknown): void {
  if (typeof immediate === 'object' && immediate !== null && 'cancelled' in immediate) immediate.cancelled = true;
  else real.clearImmediate(immediate as NodeJS.Immediate);
}

/** Milliseconds of the epoch as everything in this process sees them. */
function now(): number {
  return stage.world === undefined ? real.date.now() : Math.floor(stage.world.now_ms);
}

class VirtualDate extends real.date {
  constructor(...values: [] | [number | string | Date]) {
    if (values.length === 0) super(now());
    else super(...(values as [number]));
  }

  static override now(): number {
    return now();
  }
}

/** Call it once, before anything keeps a timer function for itself. */
export function installVirtualTime(): void {
  const replaced = {
    setTimeout: setVirtual(false, real.setTimeout as never),
    setInterval: setVirtual(true, real.setInterval as never),
    setImmediate: setImmediately,
    clearTimeout: clearVirtual(real.clearTimeout),
    clearInterval: clearVirtual(real.clearInterval),
    clearImmediate: clearImmediately,
    // biome-ignore lint/style/useNamingConvention: the name of the class in Node
    Date: VirtualDate,
  };
  Object.assign(globalThis, replaced);
  performance.now = () => (stage.world === undefined ? real.performanceNow() : stage.world.elapsed_ms);
  crypto.randomUUID = simulatedUuid as typeof crypto.randomUUID;
  Math.random = () => {
    const world = simulated();
    return world === undefined ? real.random() : world.draw(`${world.life().actor} chance`);
  };
}
