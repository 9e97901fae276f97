import type { Job } from '@souk/service-kit';
import type { ProductsContext } from '../context.ts';
import { removeUnusedMedia } from '../use-cases/remove-unused-media.ts';

/** Pictures stay for a week after their last upload; then those that no product shows go. */
export const removeUnusedMediaJob: Job<ProductsContext> = { name: 'remove-unused-media', every_ms: 3_600_000, run: removeUnusedMedia };
