import type { Job } from '@souk/service-kit';
import type { PaymentsContext } from '../context.ts';
import { claimCharges } from '../use-cases/claim-charges.ts';

/** The net below the direct way: what is due in the database and with no process is charged or asked for. */
export const chargePayments: Job<PaymentsContext> = { name: 'charge-payments', every_ms: 1_000, run: claimCharges };
