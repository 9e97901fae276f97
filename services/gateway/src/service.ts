/** The table of contents of the gateway: its own routes, its jobs, its start and its stop. Where other addresses go is in route-table.ts. */

import { registeredServices } from '@souk/contracts';
import type { Instance } from '@souk/discovery';
import { AppError, type Sample } from '@souk/kernel';
import { createJobs, type HealthReport, type Job, type RunnableService } from '@souk/service-kit';
import type { GatewayConfig } from './config.ts';
import { type GatewayContext, type GatewayOverrides, openContext } from './context.ts';
import { chaosRoutes } from './http/chaos.ts';
import { instanceStatusRoutes } from './http/instance-status.ts';
import { observationRoutes } from './http/observation.ts';
import { orderDetailsRoutes } from './http/order-details.ts';
import type { OwnRoute } from './http/own-route.ts';
import { registryRoutes } from './http/registry.ts';
import { createRequestListener } from './http/request-listener.ts';
import { createGatewayServer } from './http/server.ts';
import { orderEventsRoute } from './http/watch-order.ts';
import { shopEventsRoute } from './http/watch-shop.ts';
import { stockEventsRoute } from './http/watch-stock.ts';
import { webSocketRoute } from './http/web-socket-route.ts';
import { announceGateway } from './jobs/announce-gateway.ts';
import { recheckInstances } from './jobs/recheck-instances.ts';
import { refreshKeys } from './jobs/refresh-keys.ts';
import { synchroniseRateLimits } from './jobs/synchronise-rate-limits.ts';
import { createHealthReader, type HealthReader } from './use-cases/get-health.ts';
import { deregisterInstance } from './use-cases/keep-registry.ts';
import { createOwnStatus } from './use-cases/own-status.ts';

/** How long the end waits for a collector to take the last spans. */
const tracesWaitMs = 2_000;

/** As every service, but without a database and without messaging of its own. */
export type GatewayService = Omit<RunnableService, 'context'> & { readonly context: GatewayContext };

/** Builds the gateway; nothing is connected before `start`. Throws `config_invalid` or `static_services_invalid`. */
export function buildGateway(config: GatewayConfig, overrides: GatewayOverrides = {}): GatewayService {
  refuseUnlimited(config);
  const context = openContext(config, overrides);
  const readHealth = createHealthReader(context);
  let port = config.port;
  const own = () => context.address;
  const listener = createRequestListener(context, ownRoutes(context, { readHealth, own }));
  const server = createGatewayServer(context, listener);
  const jobs = createJobs<GatewayContext>(jobsOf(context, own), context, context.log, context.metrics);
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
    context.address.port = port;
    jobs.start();
    context.log.info({ port, instance_id: context.instance_id }, 'the gateway is up');
  };
  const stop = async (): Promise<void> => {
    context.lifetime.abort();
    context.chaos?.close();
    await server.close(config.shutdown_timeout_ms);
    context.live.close();
    await jobs.stop();
    await context.broadcast_subscribers.close();
    await disconnect(context);
    context.log.info({ instance_id: context.instance_id }, 'the gateway has stopped');
  };
  const stopOnce = (): Promise<void> => {
    stopping ??= stop();
    return stopping;
  };
  return {
    name: 'gateway',
    context,
    instance_id: context.instance_id,
    get port() {
      return port;
    },
    get url() {
      return `http://${context.address.host}:${port}`;
    },
    start: () => start().catch((error: unknown) => stopOnce().then(() => Promise.reject(error))),
    stop: stopOnce,
    health: () => reportOf(readHealth),
    settled: async () => listener.inFlight() === 0,
  };
}

/** Leaves the registry, then closes all connections; the last spans are of what was before. */
async function disconnect(context: GatewayContext): Promise<void> {
  const { instances, pools, passive_health, tracer, instance_id } = context;
  if (instances.shared) await deregisterInstance(context, 'gateway', instance_id);
  await instances.close();
  await passive_health.close();
  await pools.close();
  await tracer.close(tracesWaitMs);
}

async function reportOf(readHealth: HealthReader): Promise<HealthReport> {
  const { services, checks, ...health } = await readHealth();
  return { ...health, checks: { ...checks, ...services } };
}

interface Answerers {
  readHealth: HealthReader;
  own(): { host: string; port: number };
}

/** What the gateway answers itself. */
function ownRoutes(context: GatewayContext, { readHealth, own }: Answerers): OwnRoute[] {
  return [
    ...observationRoutes(readHealth, () => context.stopping.aborted),
    ...registryRoutes(own),
    ...orderDetailsRoutes,
    ...instanceStatusRoutes(createOwnStatus(context)),
    orderEventsRoute,
    stockEventsRoute,
    shopEventsRoute,
    webSocketRoute(),
    ...chaosRoutes(context.chaos),
  ];
}

function jobsOf(context: GatewayContext, own: Answerers['own']): Job<GatewayContext>[] {
  const { config, rate_limit_sync, instances } = context;
  return [
    refreshKeys,
    recheckInstances(config.recheck_interval_ms),
    ...(instances.shared ? [announceGateway(own, config.lease_ms)] : []),
    ...(rate_limit_sync ? [synchroniseRateLimits(rate_limit_sync, config.rate_limit_sync_ms)] : []),
  ];
}

function observe({ metrics, breakers, pools, buffers, instances, catalogue, live }: GatewayContext): void {
  const states = { closed: 0, half_open: 1, open: 2 } as const;
  metrics.gauge('souk_gateway_breaker_state', () =>
    [...breakers].map(([upstream, breaker]) => ({ labels: { upstream }, value: states[breaker.state()] })),
  );
  metrics.gauge('souk_gateway_upstream_requests', () => [{ labels: {}, value: pools.busy() }]);
  metrics.gauge('souk_gateway_catalogue_bytes', () => [{ labels: {}, value: catalogue?.bytes() ?? 0 }]);
  metrics.gauge('souk_gateway_streams', () => [{ labels: {}, value: live.streams.count() }]);
  metrics.gauge('souk_gateway_buffered_bytes', () => [{ labels: {}, value: buffers.used() }]);
  metrics.gauge('souk_discovery_instances', () => countInstances(instances.table.all()));
}

/** A service without instances is a 0 and not an absence: that is what an alert looks for. */
function countInstances(all: readonly Instance[]): Sample[] {
  return registeredServices.flatMap((upstream) =>
    [true, false].map((healthy) => ({
      labels: { upstream, state: healthy ? 'healthy' : 'unhealthy' },
      value: all.filter((instance) => instance.name === upstream && instance.healthy === healthy).length,
    })),
  );
}

/** Without limits only in the embedded world, or where SOUK_BENCH asks for it. */
function refuseUnlimited({ rate_limit, amqp_url, redis_url, souk_bench }: GatewayConfig): void {
  if (rate_limit === 'on' || souk_bench || (amqp_url === undefined && redis_url === undefined)) return;
  throw new AppError('config_invalid', 'RATE_LIMIT=off is refused in the distributed world, unless SOUK_BENCH=1.');
}
