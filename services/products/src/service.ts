/** Table of contents: everything the products service does. */
import type { Overrides, Service } from '@souk/service-kit';
import { buildService, idKey, recordsPage } from '@souk/service-kit';
import type { ProductsConfig } from './config.ts';
import { noteRefusedStockConsumer } from './consumers/note-refused-stock.ts';
import { trackStockConsumer } from './consumers/track-stock.ts';
import { openProductsContext, type ProductsContext } from './context.ts';
import { batchRoutes } from './http/batch.ts';
import { categoryRoutes } from './http/categories.ts';
import { groupHandleRoutes } from './http/group-handles.ts';
import { groupRoutes } from './http/groups.ts';
import { importRoutes } from './http/import.ts';
import { pictureRoutes } from './http/pictures.ts';
import { productImageRoutes } from './http/product-images.ts';
import { productImportRoutes } from './http/product-imports.ts';
import { productRoutes } from './http/products.ts';
import { countOlderGroupsJob } from './jobs/count-older-groups.ts';
import { forgetImportsJob } from './jobs/forget-imports.ts';
import { groupOlderProductsJob } from './jobs/group-older-products.ts';
import { removeUnusedMediaJob } from './jobs/remove-unused-media.ts';
import { renewDocumentsJob } from './jobs/renew-documents.ts';
import { runImportsJob } from './jobs/run-imports.ts';
import { productRecords } from './store/audit-records.ts';
import { republishProducts } from './use-cases/republish-products.ts';

export function buildProducts(config: ProductsConfig, overrides: Overrides): Service<ProductsContext> {
  return buildService({
    context: openProductsContext(config, overrides),
    migrations: [new URL('../migrations/', import.meta.url)],
    routes: [
      ...productRoutes,
      ...categoryRoutes,
      ...batchRoutes,
      ...importRoutes,
      ...pictureRoutes,
      ...productImageRoutes,
      ...groupRoutes,
      ...groupHandleRoutes,
      ...productImportRoutes,
    ],
    consumers: [trackStockConsumer, noteRefusedStockConsumer],
    jobs: [renewDocumentsJob, removeUnusedMediaJob, groupOlderProductsJob, countOlderGroupsJob, runImportsJob, forgetImportsJob],
    audit_records: { products: async (ctx, after, limit) => recordsPage(await productRecords(ctx.db, idKey(after), limit), limit) },
    republish: [republishProducts],
    onStop: async (context) => {
      context.stockNews.stop();
      context.pictures.close();
    },
  });
}
