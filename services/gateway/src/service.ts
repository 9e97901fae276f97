/** The table of contents of the gateway: its own routes, its jobs, its start and its stop. Where other addresses go is in route-table.ts. */

import { serviceNames } from '@souk/contracts';
import type { Instance } from '@souk/discovery';
import { AppError, type Sample } from '@souk/kernel';
import { createJobs, type HealthReport, type Job, type Service } from '@souk/service-kit';
import type { GatewayConfig } from './config.ts';
import { type GatewayContext, type GatewayOverrides, openContext } from './context.ts';
import { auditRoutes } from './http/audit.ts';
import { chaosRoutes } from './http/chaos.ts';
import { deadLetterRoutes } from './http/dead-letters.ts';
import { observationRoutes } from './http/observation.ts';
import { orderDetailsRoutes } from './http/order-details.ts';
import type { OwnRoute } from './http/own-route.ts';
import { registryRoutes } from './http/registry.ts';
import { createRequestListener } from './http/request-listener.ts';
import { createGatewayServer } from './http/server.ts';
import { statusRoutes } from './http/status.ts';
import { readStatusPage } from './http/status-page.ts';
import { announceGateway } from './jobs/announce-gateway.ts';
import { auditBooks } from './jobs/audit-books.ts';
import { recheckInstances } from './jobs/recheck-instances.ts';
import { refreshKeys } from './jobs/refresh-keys.ts';
import { synchroniseRateLimits } from './jobs/synchronise-rate-limits.ts';
import { watchPlatform } from './jobs/watch-platform.ts';
import { type BookAuditor, createBookAuditor } from './use-cases/audit-books.ts';
import { deregisterInstance } from './use-cases/keep-registry.ts';
import { createOwnFigures } from './use-cases/own-figures.ts';
import { createHealthTeller, type HealthTeller } from './use-cases/tell-health.ts';
import { createStatusTeller, type StatusTeller } from './use-cases/tell-status.ts';

/** How long the end waits for a collector to take the last spans. */
const tracesWaitMs = 2_000;

/** As every service, but without a database and without messaging of its own. */
export type GatewayService = Omit<Service, 'context' | 'messaging'> & { readonly context: GatewayContext };

/**
 * Builds the gateway; nothing is connected before `start`. Throws `config_invalid` or `static_services_invalid`. Seen
 * as a `Service` it has no `messaging`, and no database in its context: it keeps nothing.
 */
export function buildGateway(config: GatewayConfig, overrides: GatewayOverrides = {}): GatewayService & Service {
  refuseUnlimited(config);
  const context = openContext(config, overrides);
  const auditor = createBookAuditor(context);
  const tellHealth = createHealthTeller(context);
  let port = config.port;
  const own = () => ({ host: config.advertise_host ?? reachable(config.host), port });
  const status = createStatusTeller(context, { figures: createOwnFigures(context, auditor), address: own });
  const listener = createRequestListener(context, ownRoutes(context, { auditor, tellHealth, status, own }));
  const server = createGatewayServer(context, listener);
  const jobs = createJobs<GatewayContext>(jobsOf(context, { auditor, status, own }), context, context.log, context.metrics);
  observe(context);
  let stopping: Promise<void> | undefined;

  const start = async (): Promise<void> => {
    await context.tracer.open();
    await context.instances.start();
    context.instances.table.onAdded((added) => {
      for (const { name } of added) context.breakers.get(name as 'orders')?.probeNow();
      if (!context.verifier.ready() && added.some(({ name }) => name === 'users')) jobs.wake(refreshKeys.name);
    });
    port = await server.listen();
    jobs.start();
    context.log.info({ port, instance_id: context.instance_id }, 'the gateway is up');
  };
  const stop = async (): Promise<void> => {
    context.lifetime.abort();
    context.chaos?.close();
    await server.close(config.shutdown_timeout_ms);
    await jobs.stop();
    await context.broadcast_hearers.close();
    await disconnect(context);
    context.log.info({ instance_id: context.instance_id }, 'the gateway has stopped');
  };
  const stopOnce = (): Promise<void> => {
    stopping ??= stop();
    return stopping;
  };
  const service: GatewayService = {
    name: 'gateway',
    context,
    instance_id: context.instance_id,
    get port() {
      return port;
    },
    get url() {
      return `http://${reachable(config.host)}:${port}`;
    },
    start: () => start().catch((error: unknown) => stopOnce().then(() => Promise.reject(error))),
    stop: stopOnce,
    migrate: async () => undefined,
    health: () => reportOf(tellHealth),
    settled: async () => listener.inFlight() === 0,
  };
  return service as GatewayService & Service;
}

/** Leaves the registry, then lets go of everything it talks to; the last spans tell of what was before. */
async function disconnect(context: GatewayContext): Promise<void> {
  const { instances, pools, tracer, instance_id } = context;
  if (instances.shared) await deregisterInstance(context, 'gateway', instance_id);
  await instances.close();
  await pools.close();
  await tracer.close(tracesWaitMs);
}

async function reportOf(tellHealth: HealthTeller): Promise<HealthReport> {
  const { services, checks, ...health } = await tellHealth();
  return { ...health, checks: { ...checks, ...services } };
}

interface Answerers {
  auditor: BookAuditor;
  tellHealth: HealthTeller;
  status: StatusTeller;
  own(): { host: string; port: number };
}

/** What the gateway answers itself. */
function ownRoutes(context: GatewayContext, { auditor, tellHealth, status, own }: Answerers): OwnRoute[] {
  return [
    ...observationRoutes(tellHealth, () => context.stopping.aborted),
    ...registryRoutes(own),
    ...orderDetailsRoutes,
    ...auditRoutes(auditor),
    ...statusRoutes(status, readStatusPage()),
    ...deadLetterRoutes,
    ...chaosRoutes(context.chaos),
  ];
}

function jobsOf(context: GatewayContext, { auditor, status, own }: Omit<Answerers, 'tellHealth'>): Job<GatewayContext>[] {
  const { config, rate_limit_sync, instances } = context;
  return [
    refreshKeys,
    recheckInstances(config.recheck_interval_ms),
    ...(instances.shared ? [announceGateway(own, config.lease_ms)] : []),
    ...(config.status_interval_ms > 0 ? [watchPlatform(status, config.status_interval_ms)] : []),
    ...(config.audit_interval_ms > 0 ? [auditBooks(auditor, config.audit_interval_ms)] : []),
    ...(rate_limit_sync ? [synchroniseRateLimits(rate_limit_sync, config.rate_limit_sync_ms)] : []),
  ];
}

function observe({ metrics, breakers, pools, instances }: GatewayContext): void {
  const states = { closed: 0, half_open: 1, open: 2 } as const;
  metrics.gauge('souk_gateway_breaker_state', () =>
    [...breakers]
      .filter(([upstream]) => upstream !== 'gateway')
      .map(([upstream, breaker]) => ({ labels: { upstream }, value: states[breaker.state()] })),
  );
  metrics.gauge('souk_gateway_upstream_requests', () => [{ labels: {}, value: pools.busy() }]);
  metrics.gauge('souk_discovery_instances', () => countInstances(instances.table.all()));
}

/** A service without instances is a 0 and not an absence: that is what an alert looks for. */
function countInstances(all: readonly Instance[]): Sample[] {
  return serviceNames
    .filter((upstream) => upstream !== 'gateway')
    .flatMap((upstream) =>
      [true, false].map((healthy) => ({
        labels: { upstream, state: healthy ? 'healthy' : 'unhealthy' },
        value: all.filter((instance) => instance.name === upstream && instance.healthy === healthy).length,
      })),
    );
}

/** Without limits only where nobody else can come, or where somebody insists. */
function refuseUnlimited({ rate_limit, amqp_url, redis_url, souk_bench }: GatewayConfig): void {
  if (rate_limit === 'on' || souk_bench || (amqp_url === undefined && redis_url === undefined)) return;
  throw new AppError('config_invalid', 'RATE_LIMIT=off is refused in the distributed world, unless SOUK_BENCH=1.');
}

function reachable(host: string): string {
  return host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
}
