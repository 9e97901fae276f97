/** What the provider hints at is asked for now instead of later; nothing of what it claims is believed. */
import type { PaymentsContext } from '../context.ts';
import { disputeIdOf } from '../domain/dispute.ts';
import type { WebhookHint } from '../domain/required-interfaces.ts';
import { keepReportsRead, reportDispute, takeReportTurn } from '../store/disputes.ts';
import { hurryCharge } from '../store/payments.ts';
import { hurryRefund } from '../store/refunds.ts';

/** How often the provider is asked what it has reported, should a webhook be lost. */
const askEveryMs = 5_000;
/** Read once more each time: what is reported is not there at the instant at which it is said to be. */
const overlapMs = 60_000;
/** What a shop that is new, or new at this provider, looks back. */
const firstMs = 30 * 86_400_000;

/** It is durable when this resolves. */
export async function followHint(ctx: PaymentsContext, hint: WebhookHint): Promise<void> {
  const { db, clock, provider } = ctx;
  const now_ms = clock.now();
  if (hint.about === 'dispute') {
    const { reference } = hint;
    await reportDispute(db, { id: disputeIdOf(provider.name, reference), provider: provider.name, reference, now_ms });
    ctx.wakeJob('read-disputes');
  } else if (hint.about === 'refund') {
    if (await hurryRefund(db, hint.idempotency_key, now_ms)) ctx.wakeJob('pay-refunds');
  } else if (await hurryCharge(db, hint.idempotency_key, now_ms)) ctx.wakeJob('charge-payments');
}

/** Follows what the provider has reported since it was asked last, by one process at a time. */
export async function askForReports(ctx: PaymentsContext): Promise<void> {
  const { db, clock, provider } = ctx;
  const now_ms = clock.now();
  const turn = { provider: provider.name, now_ms, every_ms: askEveryMs, first_ms: now_ms - firstMs };
  const read_until_ms = await takeReportTurn(db, turn);
  if (read_until_ms === undefined) return;
  for (const hint of await provider.reportedSince(read_until_ms - overlapMs)) await followHint(ctx, hint);
  await keepReportsRead(db, provider.name, now_ms);
}
