/** What became of refunds and disputes since then. What became of a charge is published when its order asks once more. */
import type { Republisher } from '@souk/service-kit';
import type { PaymentsContext } from '../context.ts';
import { disputesSince } from '../store/disputes.ts';
import { failedSince } from '../store/failed-refunds.ts';
import { doneSince } from '../store/refunds.ts';
import { disputed, refunded, refundFailedDraft } from './announce.ts';

export const republishRefunds: Republisher<PaymentsContext> = async (_ctx, tx, page) => {
  const refunds = await doneSince(tx, page);
  return { drafts: refunds.map(refunded), next: refunds.length === page.limit ? refunds.at(-1)?.id : undefined };
};

export const republishFailedRefunds: Republisher<PaymentsContext> = async (_ctx, tx, page) => {
  const refunds = await failedSince(tx, page);
  return {
    drafts: refunds.map((refund) => refundFailedDraft(refund)),
    next: refunds.length === page.limit ? refunds.at(-1)?.id : undefined,
  };
};

export const republishDisputes: Republisher<PaymentsContext> = async (_ctx, tx, page) => {
  const disputes = await disputesSince(tx, page);
  const drafts = disputes.map((dispute) => disputed(dispute, { id: dispute.payment_id, order_id: dispute.order_id }));
  return { drafts, next: disputes.length === page.limit ? disputes.at(-1)?.id : undefined };
};
