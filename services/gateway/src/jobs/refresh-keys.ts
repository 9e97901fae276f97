import { AppError } from '@souk/kernel';
import type { Job } from '@souk/service-kit';
import type { GatewayContext } from '../context.ts';

/** A new signing key is published 15 minutes before its first use; asking every 5 finds it in time. */
export const refreshKeys: Job<GatewayContext> = {
  name: 'refresh-keys',
  every_ms: 300_000,
  async run({ verifier }) {
    if (!(await verifier.refresh())) throw new AppError('keys_unavailable', 'The key set could not be fetched.');
  },
};
