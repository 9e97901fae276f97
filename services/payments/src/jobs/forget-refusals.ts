import type { Job } from '@souk/service-kit';
import type { PaymentsContext } from '../context.ts';

const dayMs = 86_400_000;

/** Retention of the built-in provider: charges that took no money. What took some is kept as long as the books. */
export const forgetRefusals: Job<PaymentsContext> = {
  name: 'forget-refusals',
  every_ms: 3_600_000,
  run: async ({ provider, clock, config }) =>
    (await provider.forgetRefusals?.(clock.now() - config.sandbox_refusals_kept_days * dayMs)) ?? false,
};
