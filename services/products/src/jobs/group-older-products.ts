import type { Job } from '@souk/service-kit';
import type { ProductsContext } from '../context.ts';
import { groupOlderProducts } from '../use-cases/group-older-products.ts';

/** After an upgrade, and while an older version of the service writes beside this one; at all other times it finds nothing to do. */
export const groupOlderProductsJob: Job<ProductsContext> = { name: 'group-older-products', every_ms: 60_000, run: groupOlderProducts };
