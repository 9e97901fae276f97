/** What became of a refund. */
import type { RefundRecord } from '../money-records.ts';

/** The customer was given the money, be it that it came back later. */
export function wasGiven({ status, failed_from }: RefundRecord): boolean {
  return status === 'done' || status === 'by_hand' || failed_from === 'done';
}

/** It failed, and nothing was done about it yet. */
export function isOwed({ status, retried_as }: RefundRecord): boolean {
  return status === 'failed' && retried_as == null;
}
