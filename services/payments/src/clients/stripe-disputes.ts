/** Disputes at Stripe, in our words and units, and what Stripe reported since a time. */
import { isUuid } from '@souk/kernel';
import type Stripe from 'stripe';
import type { DisputeState, ProviderDispute, ProviderStatement, WebhookHint } from '../domain/required-interfaces.ts';
import { fromStripeAmount } from '../domain/stripe-amount.ts';

const disputesMax = 100;
const eventsMax = 1_000;
/** Stripe keeps events for 30 days, and its clock and ours differ. */
const keptMs = 29 * 86_400_000;

/** What may be lost for good without being asked for: charges are asked for by themselves. */
const reportedTypes = [
  ...['charge.dispute.created', 'charge.dispute.updated', 'charge.dispute.closed'],
  ...['charge.dispute.funds_withdrawn', 'charge.dispute.funds_reinstated', 'refund.updated', 'refund.failed'],
];

const states: Readonly<Record<string, DisputeState>> = {
  ...{ warning_needs_response: 'inquiry', warning_under_review: 'inquiry', warning_closed: 'closed', prevented: 'closed' },
  ...{ needs_response: 'open', under_review: 'open', won: 'won', lost: 'lost' },
};

/** One with a status that Stripe has come to know since is open: staff look at it there. */
const stateOf = ({ status }: Stripe.Dispute): DisputeState => states[status] ?? 'open';

/** Undefined where Stripe knows none. */
export async function findStripeDispute(stripe: Stripe, reference: string): Promise<ProviderDispute | undefined> {
  const dispute = await stripe.disputes.retrieve(reference, { expand: ['payment_intent'] }).catch((error: unknown) => {
    if ((error as { statusCode?: number }).statusCode === 404) return undefined;
    throw error;
  });
  if (dispute === undefined) return undefined;
  const { payment_intent: intent, created, reason, evidence_details } = dispute;
  const payment_id = intent === null || typeof intent === 'string' ? undefined : intent.metadata['payment_id'];
  const state = stateOf(dispute);
  const currency = dispute.currency.toUpperCase();
  const due = state === 'open' || state === 'inquiry' ? (evidence_details?.due_by ?? null) : null;
  return {
    reference,
    payment_id: payment_id !== undefined && isUuid(payment_id) ? payment_id : undefined,
    state,
    amount: fromStripeAmount(dispute.amount, currency),
    currency,
    reason,
    opened_at_ms: created * 1_000,
    evidence_due_ms: due === null ? null : due * 1_000,
  };
}

/** Those of a charge that Stripe says was disputed. */
export async function disputesOfIntent(
  stripe: Stripe,
  { id, latest_charge }: Stripe.PaymentIntent,
): Promise<Required<ProviderStatement>['disputes']> {
  if (latest_charge === null || typeof latest_charge === 'string' || !latest_charge.disputed) return [];
  const { data } = await stripe.disputes.list({ payment_intent: id, limit: disputesMax });
  return data.map((dispute) => ({
    reference: dispute.id,
    state: stateOf(dispute),
    amount: fromStripeAmount(dispute.amount, dispute.currency.toUpperCase()),
  }));
}

/** Each thing once, whatever was reported of it. */
export async function reportedByStripe(stripe: Stripe, since_ms: number, now_ms: number): Promise<WebhookHint[]> {
  const gte = Math.floor(Math.max(since_ms, now_ms - keptMs) / 1_000);
  const events = await stripe.events.list({ types: reportedTypes, created: { gte }, limit: 100 }).autoPagingToArray({ limit: eventsMax });
  const hints = events.flatMap((event) => hintOf(event) ?? []);
  return [...new Map(hints.map((hint) => [JSON.stringify(hint), hint])).values()];
}

/** Which payment, refund or dispute an event is about; null for one about nothing of this shop. */
export function hintOf(event: Stripe.Event): WebhookHint | null {
  const { object, id, metadata } = (event.data?.object ?? {}) as {
    object?: unknown;
    id?: unknown;
    metadata?: Record<string, unknown> | null;
  };
  if (object === 'dispute') return typeof id === 'string' && id.length <= 200 ? { about: 'dispute', reference: id } : null;
  const refund_id = metadata?.['refund_id'];
  if (object === 'refund' && typeof refund_id === 'string' && isUuid(refund_id)) return { about: 'refund', idempotency_key: refund_id };
  const payment_id = metadata?.['payment_id'];
  return typeof payment_id === 'string' && isUuid(payment_id) ? { about: 'payment', idempotency_key: payment_id } : null;
}
