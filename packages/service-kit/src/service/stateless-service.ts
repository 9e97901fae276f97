/** A service that keeps no data: no database, no messaging. */
import type { ServedRoute } from '../http/serve.ts';
import type { ProcessContext } from './context.ts';
import { processStatusRoute } from './instance-status.ts';
import type { Job } from './jobs.ts';
import { refreshKeys } from './kit-jobs.ts';
import { observationRoutes } from './platform-routes.ts';
import { type RunnableService, runnableService } from './runnable-service.ts';

export interface StatelessServiceSpec<C extends ProcessContext> {
  context: C;
  routes: readonly ServedRoute<C>[];
  jobs: readonly Job<C>[];
  /** It starts and is ready without keys to verify access tokens with; default false. */
  serves_without_keys?: boolean;
}

/** Builds it from its table of contents; nothing is opened before `start`. After `stop` it cannot be started again. */
export function buildStatelessService<C extends ProcessContext>({
  context,
  routes,
  jobs,
  serves_without_keys = false,
}: StatelessServiceSpec<C>): RunnableService<C> {
  const { clock, name: service, instance_id, config, verifier, chaos, redis, tracer } = context;
  const sources = { clock, service, instance_id, code_version: config.code_version, verifier, chaos, redis, serves_without_keys };
  return runnableService<C>({
    context,
    sources,
    routes: [...observationRoutes<C>(service, sources), processStatusRoute<C>(sources), ...routes],
    jobs: [refreshKeys, ...jobs],
    open: () => tracer.open(),
    // Its jobs observe others and hold no work of the shop.
    settled: async () => true,
  });
}
