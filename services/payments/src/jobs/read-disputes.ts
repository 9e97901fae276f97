import type { Job } from '@souk/service-kit';
import type { PaymentsContext } from '../context.ts';
import { readDisputes as readDue } from '../use-cases/read-disputes.ts';

/** Asks about disputes that were reported, and about open ones now and then. */
export const readDisputes: Job<PaymentsContext> = { name: 'read-disputes', every_ms: 2_000, run: readDue };
