/** The table of contents of the service: its routes. */
import { buildStatelessService, type ProcessOverrides, type RunnableService } from '@souk/service-kit';
import { assetFiles } from '@souk/storefront';
import type { WebConfig } from './config.ts';
import { openWebContext, type WebContext } from './context.ts';
import { accountRoutes } from './http/account-pages.ts';
import { cartRoutes } from './http/cart.ts';
import { checkoutRoutes } from './http/checkout.ts';
import { consoleRoutes } from './http/console.ts';
import { graphqlRoutes } from './http/graphql.ts';
import { orderRoutes } from './http/orders.ts';
import { createReference, referenceRoutes } from './http/reference.ts';
import { returnRoutes } from './http/returns.ts';
import { secondFactorRoutes } from './http/second-factor-page.ts';
import { sessionRoutes } from './http/session.ts';
import { signInRoutes } from './http/sign-in-pages.ts';
import { sitemapRoutes } from './http/sitemaps.ts';
import { storefrontRoutes } from './http/storefront.ts';
import { createGraph } from './use-cases/answer-query.ts';
import { readAssets } from './workers/assets.ts';

/** Builds the service; nothing is connected before `start`. */
export function buildWeb(config: WebConfig, overrides: ProcessOverrides = {}): RunnableService<WebContext> {
  const context = openWebContext(config, overrides);
  const reference = createReference();
  const assets = readAssets(assetFiles);
  return buildStatelessService<WebContext>({
    context,
    routes: [
      ...storefrontRoutes(reference.links, assets),
      ...sessionRoutes,
      ...signInRoutes(assets),
      ...accountRoutes(assets),
      ...secondFactorRoutes(assets),
      ...sitemapRoutes(context),
      ...consoleRoutes(assets),
      ...cartRoutes(assets),
      ...checkoutRoutes(assets),
      ...orderRoutes(assets),
      ...returnRoutes(assets),
      ...referenceRoutes(reference),
      ...graphqlRoutes(createGraph(context)),
    ],
    jobs: [],
    // The shop and the reference are public: they are readable while users is away.
    serves_without_keys: true,
  });
}
