/** Turns the table of contents of a service into a running one, and back. */
import type { ServiceName } from '@souk/contracts';
import { createRegistrar, type Registrar } from '@souk/discovery';
import { backoffMs, pause } from '@souk/kernel';
import { type AnyConsumer, type Messaging, messagingMigrations } from '@souk/messaging';
import { migrate } from '@souk/postgres';
import type { FastifyInstance } from 'fastify';
import { chaosRoutes } from '../chaos/chaos-routes.ts';
import { createHttpEdge, type HttpEdge } from '../http/http-edge.ts';
import type { ServedRoute } from '../http/serve.ts';
import type { ServiceContext } from './context.ts';
import type { FactsReader } from './facts-page.ts';
import { type CheckoutReader, figuresRoutes } from './figures.ts';
import { type HealthCheck, type HealthReport, type HealthSources, healthOf } from './health.ts';
import { createJobs, type Job } from './jobs.ts';
import { kitJobs } from './kit-jobs.ts';
import { platformRoutes } from './platform-routes.ts';

/** Tables every service has: the last good key set and idempotency keys. */
export const kitMigrations = new URL('../../migrations/', import.meta.url);

/** The table of contents of a service. */
export interface ServiceSpec<C extends ServiceContext> {
  context: C;
  /** Folders of the service's own; those of the kit and of messaging come first by themselves. */
  migrations: readonly URL[];
  routes: readonly ServedRoute<C>[];
  consumers: readonly AnyConsumer<C>[];
  jobs: readonly Job<C>[];
  /** Streams for the auditor, by kind. */
  facts?: Readonly<Record<string, FactsReader<C>>>;
  checks?: Readonly<Record<string, (context: C) => Promise<HealthCheck>>>;
  /** Orders by status for the status page, where the saga runs. */
  checkouts?: CheckoutReader<C>;
  /** After the database answers, before anything is served. */
  onStart?(context: C): Promise<void>;
  /** After the last request and job, before the database is closed. */
  onStop?(context: C): Promise<void>;
  /** For what declared routes cannot say (streams, upgrades): gets the server before it listens. */
  extend?(app: FastifyInstance): void;
}

export interface Service<C extends ServiceContext = ServiceContext> {
  readonly name: ServiceName;
  readonly context: C;
  readonly messaging: Messaging;
  readonly instance_id: string;
  /** Once started; the configured port before. */
  readonly port: number;
  readonly url: string;
  /** Resolves when requests are served; the broker may be away and keys may come later. Throws `port_taken`, `database_unavailable`. */
  start(): Promise<void>;
  /** Finishes what is under way within `shutdown_timeout_ms`. Idempotent. */
  stop(): Promise<void>;
  /** Brings the database up to date. */
  migrate(): Promise<void>;
  health(): Promise<HealthReport>;
  /** Nothing waits in the outbox and no job runs. */
  settled(): Promise<boolean>;
}

const databaseWaitMs = 30_000;
const keysWaitMs = 1_000;
/** How long the end waits for a collector to take the last spans. */
const tracesWaitMs = 2_000;

/** Builds a service from its table of contents; nothing is opened before `start`. After `stop` it cannot be started again. */
export function buildService<C extends ServiceContext>(spec: ServiceSpec<C>): Service<C> {
  const { context } = spec;
  const { config, log, messaging } = context;
  const sources = healthSources(spec);
  const jobs = createJobs<C>([...kitJobs, ...spec.jobs], context, log, context.metrics);
  context.lifetime.wakeJob = (name) => jobs.wake(name);
  observePool(context);
  let port = config.port;
  let edge: HttpEdge | undefined;
  let registrar: Registrar | undefined;
  let joining: Promise<void> | undefined;
  let stopping: Promise<void> | undefined;

  const migrateNow = async (): Promise<void> => {
    await migrate({ url: config.database_url, folders: [kitMigrations, messagingMigrations, ...spec.migrations], log });
  };
  const start = async (): Promise<void> => {
    if (config.migrate) await migrateNow();
    await context.tracer.open();
    await databaseAnswers(context);
    await spec.onStart?.(context);
    await firstKeys(context);
    edge = edgeOf(spec, sources);
    port = await edge.listen();
    joining = joinBroker(spec);
    jobs.start();
    registrar = registerInstance(context, port);
    log.info({ port, instance_id: context.instance_id }, 'the service is up');
  };
  const stop = async (): Promise<void> => {
    const ends = performance.now() + config.shutdown_timeout_ms;
    context.lifetime.stop.abort();
    context.chaos?.close();
    await registrar?.stop();
    await edge?.close(Math.max(0, ends - performance.now()));
    const rest = [() => jobs.stop(), async () => joining, () => messaging.stop(), async () => spec.onStop?.(context)];
    for (const step of rest) await bounded(step, ends, context);
    await context.tracer.close(Math.min(tracesWaitMs, Math.max(0, ends - performance.now())));
    context.cache.close();
    await Promise.allSettled([context.db.close(), context.dispatcher.destroy()]);
    log.info({ instance_id: context.instance_id }, 'the service has stopped');
  };
  const stopOnce = (): Promise<void> => {
    stopping ??= stop();
    return stopping;
  };

  return {
    name: context.name,
    context,
    messaging,
    instance_id: context.instance_id,
    get port() {
      return port;
    },
    get url() {
      return `http://${config.host === '0.0.0.0' ? '127.0.0.1' : config.host}:${port}`;
    },
    async start() {
      try {
        await start();
      } catch (error) {
        await stopOnce();
        throw error;
      }
    },
    stop: stopOnce,
    migrate: migrateNow,
    health: () => healthOf(sources),
    settled: async () => !jobs.busy() && (await messaging.idle()),
  };
}

function healthSources<C extends ServiceContext>(spec: ServiceSpec<C>): HealthSources {
  const { context } = spec;
  const { db, verifier, messaging, instance_id, name, chaos, redis } = context;
  const checks = Object.entries(spec.checks ?? {}).map(([check, run]) => [check, () => run(context)] as const);
  return {
    service: name,
    instance_id,
    code_version: context.config.code_version,
    db,
    verifier,
    messaging,
    chaos,
    redis,
    checks: Object.fromEntries(checks),
  };
}

function edgeOf<C extends ServiceContext>(spec: ServiceSpec<C>, sources: HealthSources): HttpEdge {
  const { context } = spec;
  const { config, verifier, ids, log, metrics, tracer, chaos, name } = context;
  return createHttpEdge<C>({
    context,
    routes: [
      ...platformRoutes<C>(name, sources, spec.facts ?? {}),
      ...figuresRoutes<C>(sources, spec.checkouts),
      ...chaosRoutes<C>(name, chaos),
      ...spec.routes,
    ],
    drills: chaos && config.chaos_token !== undefined ? { chaos, token: config.chaos_token } : undefined,
    host: config.host,
    port: config.port,
    internal_token: config.internal_token,
    verifier,
    ids,
    log,
    metrics,
    tracer,
    log_requests: config.log_level === 'debug' || config.log_level === 'info',
    limits: {
      request_timeout_ms: config.request_timeout_ms,
      headers_timeout_ms: config.headers_timeout_ms,
      keep_alive_timeout_ms: config.keep_alive_timeout_ms,
    },
    ...(spec.extend && { extend: spec.extend }),
  });
}

function observePool({ db, metrics }: ServiceContext): void {
  metrics.gauge('souk_database_connections', () => {
    const { total, idle } = db.pool();
    return [
      { labels: { state: 'busy' }, value: total - idle },
      { labels: { state: 'idle' }, value: idle },
    ];
  });
  metrics.gauge('souk_database_waiting', () => [{ labels: {}, value: db.pool().waiting }]);
}

/** A database that comes up together with the service is waited for; one that stays away is told. */
async function databaseAnswers({ db, clock, log, stopping }: ServiceContext): Promise<void> {
  const ends = clock.now() + databaseWaitMs;
  for (let attempt = 0; ; attempt += 1) {
    try {
      await db.ping();
      return;
    } catch (error) {
      if (clock.now() >= ends || stopping.aborted) throw error;
      if (attempt === 0) log.warn({ err: error }, 'the database does not answer yet');
      await pause(backoffMs(attempt, 100, 2_000), stopping);
    }
  }
}

/** Keys that are at hand are known before the first request; those that are not may come later. */
async function firstKeys({ verifier, stopping }: ServiceContext): Promise<void> {
  const limit = new AbortController();
  await Promise.race([verifier.refresh(), pause(keysWaitMs, AbortSignal.any([limit.signal, stopping]))]);
  limit.abort();
}

/** Joins the broker however long it is away; until then facts wait in the outbox. */
async function joinBroker<C extends ServiceContext>({ context, consumers }: ServiceSpec<C>): Promise<void> {
  const { messaging, stopping, log } = context;
  for (let attempt = 0; !stopping.aborted; attempt += 1) {
    try {
      await messaging.start(consumers, context);
      return;
    } catch (error) {
      if (attempt === 0) log.warn({ err: error }, 'the broker does not answer; facts wait in the outbox');
      await pause(backoffMs(attempt, 200, 5_000), stopping);
    }
  }
}

function registerInstance({ name, instance_id, config, log }: ServiceContext, port: number): Registrar | undefined {
  const gateway_urls = config.gateway_url.split(',').filter((url) => url !== '');
  if (gateway_urls.length === 0 || name === 'gateway') return undefined;
  const host = config.advertise_host ?? (config.host === '0.0.0.0' ? '127.0.0.1' : config.host);
  return createRegistrar({
    registration: { name, instance_id, host, port, health_check_path: '/health/ready', metadata: { code_version: config.code_version } },
    gateway_urls,
    internal_token: config.internal_token,
    log,
  });
}

/** A step of stopping gets what is left of the time; a failure or a late end is told, and the next step goes on. */
async function bounded(step: () => Promise<void>, ends: number, { log }: ServiceContext): Promise<void> {
  const limit = new AbortController();
  const late = pause(Math.max(50, ends - performance.now()), limit.signal).then(() => {
    if (!limit.signal.aborted) log.warn({}, 'stopping took too long; going on without waiting');
  });
  try {
    await Promise.race([step(), late]);
  } catch (error) {
    log.error({ err: error }, 'a step of stopping failed');
  } finally {
    limit.abort();
  }
}
