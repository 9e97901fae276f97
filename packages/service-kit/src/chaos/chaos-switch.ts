/**
 * Fault injection, for teaching and for exercises: requests held back or refused, and a process that calls itself unhealthy. There is
 * a switch only where `CHAOS_TOKEN` is set; what is switched on lives in this process alone and ends by itself.
 */
import { type ChaosKind, type ChaosState, chaosKinds, type FaultSpec, refusal } from '@souk/contracts';
import { type Clock, type Log, type Metrics, pause, timestamp } from '@souk/kernel';

export interface ChaosSwitch {
  state(): ChaosState;
  /** Replaces what was on. Refuses with `validation_failed` what would do nothing. */
  switchOn(spec: FaultSpec): ChaosState;
  end(): void;
  /** Injects a fault into the current request: undefined for none; else resolves after the latency, with the error to answer, if any. */
  injectFault(): Promise<Error | undefined> | undefined;
  /** The check to add to a health report; undefined unless the process is to call itself unhealthy. */
  healthFault(): { status: 'unhealthy'; detail: string } | undefined;
  /** Forgets the timer. */
  close(): void;
}

export interface ChaosSwitchOptions {
  service: string;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  /** Ends the wait of those who are held back. */
  stopping: AbortSignal;
  random?: () => number;
}

type Active = Required<Pick<FaultSpec, 'latency_share' | 'error_status'>> & FaultSpec & { since_ms: number; until_ms: number };

const durationDefaultS = 600;
/** Requests held back at once; further ones pass, so that injected latency cannot fill the memory. */
const heldMax = 2_000;

/**
 * The switch of one process, off; none where no token is configured. Its state is in `souk_chaos_active`, what it did in
 * `souk_chaos_injected_total`.
 */
export function openChaosSwitch(chaos_token: string | undefined, options: ChaosSwitchOptions): ChaosSwitch | undefined {
  return chaos_token === undefined ? undefined : createChaosSwitch(options);
}

function createChaosSwitch(options: ChaosSwitchOptions): ChaosSwitch {
  const { service, clock, log, metrics, stopping, random = Math.random } = options;
  let active: Active | undefined;
  let timer: NodeJS.Timeout | undefined;
  let held = 0;
  const injected = (kind: ChaosKind): void => metrics.count('souk_chaos_injected_total', { kind });
  metrics.gauge('souk_chaos_active', () => {
    const on = kindsOf(active);
    return chaosKinds.map((kind) => ({ labels: { kind }, value: on.includes(kind) ? 1 : 0 }));
  });

  const end = (how: string): void => {
    clearTimeout(timer);
    if (active !== undefined) log.warn({}, how);
    active = undefined;
  };
  const hold = async (latency_ms: number): Promise<void> => {
    held += 1;
    injected('latency');
    await pause(latency_ms, stopping);
    held -= 1;
  };
  const applyFault = async (latency_ms: number | undefined, status: number | undefined): Promise<Error | undefined> => {
    if (latency_ms !== undefined) await hold(latency_ms);
    if (status === undefined) return undefined;
    injected('errors');
    return refusal('chaos_injected', `A chaos switch of ${service} refuses this request.`, { status });
  };

  return {
    state: () => stateOf(active),
    switchOn(spec) {
      checkFaultSpec(spec);
      const { duration_s = durationDefaultS, latency_share = 1, error_status = 500 } = spec;
      const since_ms = clock.now();
      clearTimeout(timer);
      active = { ...spec, latency_share, error_status, since_ms, until_ms: since_ms + duration_s * 1_000 };
      timer = setTimeout(end, duration_s * 1_000, 'chaos has ended by itself').unref();
      const state = stateOf(active);
      log.warn({ chaos: state }, 'chaos is switched on');
      return state;
    },
    end: () => end('chaos is switched off'),
    injectFault() {
      if (active === undefined) return undefined;
      const { latency_ms, latency_share, error_share = 0, error_status } = active;
      const waits = latency_ms !== undefined && held < heldMax && random() < latency_share;
      const fails = random() < error_share;
      return waits || fails ? applyFault(waits ? latency_ms : undefined, fails ? error_status : undefined) : undefined;
    },
    healthFault() {
      if (active?.unhealthy === undefined) return undefined;
      injected('unhealthy');
      return { status: 'unhealthy', detail: `a chaos switch says so until ${timestamp(active.until_ms)}` };
    },
    close: () => clearTimeout(timer),
  };
}

/** What a schema cannot say: something is switched on, and nothing is said about what is not. */
function checkFaultSpec(spec: FaultSpec): void {
  const errors: { pointer: string; detail: string }[] = [];
  if (spec.latency_share !== undefined && spec.latency_ms === undefined)
    errors.push({ pointer: '/latency_share', detail: 'needs latency_ms beside it' });
  if (spec.error_status !== undefined && spec.error_share === undefined)
    errors.push({ pointer: '/error_status', detail: 'needs error_share beside it' });
  if (spec.latency_ms === undefined && spec.error_share === undefined && spec.unhealthy === undefined)
    errors.push({ pointer: '', detail: 'needs latency_ms, error_share or unhealthy; DELETE switches everything off' });
  if (errors.length > 0) throw refusal('validation_failed', 'This switches nothing on.', { errors });
}

function kindsOf(active: Active | undefined): ChaosKind[] {
  if (active === undefined) return [];
  const { latency_ms, error_share, unhealthy } = active;
  const on: Record<ChaosKind, boolean> = {
    latency: latency_ms !== undefined,
    errors: error_share !== undefined,
    unhealthy: unhealthy === true,
  };
  return chaosKinds.filter((kind) => on[kind]);
}

function stateOf(active: Active | undefined): ChaosState {
  const kinds = kindsOf(active);
  return {
    active: kinds,
    latency_ms: active?.latency_ms ?? null,
    latency_share: active?.latency_ms === undefined ? null : active.latency_share,
    error_share: active?.error_share ?? null,
    error_status: active?.error_share === undefined ? null : active.error_status,
    unhealthy: kinds.includes('unhealthy'),
    since: active === undefined ? null : timestamp(active.since_ms),
    until: active === undefined ? null : timestamp(active.until_ms),
  };
}
