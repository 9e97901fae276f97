/** The table of contents of the service: its routes. */
import { buildStatelessService, type ProcessOverrides, type RunnableService } from '@souk/service-kit';
import type { WebConfig } from './config.ts';
import { openWebContext, type WebContext } from './context.ts';
import { graphqlRoutes } from './http/graphql.ts';
import { referenceRoutes } from './http/reference.ts';
import { createQueryAnswerer } from './use-cases/answer-query.ts';

/** Builds the service; nothing is connected before `start`. */
export function buildWeb(config: WebConfig, overrides: ProcessOverrides = {}): RunnableService<WebContext> {
  const context = openWebContext(config, overrides);
  return buildStatelessService<WebContext>({
    context,
    routes: [...referenceRoutes(), ...graphqlRoutes(createQueryAnswerer(context))],
    jobs: [],
    // The reference is public: it is readable while users is away.
    serves_without_keys: true,
  });
}
