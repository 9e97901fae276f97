/** Turns the table of contents of a service with a database into a running one. */
import { retry } from '@souk/kernel';
import { type AnyConsumer, type Messaging, messagingMigrations } from '@souk/messaging';
import { migrate, startPatience } from '@souk/postgres';
import type { ServedRoute } from '../http/serve.ts';
import type { RecordsReader } from './audit-page.ts';
import type { ServiceContext } from './context.ts';
import type { HealthSources } from './health.ts';
import { type CheckoutReader, instanceStatusRoutes } from './instance-status.ts';
import type { Job } from './jobs.ts';
import { kitJobs } from './kit-jobs.ts';
import { type OrderRecordsReader, orderRecordsRouteOf } from './order-records-route.ts';
import { platformRoutes } from './platform-routes.ts';
import { type Republisher, republishAfterRestore } from './republish.ts';
import { republishRoute } from './republish-route.ts';
import { type RunnableService, runnableService } from './runnable-service.ts';

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
  audit_records?: Readonly<Record<string, RecordsReader<C>>>;
  /** What it durably knows of one order, where orders concern it. */
  order_records?: OrderRecordsReader<C>;
  /** What is published once more after a restore, and by `souk republish`. */
  republish?: readonly Republisher<C>[];
  /** Orders by status for the status page, where the saga runs. */
  checkouts?: CheckoutReader<C>;
  /** After the database answers, before anything is served. */
  onStart?(context: C): Promise<void>;
  /** After the last request and job, before the database is closed. */
  onStop?(context: C): Promise<void>;
  /** Work that neither the outbox nor a queue nor a job shows has ended. */
  isIdle?(context: C): Promise<boolean>;
}

/** A service with a database and messaging. */
export interface Service<C extends ServiceContext = ServiceContext> extends RunnableService<C> {
  readonly messaging: Messaging;
  /** Folders of all its migrations, in the order of `migrate`. */
  readonly migrations: readonly URL[];
  /** Brings the database up to date. */
  migrate(): Promise<void>;
}

/** Builds a service from its table of contents; nothing is opened before `start`. After `stop` it cannot be started again. */
export function buildService<C extends ServiceContext>(spec: ServiceSpec<C>): Service<C> {
  const { context } = spec;
  const { config, log, messaging, db, cache } = context;
  const sources = healthSources(spec);
  let joining: Promise<void> | undefined;
  const migrations = [kitMigrations, messagingMigrations, ...spec.migrations];
  const migrateNow = async (): Promise<void> => {
    await migrate({ url: config.database_url, folders: migrations, log });
  };
  const running = runnableService<C>({
    context,
    sources,
    routes: [
      ...platformRoutes<C>(context.name, sources, spec.audit_records ?? {}),
      orderRecordsRouteOf<C>(context.name, spec.order_records),
      republishRoute<C>(context.name, spec.republish ?? []),
      ...instanceStatusRoutes<C>(sources, spec.checkouts),
      ...spec.routes,
    ],
    jobs: [...kitJobs, ...spec.jobs],
    async open() {
      if (config.migrate) await migrateNow();
      await context.tracer.open();
      await databaseAnswers(context);
      await republishAfterRestore(context, spec.republish ?? []);
      await spec.onStart?.(context);
    },
    join() {
      joining = joinBroker(spec);
    },
    leave: [async () => joining, () => messaging.stop(), async () => spec.onStop?.(context)],
    async close() {
      cache.close();
      await db.close();
    },
    settled: async (jobs) => !jobs.busy() && (await messaging.idle()) && ((await spec.isIdle?.(context)) ?? true),
  });
  return Object.assign(running, { messaging, migrations, migrate: migrateNow });
}

function healthSources<C extends ServiceContext>(spec: ServiceSpec<C>): HealthSources {
  const { context } = spec;
  const { clock, db, verifier, messaging, instance_id, name, chaos, redis } = context;
  return {
    service: name,
    instance_id,
    code_version: context.config.code_version,
    db,
    clock,
    verifier,
    messaging,
    chaos,
    redis,
  };
}

/** A database that comes up together with the service, or is busy, is waited for; that it does not answer is logged once. */
async function databaseAnswers({ db, log, stopping }: ServiceContext): Promise<void> {
  await retry(() => db.ping(), {
    first_ms: 100,
    most_ms: 2_000,
    isPassing: startPatience(),
    signal: stopping,
    failed: (error, attempt) => attempt > 0 || log.warn({ err: error }, 'the database does not answer yet'),
  });
}

/** Joins the broker however long it is away; until then events wait in the outbox. */
async function joinBroker<C extends ServiceContext>({ context, consumers }: ServiceSpec<C>): Promise<void> {
  const { messaging, stopping, log } = context;
  if (stopping.aborted) return;
  await retry(() => messaging.start(consumers, context), {
    first_ms: 200,
    most_ms: 5_000,
    signal: stopping,
    failed: (error, attempt) => attempt > 0 || log.warn({ err: error }, 'the broker does not answer; events wait in the outbox'),
  }).catch((error: unknown) => log.debug({ err: error }, 'the service stops before it has joined the broker'));
}
