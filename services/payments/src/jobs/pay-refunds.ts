import type { Job } from '@souk/service-kit';
import type { PaymentsContext } from '../context.ts';
import { claimRefunds } from '../use-cases/claim-refunds.ts';

/** Tries refunds again until each is done. */
export const payRefunds: Job<PaymentsContext> = { name: 'pay-refunds', every_ms: 1_000, run: claimRefunds };
