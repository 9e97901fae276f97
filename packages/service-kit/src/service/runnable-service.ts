/** The life of a service, with or without a database: HTTP edge, jobs, registration, and an end that finishes what is under way. */
import type { ServiceName } from '@souk/contracts';
import { createRegistrar, proofFor, type Registrar } from '@souk/discovery';
import { doneWithin } from '@souk/kernel';
import { platformKeys } from '@souk/kernel/platform-keys';
import { chaosRoutes } from '../chaos/chaos-routes.ts';
import type { ProcessConfig } from '../config/platform-fields.ts';
import { createHttpEdge, type HttpEdge } from '../http/http-edge.ts';
import type { ServedRoute } from '../http/serve.ts';
import type { ProcessContext } from './context.ts';
import { type HealthReport, type HealthSources, healthOf } from './health.ts';
import { createJobs, type Job, type JobRunner } from './jobs.ts';

export interface RunnableService<C extends ProcessContext = ProcessContext> {
  readonly name: ServiceName;
  readonly context: C;
  readonly instance_id: string;
  /** Once started; the configured port before. */
  readonly port: number;
  readonly url: string;
  /** Resolves when requests are served; the broker may be away and keys may come later. Throws `port_taken`, `database_unavailable`. */
  start(): Promise<void>;
  /** Finishes what is under way within `shutdown_timeout_ms`. Idempotent. */
  stop(): Promise<void>;
  health(): Promise<HealthReport>;
  /** Nothing waits in the outbox and no job runs. */
  settled(): Promise<boolean>;
}

/** What a kind of service adds to this life. */
export interface RunnableSpec<C extends ProcessContext> {
  context: C;
  sources: HealthSources;
  routes: readonly ServedRoute<C>[];
  jobs: readonly Job<C>[];
  /** Before anything is served. */
  open?(): Promise<void>;
  /** As soon as requests are served; must not wait. */
  join?(): void;
  /** After the last request and job, one after another, each within what is left of the time. */
  leave?: readonly (() => Promise<void>)[];
  /** At the very end. */
  close?(): Promise<void>;
  /** Whether no work of the shop is left in it. */
  settled(jobs: JobRunner): Promise<boolean>;
}

const keysWaitMs = 1_000;
/** How long the end waits for a collector to take the last spans. */
const tracesWaitMs = 2_000;

/** The running form of a service; nothing is opened before `start`. After `stop` it cannot be started again. */
export function runnableService<C extends ProcessContext>(spec: RunnableSpec<C>): RunnableService<C> {
  const { context } = spec;
  const { config, log } = context;
  const jobs = createJobs<C>(spec.jobs, context, log, context.metrics);
  context.lifetime.wakeJob = (name) => jobs.wake(name);
  let port = config.port;
  let edge: HttpEdge | undefined;
  let registrar: Registrar | undefined;
  let stopping: Promise<void> | undefined;

  const start = async (): Promise<void> => {
    await spec.open?.();
    if (!spec.sources.serves_without_keys) await firstKeys(context);
    edge = edgeOf(spec, () => port);
    port = await edge.listen();
    spec.join?.();
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
    for (const step of [() => jobs.stop(), ...(spec.leave ?? [])]) await bounded(step, ends, context);
    await context.tracer.close(Math.min(tracesWaitMs, Math.max(0, ends - performance.now())));
    context.security.close();
    await Promise.allSettled([spec.close?.(), context.dispatcher.destroy()]);
    log.info({ instance_id: context.instance_id }, 'the service has stopped');
  };
  const stopOnce = (): Promise<void> => {
    stopping ??= stop();
    return stopping;
  };

  return {
    name: context.name,
    context,
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
    health: () => healthOf(spec.sources),
    settled: () => spec.settled(jobs),
  };
}

function edgeOf<C extends ProcessContext>({ context, routes }: RunnableSpec<C>, port: () => number): HttpEdge {
  const keys = platformKeys(context.config.internal_token);
  const { config, verifier, ids, log, security, metrics, tracer, chaos, name } = context;
  return createHttpEdge<C>({
    context,
    routes: [...routes, ...chaosRoutes<C>(name, chaos)],
    fault_injection: chaos && config.chaos_token !== undefined ? { chaos, token: config.chaos_token } : undefined,
    host: config.host,
    port: config.port,
    internal_token: keys.internalToken(name),
    gateway_token: keys.gatewayToken(name),
    prove: (challenge) =>
      proofFor(keys.identityKey(), challenge, { name, instance_id: context.instance_id, host: advertisedHost(config), port: port() }),
    verifier,
    ids,
    log,
    security,
    metrics,
    tracer,
    log_requests: config.log_level === 'debug' || config.log_level === 'info',
    limits: {
      request_timeout_ms: config.request_timeout_ms,
      headers_timeout_ms: config.headers_timeout_ms,
      keep_alive_timeout_ms: config.keep_alive_timeout_ms,
    },
    inspectAnswer: context.inspectAnswer,
  });
}

/** Keys that are at hand are known before the first request; those that are not may come later. */
async function firstKeys({ verifier, stopping }: ProcessContext): Promise<void> {
  await doneWithin(verifier.refresh(), keysWaitMs, stopping);
}

function registerInstance({ name, instance_id, config, log }: ProcessContext, port: number): Registrar | undefined {
  const gateway_urls = config.gateway_url.split(',').filter((url) => url !== '');
  if (gateway_urls.length === 0) return undefined;
  const host = advertisedHost(config);
  return createRegistrar({
    registration: { name, instance_id, host, port, health_check_path: '/health/ready', metadata: { code_version: config.code_version } },
    gateway_urls,
    registration_token: platformKeys(config.internal_token).registrationToken(),
    identity_key: platformKeys(config.internal_token).identityKey(),
    log,
  });
}

/** Where others reach this process. */
function advertisedHost({ advertise_host, host }: ProcessConfig): string {
  return advertise_host ?? (host === '0.0.0.0' ? '127.0.0.1' : host);
}

/** A step of stopping gets what is left of the time; a failure or a late end is logged, and the next step goes on. */
async function bounded(step: () => Promise<void>, ends: number, { log }: ProcessContext): Promise<void> {
  try {
    const inTime = await doneWithin(step(), Math.max(50, ends - performance.now()));
    if (!inTime) log.warn({}, 'stopping took too long; going on without waiting');
  } catch (error) {
    log.error({ err: error }, 'a step of stopping failed');
  }
}
