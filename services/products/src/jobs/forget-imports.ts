import type { Job } from '@souk/service-kit';
import type { ProductsContext } from '../context.ts';
import { forgetImports } from '../use-cases/start-import.ts';

/** Imports are kept for 30 days after they were started. */
export const forgetImportsJob: Job<ProductsContext> = { name: 'forget-imports', every_ms: 3_600_000, run: forgetImports };
