/** Table of contents: everything the products service does. */
import type { Overrides, Service } from '@souk/service-kit';
import { buildService, idKey, recordsPage } from '@souk/service-kit';
import type { ProductsConfig } from './config.ts';
import { trackStockConsumer } from './consumers/track-stock.ts';
import { openProductsContext, type ProductsContext } from './context.ts';
import { batchRoutes } from './http/batch.ts';
import { importRoutes } from './http/import.ts';
import { pictureRoutes } from './http/pictures.ts';
import { productRoutes } from './http/products.ts';
import { renewDocumentsJob } from './jobs/renew-documents.ts';
import { productRecords } from './store/audit-records.ts';
import { republishProducts } from './use-cases/republish-products.ts';

export function buildProducts(config: ProductsConfig, overrides: Overrides): Service<ProductsContext> {
  return buildService({
    context: openProductsContext(config, overrides),
    migrations: [new URL('../migrations/', import.meta.url)],
    routes: [...productRoutes, ...batchRoutes, ...importRoutes, ...pictureRoutes],
    consumers: [trackStockConsumer],
    jobs: [renewDocumentsJob],
    audit_records: { products: async (ctx, after, limit) => recordsPage(await productRecords(ctx.db, idKey(after), limit), limit) },
    republish: [republishProducts],
    onStop: async (context) => context.stockNews.stop(),
  });
}
