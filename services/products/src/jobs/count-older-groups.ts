import type { Job } from '@souk/service-kit';
import type { ProductsContext } from '../context.ts';
import { countOlderGroups } from '../use-cases/refresh-groups.ts';

/** After an upgrade, and while an older version of the service writes beside this one; at all other times it finds nothing to do. */
export const countOlderGroupsJob: Job<ProductsContext> = { name: 'count-older-groups', every_ms: 60_000, run: countOlderGroups };
