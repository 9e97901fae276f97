import type { Job } from '@souk/service-kit';
import type { ProductsContext } from '../context.ts';
import { runImports } from '../use-cases/run-imports.ts';

/** Woken where an import is started; by itself it finds those of a process that has died. */
export const runImportsJob: Job<ProductsContext> = { name: 'run-imports', every_ms: 10_000, run: runImports };
