/** What the gateway hands around: built once, nothing connected before the start. */
import { join } from 'node:path';
import { getKeySet, type LimitClass, type ServiceName, serviceNames } from '@souk/contracts';
import type { Registry } from '@souk/discovery';
import { AppError, type Clock, type IdSource, type Log, type Metrics, systemClock, systemIds } from '@souk/kernel';
import type { Broker } from '@souk/messaging';
import {
  type ChaosSwitch,
  createLog,
  createServiceMetrics,
  createServiceTracer,
  createVerifier,
  fileKeyStore,
  type KeySet,
  type KeyStore,
  openChaosSwitch,
  type RedisLink,
  type ServiceMetrics,
  type ServiceTracer,
  type Verifier,
} from '@souk/service-kit';
import { createServiceAsker, type ServiceAsker } from './clients/ask-service.ts';
import { type BroadcastHearers, createBroadcastHearers } from './clients/broadcast-hearers.ts';
import { createInstanceView, type InstanceView } from './clients/instance-view.ts';
import { createUpstreamPools, type UpstreamPools } from './clients/upstream-pools.ts';
import type { GatewayConfig } from './config.ts';
import { type CircuitBreaker, createCircuitBreaker } from './domain/circuit-breaker.ts';
import { createRetryBudget, type RetryBudget } from './domain/retry-budget.ts';
import { createSlidingWindow, type SlidingWindow, type WindowCount } from './domain/sliding-window.ts';

export type CountedClass = Exclude<LimitClass, 'none'>;

/**
 * Shares what is counted with the other gateways; called in short intervals, never for a request. Until the answer is
 * there each gateway allows by itself: the overshoot is at most the quota times the number of other gateways, within one interval.
 */
export interface RateLimitSync {
  /** Adds what was counted here; answers what all gateways together have counted for these keys and windows. */
  exchange(limit: CountedClass, counts: readonly WindowCount[]): Promise<readonly WindowCount[]>;
}

/** What a test or the constellation puts in place of what the configuration would make. */
export interface GatewayOverrides {
  /** Heard for broadcasts when given. */
  broker?: Broker;
  clock?: Clock;
  ids?: IdSource;
  log?: Log;
  verifier?: Verifier;
  key_store?: KeyStore;
  fetchKeys?: () => Promise<KeySet>;
  /** A registry shared by several gateways. */
  registry?: Registry;
  rate_limit_sync?: RateLimitSync;
  /** Puts figures of what was opened before the gateway among its own. */
  reportTo?: (metrics: Metrics) => void;
  redis?: RedisLink;
}

export interface GatewayContext {
  readonly name: 'gateway';
  readonly config: GatewayConfig;
  readonly instance_id: string;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  readonly metrics: ServiceMetrics;
  readonly tracer: ServiceTracer;
  readonly verifier: Verifier;
  /** Faults on purpose; undefined where `CHAOS_TOKEN` is not set. */
  readonly chaos: ChaosSwitch | undefined;
  readonly broker: Broker | undefined;
  /** Undefined where Redis is not used. */
  readonly redis: RedisLink | undefined;
  readonly instances: InstanceView;
  readonly pools: UpstreamPools;
  readonly asker: ServiceAsker;
  readonly breakers: ReadonlyMap<ServiceName, CircuitBreaker>;
  readonly retries: RetryBudget;
  readonly limits: Readonly<Record<CountedClass, SlidingWindow>>;
  readonly rate_limit_sync: RateLimitSync | undefined;
  /** Who wants to know of broadcasts in this process; the broker is asked for them only while somebody does. */
  readonly broadcast_hearers: BroadcastHearers;
  readonly stopping: AbortSignal;
  readonly lifetime: AbortController;
}

const windowMs = 60_000;
const breakerWindowMs = 10_000;
const breakerCallsMin = 20;
const breakerRatioMax = 0.5;
const retryShareMax = 0.2;
const retriesSavedMax = 20;
const keysTimeoutMs = 3_000;

export function openContext(config: GatewayConfig, overrides: GatewayOverrides): GatewayContext {
  const { clock = systemClock, ids = systemIds } = overrides;
  const instance_id = config.instance_id ?? `gateway-${ids.uuid()}`;
  const log =
    overrides.log?.child({ service: 'gateway', instance_id }) ??
    createLog({ level: config.log_level, format: config.log_format, fields: { service: 'gateway', instance_id } });
  const metrics = createServiceMetrics('gateway', config);
  overrides.reportTo?.(metrics);
  const tracer = createServiceTracer({ service: 'gateway', instance_id, config, clock, log, metrics });
  const instances = createInstanceView({ ...config, clock, log, ...(overrides.registry && { registry: overrides.registry }) });
  const pools = createUpstreamPools({
    connections_max: config.upstream_connections_max,
    waiting_max: config.upstream_waiting_max,
    connect_timeout_ms: config.upstream_connect_timeout_ms,
  });
  const asker = createServiceAsker({ resolver: instances.resolver, pools, tracer });
  const fetchKeys = overrides.fetchKeys ?? (() => keysOf(asker));
  const store = overrides.key_store ?? fileKeyStore(join(config.state_folder, 'key-set.json'));
  const lifetime = new AbortController();
  return {
    name: 'gateway',
    config,
    instance_id,
    clock,
    ids,
    log,
    metrics,
    tracer,
    verifier: overrides.verifier ?? createVerifier({ fetchKeys, store, clock, log }),
    chaos: openChaosSwitch(config.chaos_token, { service: 'gateway', clock, log, metrics, stopping: lifetime.signal }),
    broker: overrides.broker,
    redis: overrides.redis,
    instances,
    pools,
    asker,
    breakers: breakersOf(config),
    retries: createRetryBudget({ share_max: retryShareMax, saved_max: retriesSavedMax }),
    limits: limitsOf(config, overrides.rate_limit_sync !== undefined),
    rate_limit_sync: overrides.rate_limit_sync,
    broadcast_hearers: createBroadcastHearers({ broker: overrides.broker, log, metrics, stopping: lifetime.signal }),
    stopping: lifetime.signal,
    lifetime,
  };
}

function breakersOf({ breaker_failures_max, breaker_open_ms }: GatewayConfig): Map<ServiceName, CircuitBreaker> {
  const limits = {
    failures_max: breaker_failures_max,
    open_ms: breaker_open_ms,
    window_ms: breakerWindowMs,
    window_calls_min: breakerCallsMin,
    failure_ratio_max: breakerRatioMax,
  };
  return new Map(serviceNames.map((name) => [name, createCircuitBreaker(limits)]));
}

function limitsOf(config: GatewayConfig, shared: boolean): Record<CountedClass, SlidingWindow> {
  const limit = (quota: number): SlidingWindow =>
    createSlidingWindow({ quota, window_ms: windowMs, keys_max: config.rate_limit_keys_max, shared });
  return { auth: limit(config.rate_limit_auth_max), write: limit(config.rate_limit_write_max), read: limit(config.rate_limit_read_max) };
}

/** The public keys of access tokens, from whichever instance of `users` answers. */
async function keysOf(asker: ServiceAsker): Promise<KeySet> {
  const { status, body } = await asker.ask('users', { path: getKeySet.path, timeout_ms: keysTimeoutMs });
  const set = body as KeySet | undefined;
  if (status !== 200 || !Array.isArray(set?.keys)) throw new AppError('service_unavailable', 'The key set of users cannot be read now.');
  return set;
}
