import type { Republisher } from '@souk/service-kit';
import type { PaymentsContext } from '../context.ts';
import { doneSince } from '../store/refunds.ts';
import { refunded } from './announce.ts';

/** Refunds that were done since then. What became of a charge is published when its order asks once more. */
export const republishRefunds: Republisher<PaymentsContext> = async (_ctx, tx, page) => {
  const refunds = await doneSince(tx, page);
  return { drafts: refunds.map(refunded), next: refunds.length === page.limit ? refunds.at(-1)?.id : undefined };
};
