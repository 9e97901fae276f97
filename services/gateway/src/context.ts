/** What the gateway hands around: built once, nothing connected before the start. */
import { join } from 'node:path';
import { getKeySet, type LimitClass, refusal, registeredServices, type ServiceName } from '@souk/contracts';
import type { Registry } from '@souk/discovery';
import {
  AppError,
  type CircuitBreaker,
  type Clock,
  createCircuitBreaker,
  createLimiter,
  type IdSource,
  type Limiter,
  type Log,
  type Metrics,
  systemClock,
  systemIds,
} from '@souk/kernel';
import { type PlatformKeys, platformKeys } from '@souk/kernel/platform-keys';
import type { Broker } from '@souk/messaging';
import {
  type ChaosSwitch,
  createVerifier,
  fileKeyStore,
  type KeySet,
  type KeyStore,
  openChaosSwitch,
  type RedisConnection,
  type Verifier,
} from '@souk/service-kit';
import {
  createLog,
  createSecurityLog,
  createServiceMetrics,
  createServiceTracer,
  type SecurityLog,
  type ServiceMetrics,
  type ServiceTracer,
} from '@souk/telemetry';
import { type BroadcastSubscribers, createBroadcastSubscribers } from './clients/broadcast-subscribers.ts';
import { createInstanceView, type InstanceView } from './clients/instance-view.ts';
import { createPassiveHealth, type PassiveHealth } from './clients/passive-health.ts';
import { createServiceClient, type ServiceClient } from './clients/service-client.ts';
import { createUpstreamPools, type UpstreamPools } from './clients/upstream-pools.ts';
import type { GatewayConfig } from './config.ts';
import { type AnswerMemory, createAnswerMemory } from './workers/answer-memory.ts';
import { type BufferBudget, createBufferBudget } from './workers/buffer-budget.ts';
import { createKeyMemory, type KeyMemory } from './workers/key-memory.ts';
import { type Live, openLive } from './workers/live.ts';
import { createRetryBudget, type RetryBudget } from './workers/retry-budget.ts';
import { createSessionRenewals, type SessionRenewals } from './workers/session-renewals.ts';
import { createSlidingWindow, type SlidingWindow, type WindowCount } from './workers/sliding-window.ts';
import { createTurnWrites, type TurnWrites } from './workers/turn-writes.ts';

export type CountedClass = Exclude<LimitClass, 'none'>;

/**
 * Shares what is counted with the other gateways; called in short intervals, never for a request. Until the answer is
 * there each gateway allows by itself: the overshoot is at most the quota times the number of other gateways, within one interval.
 */
export interface RateLimitSync {
  /** Adds what was counted here; answers what all gateways together have counted for these keys and windows. */
  exchange(limit: CountedClass, counts: readonly WindowCount[]): Promise<readonly WindowCount[]>;
}

/** What a test or the platform puts in place of what the configuration would make. */
export interface GatewayOverrides {
  /** Source of broadcasts, when given. */
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
  /** Adds the metrics of what was opened before the gateway to its own. */
  reportTo?: (metrics: Metrics) => void;
  redis?: RedisConnection;
  /** Between 0 and 1. */
  random?: () => number;
}

export interface GatewayContext {
  readonly name: 'gateway';
  /** Credentials for and of the other processes of this installation. */
  readonly keys: PlatformKeys;
  /** Where others reach this gateway; the port is known once it listens. */
  readonly address: { host: string; port: number };
  readonly config: GatewayConfig;
  readonly instance_id: string;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  readonly security: SecurityLog;
  readonly metrics: ServiceMetrics;
  readonly tracer: ServiceTracer;
  readonly verifier: Verifier;
  /** Faults on purpose; undefined where `CHAOS_TOKEN` is not set. */
  readonly chaos: ChaosSwitch | undefined;
  readonly broker: Broker | undefined;
  /** Undefined where Redis is not used. */
  readonly redis: RedisConnection | undefined;
  readonly instances: InstanceView;
  readonly pools: UpstreamPools;
  readonly passive_health: PassiveHealth;
  readonly turn_writes: TurnWrites;
  /** Bytes held for slow clients. */
  readonly buffers: BufferBudget;
  /** Bodies that are streamed: each holds a connection to a service for as long as its client takes. */
  readonly uploads: Limiter;
  readonly service_client: ServiceClient;
  readonly breakers: ReadonlyMap<ServiceName, CircuitBreaker>;
  readonly retries: RetryBudget;
  /** Answers of the catalogue; undefined where none are kept. */
  readonly catalogue: AnswerMemory | undefined;
  /** What stands for API keys behind this gateway. */
  readonly api_keys: KeyMemory;
  /** Sessions of browsers that are being renewed. */
  readonly renewals: SessionRenewals;
  readonly limits: Readonly<Record<CountedClass, SlidingWindow>>;
  readonly rate_limit_sync: RateLimitSync | undefined;
  /** The subscribers of broadcasts in this process; the gateway is subscribed at the broker only while there are any. */
  readonly broadcast_subscribers: BroadcastSubscribers;
  readonly live: Live;
  readonly random: () => number;
  readonly stopping: AbortSignal;
  readonly lifetime: AbortController;
}

/** Addresses to listen on that no client can call. */
const wildcards: ReadonlySet<string> = new Set(['0.0.0.0', '::']);
const windowMs = 60_000;
const breakerWindowMs = 10_000;
const breakerCallsMin = 20;
const breakerRatioMax = 0.5;
const retryShareMax = 0.2;
const retriesSavedMax = 20;
const catalogueAnswersMax = 20_000;
const apiKeysMax = 10_000;
const keysTimeoutMs = 3_000;
const uploadsRetryAfterS = 10;
/** Clients that take or send a body are given this time before they can lose their place in memory. */
const evictedAfterMs = 1_000;

export function openContext(config: GatewayConfig, overrides: GatewayOverrides): GatewayContext {
  const { clock = systemClock, ids = systemIds } = overrides;
  const instance_id = config.instance_id ?? `gateway-${ids.uuid()}`;
  const log =
    overrides.log?.child({ service: 'gateway', instance_id }) ??
    createLog({ level: config.log_level, format: config.log_format, fields: { service: 'gateway', instance_id } });
  const metrics = createServiceMetrics('gateway', config);
  overrides.reportTo?.(metrics);
  const tracer = createServiceTracer({ service: 'gateway', instance_id, config, clock, log, metrics });
  const keys = platformKeys(config.internal_token);
  const instances = createInstanceView({
    ...config,
    identity_key: keys.identityKey(),
    clock,
    log,
    ...(overrides.registry && { registry: overrides.registry }),
  });
  const turn_writes = createTurnWrites();
  const pools = poolsOf(config, turn_writes);
  const { resolver, table } = instances;
  const passive_health = createPassiveHealth({ resolver, instancesOf: (service) => table.of(service), clock, log });
  const service_client = createServiceClient({ resolver, passive_health, pools, tracer });
  const fetchKeys = overrides.fetchKeys ?? (() => keysOf(service_client));
  const store = overrides.key_store ?? fileKeyStore(join(config.state_folder, 'key-set.json'));
  const lifetime = new AbortController();
  const broadcast_subscribers = createBroadcastSubscribers({ broker: overrides.broker, log, metrics, stopping: lifetime.signal });
  return {
    name: 'gateway',
    keys,
    address: { host: config.advertise_host ?? (wildcards.has(config.host) ? '127.0.0.1' : config.host), port: config.port },
    config,
    instance_id,
    clock,
    ids,
    log,
    security: createSecurityLog(log, clock),
    metrics,
    tracer,
    verifier: overrides.verifier ?? createVerifier({ fetchKeys, store, clock, log }),
    chaos: openChaosSwitch(config.chaos_token, { service: 'gateway', clock, log, metrics, stopping: lifetime.signal }),
    broker: overrides.broker,
    redis: overrides.redis,
    instances,
    pools,
    passive_health,
    turn_writes,
    buffers: createBufferBudget({ bytes_max: config.buffer_bytes_max, evicted_after_ms: evictedAfterMs, now: () => performance.now() }),
    uploads: uploadsOf(config),
    service_client,
    breakers: breakersOf(config),
    retries: createRetryBudget({ share_max: retryShareMax, saved_max: retriesSavedMax }),
    catalogue: catalogueOf(config),
    api_keys: createKeyMemory(apiKeysMax),
    renewals: createSessionRenewals(),
    limits: limitsOf(config, overrides.rate_limit_sync !== undefined),
    rate_limit_sync: overrides.rate_limit_sync,
    broadcast_subscribers,
    live: openLive({ ...config, service_client, tokenOf: keys.internalToken, broadcast_subscribers, log, metrics }),
    random: overrides.random ?? Math.random,
    stopping: lifetime.signal,
    lifetime,
  };
}

function poolsOf(config: GatewayConfig, turn_writes: TurnWrites): UpstreamPools {
  return createUpstreamPools({
    turn_writes,
    connections_max: config.upstream_connections_max,
    waiting_max: config.upstream_waiting_max,
    connect_timeout_ms: config.upstream_connect_timeout_ms,
  });
}

function catalogueOf({ catalogue_memory_bytes_max: bytes_max }: GatewayConfig): AnswerMemory | undefined {
  return bytes_max === 0 ? undefined : createAnswerMemory({ bytes_max, answers_max: catalogueAnswersMax });
}

function uploadsOf({ uploads_max }: GatewayConfig): Limiter {
  const message = `At most ${uploads_max} large bodies are taken at once.`;
  return createLimiter({
    running_max: uploads_max,
    overloaded: () => refusal('overloaded', message, { retry_after_s: uploadsRetryAfterS }),
  });
}

function breakersOf({ breaker_failures_max, breaker_open_ms }: GatewayConfig): Map<ServiceName, CircuitBreaker> {
  const limits = {
    failures_max: breaker_failures_max,
    open_ms: breaker_open_ms,
    window_ms: breakerWindowMs,
    window_calls_min: breakerCallsMin,
    failure_ratio_max: breakerRatioMax,
  };
  return new Map(registeredServices.map((name) => [name, createCircuitBreaker(limits)]));
}

function limitsOf(config: GatewayConfig, shared: boolean): Record<CountedClass, SlidingWindow> {
  const limit = (quota: number): SlidingWindow =>
    createSlidingWindow({ quota, window_ms: windowMs, keys_max: config.rate_limit_keys_max, shared });
  return {
    auth: limit(config.rate_limit_auth_max),
    write: limit(config.rate_limit_write_max),
    read: limit(config.rate_limit_read_max),
    asset: limit(config.rate_limit_asset_max),
  };
}

/** The public keys of access tokens, from whichever instance of `users` answers. */
async function keysOf(service_client: ServiceClient): Promise<KeySet> {
  const { status, body } = await service_client.ask('users', { path: getKeySet.path, timeout_ms: keysTimeoutMs });
  const set = body as KeySet | undefined;
  if (status !== 200 || !Array.isArray(set?.keys)) throw new AppError('service_unavailable', 'The key set of users cannot be read now.');
  return set;
}
