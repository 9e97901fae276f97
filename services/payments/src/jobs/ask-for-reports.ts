import type { Job } from '@souk/service-kit';
import type { PaymentsContext } from '../context.ts';
import { askForReports as askProvider } from '../use-cases/follow-hints.ts';

/** The net below the webhooks of the provider. */
export const askForReports: Job<PaymentsContext> = { name: 'ask-for-reports', every_ms: 5_000, run: askProvider };
