/**
 * How long a request waits for one instance before another one is asked. After `suspectMs` the instance is asked for its
 * health; when it does not answer that, it is out and its requests go to others. When it does, the request waits on, but
 * not for longer than `lateMs`, if others may be faster. Together this stays below two seconds.
 */
import type { Instance } from '@souk/discovery';
import type { GatewayContext } from '../context.ts';
import type { Exchange } from './exchange.ts';

type PassiveHealth = GatewayContext['passive_health'];

const suspectMs = 400;
const lateMs = 1_200;
const againMs = 100;
/** An instance that answers within this time has outdone the one before. */
const promptMs = 500;

export class Patience {
  readonly #exchange: Exchange;
  readonly #health: PassiveHealth;
  /** The client asked for an answer that may take its time. */
  readonly #isPatient: boolean;
  #instance: Instance | undefined;
  #since = 0;
  /** The instance that was left because it was late, though its health check succeeds. */
  #left: Instance | undefined;

  constructor(exchange: Exchange, health: PassiveHealth) {
    this.#exchange = exchange;
    this.#health = health;
    this.#isPatient = /\bwait\b/i.test(String(exchange.request.headers.prefer ?? ''));
  }

  begin(instance: Instance): void {
    this.#instance = instance;
    this.#since = performance.now();
    this.#exchange.check_at = this.#since + suspectMs;
  }

  answered(): void {
    if (this.#left !== undefined && performance.now() - this.#since < promptMs) this.#health.outdone(this.#left);
    this.#left = undefined;
    this.#exchange.check_at = Number.POSITIVE_INFINITY;
  }

  /** What to do about an instance that has not answered yet: it is out, it is later than others would be, or it may go on. */
  check(now: number): 'out' | 'late' | 'wait' {
    const instance = this.#instance;
    if (instance === undefined) return 'wait';
    this.#exchange.check_at = now + againMs;
    if (!this.#health.hasAlternative(instance)) return 'wait';
    if (this.#health.isOut(instance)) return 'out';
    this.#health.suspect(instance);
    if (this.#isPatient || now - this.#since < lateMs) return 'wait';
    this.#left = instance;
    return 'late';
  }
}
