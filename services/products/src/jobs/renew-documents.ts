import type { Job } from '@souk/service-kit';
import type { ProductsContext } from '../context.ts';
import { renewDocuments } from '../use-cases/renew-documents.ts';

/** After an update that indexes products in another way; at all other times it finds nothing to do. */
export const renewDocumentsJob: Job<ProductsContext> = { name: 'renew-documents', every_ms: 3_600_000, run: renewDocuments };
