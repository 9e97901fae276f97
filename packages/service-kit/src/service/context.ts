/** What a service hands around: built once, extended by each service with its own ports. */
import { type Cache, type CacheTier, createCache, type InvalidationBus } from '@souk/cache';
import type { ServiceName } from '@souk/contracts';
import { type Clock, type IdSource, type Log, type Metrics, systemClock, systemIds } from '@souk/kernel';
import { type Broker, createMessaging, type Messaging, type Outbox } from '@souk/messaging';
import { type Database, openDatabase } from '@souk/postgres';
import { Agent } from 'undici';
import { databaseKeyStore, type KeySet, type KeyStore } from '../auth/key-store.ts';
import { createVerifier, type Verifier } from '../auth/verifier.ts';
import { type ChaosSwitch, openChaosSwitch } from '../chaos/chaos-switch.ts';
import type { PlatformConfig } from '../config/platform-fields.ts';
import { createLog } from '../observe/create-log.ts';
import { createServiceMetrics, type ServiceMetrics } from '../observe/service-metrics.ts';
import { createServiceTracer, type ServiceTracer } from '../observe/service-tracer.ts';
import { fetchKeySet } from './fetch-key-set.ts';
import type { RedisLink } from './health.ts';

export interface ServiceContext<Config extends PlatformConfig = PlatformConfig> {
  readonly name: ServiceName;
  readonly config: Config;
  readonly instance_id: string;
  readonly db: Database;
  readonly outbox: Outbox;
  readonly messaging: Messaging;
  readonly broker: Broker;
  readonly cache: Cache;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  readonly metrics: ServiceMetrics;
  readonly tracer: ServiceTracer;
  readonly verifier: Verifier;
  /** Faults on purpose; undefined where `CHAOS_TOKEN` is not set. */
  readonly chaos: ChaosSwitch | undefined;
  /** Undefined where Redis is not used. */
  readonly redis: RedisLink | undefined;
  /** For calls of other services; closed with the service. */
  readonly dispatcher: Agent;
  /** Aborted when the service begins to stop: whoever waits for something answers now. */
  readonly stopping: AbortSignal;
  /** Starts a job at once instead of at its next time; unknown or stopped jobs are ignored. */
  wakeJob(name: string): void;
  /** Joins the running service to this context; only `buildService` uses it. */
  readonly lifetime: Lifetime;
}

export interface Lifetime {
  stop: AbortController;
  wakeJob: (name: string) => void;
}

/** What a test or the constellation puts in place of what the configuration would make. */
export interface Overrides {
  broker: Broker;
  clock?: Clock;
  ids?: IdSource;
  log?: Log;
  verifier?: Verifier;
  key_store?: KeyStore;
  /** Asks for the key set; default `users_url`. The users service gives its own. */
  fetchKeys?: () => Promise<KeySet>;
  cache_tier?: CacheTier;
  cache_bus?: InvalidationBus;
  /** Puts figures of what was opened before the service among the service's own. */
  reportTo?: (metrics: Metrics) => void;
  redis?: RedisLink;
}

/** Opens what every service needs. Nothing is connected yet: the database pool connects with its first statement. */
export function openContext<Config extends PlatformConfig>(
  name: ServiceName,
  config: Config,
  overrides: Overrides,
): ServiceContext<Config> {
  const { broker, clock = systemClock, ids = systemIds } = overrides;
  const instance_id = config.instance_id ?? `${name}-${ids.uuid()}`;
  const log = logOf(name, config, instance_id, overrides.log);
  const metrics = createServiceMetrics(name, config);
  overrides.reportTo?.(metrics);
  const tracer = createServiceTracer({ service: name, instance_id, config, clock, log, metrics });
  const db = openDatabase({
    url: config.database_url,
    application_name: `souk ${name}`,
    pool_max: config.db_pool_max,
    statement_timeout_ms: config.statement_timeout_ms,
    onWait: (seconds) => metrics.observe('souk_database_wait_seconds', {}, seconds),
    log,
  });
  const dispatcher = new Agent({ connections: 32, pipelining: 1, connect: { timeout: 2_000 } });
  const messaging = createMessaging({ service: name, db, broker, clock, ids, log, metrics, tracer, code_version: config.code_version });
  const lifetime: Lifetime = { stop: new AbortController(), wakeJob: () => undefined };
  return {
    name,
    config,
    instance_id,
    db,
    messaging,
    broker,
    outbox: messaging.outbox,
    cache: cacheOf(name, clock, log, metrics, overrides),
    clock,
    ids,
    log,
    metrics,
    tracer,
    verifier: overrides.verifier ?? verifierOf(config, db, dispatcher, clock, log, overrides),
    chaos: openChaosSwitch(config.chaos_token, { service: name, clock, log, metrics, stopping: lifetime.stop.signal }),
    redis: overrides.redis,
    dispatcher,
    stopping: lifetime.stop.signal,
    wakeJob: (job) => lifetime.wakeJob(job),
    lifetime,
  };
}

function logOf(service: ServiceName, config: PlatformConfig, instance_id: string, given: Log | undefined): Log {
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

function verifierOf(config: PlatformConfig, db: Database, dispatcher: Agent, clock: Clock, log: Log, overrides: Overrides): Verifier {
  const fetchKeys = overrides.fetchKeys ?? (() => fetchKeySet(config.users_url, dispatcher));
  return createVerifier({ fetchKeys, store: overrides.key_store ?? databaseKeyStore(db), clock, log });
}
