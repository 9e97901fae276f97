/** What a service hands around: built once, extended by each service with its own ports. */
import { type Cache, type CacheTier, createCache, type InvalidationBus } from '@souk/cache';
import type { ServiceName } from '@souk/contracts';
import { type Clock, type IdSource, type Log, type Metrics, systemClock, systemIds } from '@souk/kernel';
import { platformKeys } from '@souk/kernel/platform-keys';
import { type Broker, createMessaging, type Messaging, type Outbox } from '@souk/messaging';
import { type Database, openDatabase } from '@souk/postgres';
import {
  createLog,
  createSecurityLog,
  createServiceMetrics,
  createServiceTracer,
  type SecurityLog,
  type ServiceMetrics,
  type ServiceTracer,
} from '@souk/telemetry';
import { Agent } from 'undici';
import { databaseKeyStore, type KeySet, type KeyStore, memoryKeyStore } from '../auth/key-store.ts';
import { createVerifier, type Verifier } from '../auth/verifier.ts';
import { type ChaosSwitch, openChaosSwitch } from '../chaos/chaos-switch.ts';
import type { PlatformConfig, ProcessConfig } from '../config/platform-fields.ts';
import type { InspectAnswer } from '../http/http-edge.ts';
import { fetchKeySet } from './fetch-key-set.ts';
import type { RedisConnection } from './health.ts';
import { createProvenPeers, type ProvenPeers } from './proven-peers.ts';

/** Of every service, also one that keeps no data. */
export interface ProcessContext<Config extends ProcessConfig = ProcessConfig> {
  readonly name: ServiceName;
  readonly config: Config;
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
  /** Undefined where Redis is not used. */
  readonly redis: RedisConnection | undefined;
  /** For calls of other services; closed with the service. */
  readonly dispatcher: Agent;
  readonly peers: ProvenPeers;
  /** Aborted when the service begins to stop: whatever waits for something answers now. */
  readonly stopping: AbortSignal;
  /** Starts a job at once instead of at its next time; unknown or stopped jobs are ignored. */
  wakeJob(name: string): void;
  /** Set where tests watch what is answered. */
  readonly inspectAnswer: InspectAnswer | undefined;
  /** Joins the running service to this context; only its builder uses it. */
  readonly lifetime: Lifetime;
}

/** Of a service with a database and messaging. */
export interface ServiceContext<Config extends PlatformConfig = PlatformConfig> extends ProcessContext<Config> {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly messaging: Messaging;
  readonly broker: Broker;
  readonly cache: Cache;
}

export interface Lifetime {
  stop: AbortController;
  wakeJob: (name: string) => void;
}

/** What a test or the platform puts in place of what the configuration would make. */
export interface ProcessOverrides {
  clock?: Clock;
  ids?: IdSource;
  log?: Log;
  verifier?: Verifier;
  key_store?: KeyStore;
  /** Asks for the key set; default `users_url`. The users service gives its own. */
  fetchKeys?: () => Promise<KeySet>;
  /** Adds the metrics of what was opened before the service to the service's own. */
  reportTo?: (metrics: Metrics) => void;
  redis?: RedisConnection;
  inspectAnswer?: InspectAnswer;
}

export interface Overrides extends ProcessOverrides {
  broker: Broker;
  cache_tier?: CacheTier;
  cache_bus?: InvalidationBus;
}

/** Opens what every process needs; nothing is connected yet. The key set is kept in memory unless a store is given. */
export function openProcessContext<Config extends ProcessConfig>(
  name: ServiceName,
  config: Config,
  overrides: ProcessOverrides,
): ProcessContext<Config> {
  const { clock = systemClock, ids = systemIds } = overrides;
  const instance_id = config.instance_id ?? `${name}-${ids.uuid()}`;
  const log = logOf(name, config, instance_id, overrides.log);
  const metrics = createServiceMetrics(name, config);
  overrides.reportTo?.(metrics);
  const tracer = createServiceTracer({ service: name, instance_id, config, clock, log, metrics });
  const dispatcher = new Agent({ connections: 32, pipelining: 1, connect: { timeout: 2_000 } });
  const lifetime: Lifetime = { stop: new AbortController(), wakeJob: () => undefined };
  return {
    name,
    config,
    instance_id,
    clock,
    ids,
    log,
    security: createSecurityLog(log, clock),
    metrics,
    tracer,
    verifier: overrides.verifier ?? verifierOf(config, dispatcher, clock, log, overrides),
    peers: createProvenPeers({ dispatcher, identity_key: platformKeys(config.internal_token).identityKey(), clock }),
    chaos: openChaosSwitch(config.chaos_token, { service: name, clock, log, metrics, stopping: lifetime.stop.signal }),
    redis: overrides.redis,
    dispatcher,
    stopping: lifetime.stop.signal,
    wakeJob: (job) => lifetime.wakeJob(job),
    inspectAnswer: overrides.inspectAnswer,
    lifetime,
  };
}

/** Opens what a service with a database needs besides. The database pool connects with its first statement. */
export function openContext<Config extends PlatformConfig>(
  name: ServiceName,
  config: Config,
  overrides: Overrides,
): ServiceContext<Config> {
  // Read when keys are: by then the database is open.
  const key_store: KeyStore = { load: () => databaseKeyStore(db).load(), save: (set) => databaseKeyStore(db).save(set) };
  const process = openProcessContext(name, config, { key_store, ...overrides });
  const { clock, ids, log, metrics, tracer } = process;
  const { broker } = overrides;
  const db = openDatabase({
    url: config.database_url,
    application_name: `souk ${name}`,
    pool_max: config.db_pool_max,
    statement_timeout_ms: config.statement_timeout_ms,
    onWait: (seconds) => metrics.observe('souk_database_wait_seconds', {}, seconds),
    log,
  });
  observePool(db, metrics);
  const messaging = createMessaging({ service: name, db, broker, clock, ids, log, metrics, tracer, code_version: config.code_version });
  return { ...process, db, messaging, broker, outbox: messaging.outbox, cache: cacheOf(name, clock, log, metrics, overrides) };
}

function logOf(service: ServiceName, config: ProcessConfig, instance_id: string, given: Log | undefined): Log {
  if (given) return given.child({ service, instance_id });
  return createLog({ level: config.log_level, format: config.log_format, fields: { service, instance_id } });
}

function cacheOf(name: ServiceName, clock: Clock, log: Log, metrics: ServiceMetrics, { cache_tier, cache_bus }: Overrides): Cache {
  return createCache({
    namespace: name,
    clock,
    log,
    metrics,
    ...(cache_tier && { tier2: cache_tier }),
    ...(cache_bus && { bus: cache_bus }),
  });
}

function verifierOf(config: ProcessConfig, dispatcher: Agent, clock: Clock, log: Log, overrides: ProcessOverrides): Verifier {
  const fetchKeys =
    overrides.fetchKeys ?? (() => fetchKeySet(config.users_url, dispatcher, platformKeys(config.internal_token).identityKey()));
  return createVerifier({ fetchKeys, store: overrides.key_store ?? memoryKeyStore(), clock, log });
}

/**
 * Registered before whatever asks the database at a scrape: a scrape reads the metrics in the order of their registration, and its own
 * questions would be counted among the callers that wait.
 */
function observePool(db: Database, metrics: Metrics): void {
  metrics.gauge('souk_database_waiting', () => [{ labels: {}, value: db.pool().waiting }]);
  metrics.gauge('souk_database_connections', () => {
    const { total, idle } = db.pool();
    return [
      { labels: { state: 'busy' }, value: total - idle },
      { labels: { state: 'idle' }, value: idle },
    ];
  });
}
