/** Table of contents: everything the products service does. */
import type { Overrides, Service } from '@souk/service-kit';
import { buildService, factsPage, idKey } from '@souk/service-kit';
import type { ProductsConfig } from './config.ts';
import { trackStock } from './consumers/track-stock.ts';
import { openProductsContext, type ProductsContext } from './context.ts';
import { importRoutes } from './http/import.ts';
import { pictureRoutes } from './http/pictures.ts';
import { productRoutes } from './http/products.ts';
import { productFacts } from './store/facts.ts';

export function buildProducts(config: ProductsConfig, overrides: Overrides): Service<ProductsContext> {
  return buildService({
    context: openProductsContext(config, overrides),
    migrations: [new URL('../migrations/', import.meta.url)],
    routes: [...productRoutes, ...importRoutes, ...pictureRoutes],
    consumers: [trackStock],
    jobs: [],
    facts: { products: async (ctx, after, limit) => factsPage(await productFacts(ctx.db, idKey(after), limit), limit) },
    onStop: async (context) => context.stockNews.stop(),
  });
}
