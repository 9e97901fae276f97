import type { Dispute } from '@souk/contracts';
import type { Page } from '@souk/service-kit';
import type { PaymentsContext } from '../context.ts';
import { listDisputes as readDisputes } from '../store/disputes.ts';
import { presentDispute } from './present-payment.ts';

/** Disputes that the provider was asked about, those of no payment of this shop too. `next` is the id to go on after. */
export async function listDisputes(
  { db }: PaymentsContext,
  { limit, skip, after }: Page<string>,
  state: string | undefined,
): Promise<{ disputes: Dispute[]; next: string | null }> {
  const rows = await readDisputes(db, { state, after, limit: limit + 1, skip });
  const page = rows.slice(0, limit);
  return { disputes: page.map(presentDispute), next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}
