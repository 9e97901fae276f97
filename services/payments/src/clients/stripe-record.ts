/** What Stripe's own record says of a payment, in our units, for audits and explanations. */
import { timestamp } from '@souk/kernel';
import type Stripe from 'stripe';
import type { KnownCharge, ProviderAccount, ProviderStatement } from '../domain/required-interfaces.ts';
import { fromStripeAmount } from '../domain/stripe-amount.ts';

/** Undefined where nothing was charged. */
export function statementOfIntent(
  intent: Stripe.PaymentIntent | undefined,
  known: KnownCharge,
  disputes: Required<ProviderStatement>['disputes'],
): ProviderStatement | undefined {
  const { order_id, reference } = known;
  if (intent === undefined) return reference.startsWith('free_') ? free(known) : undefined;
  if (intent.status !== 'succeeded') return undefined;
  const currency = intent.currency.toUpperCase();
  const refunds = refundsOf(intent).map(({ metadata, id, amount }) => ({
    idempotency_key: metadata?.['refund_id'] ?? id,
    amount: fromStripeAmount(amount, currency),
  }));
  return {
    reference: order_id,
    charged: fromStripeAmount(intent.amount_received, currency),
    refunded: refunds.reduce((sum, { amount }) => sum + amount, 0),
    currency,
    charges: 1,
    currencies: 1,
    idempotency_keys: [intent.metadata['payment_id'] ?? intent.id],
    refunds,
    ...(disputes.length > 0 && { disputes }),
    updated_at_ms: Math.max(intent.created, ...refundsOf(intent).map(({ created }) => created)) * 1_000,
  };
}

/** Nothing to pay: no charge is made at Stripe, and the books say so. */
function free({ order_id, payment_id, currency }: KnownCharge): ProviderStatement {
  const nothing = { charged: 0, refunded: 0, refunds: [], currency, charges: 1, currencies: 1, updated_at_ms: 0 };
  return { reference: order_id, ...nothing, idempotency_keys: [payment_id] };
}

/** Those that failed gave nothing back. */
function refundsOf({ latest_charge }: Stripe.PaymentIntent): Stripe.Refund[] {
  if (latest_charge === null || typeof latest_charge === 'string') return [];
  return (latest_charge.refunds?.data ?? []).filter(({ status }) => status === 'succeeded' || status === 'pending');
}

export function accountOfIntent(intent: Stripe.PaymentIntent | undefined, { payment_id }: KnownCharge): ProviderAccount {
  if (intent === undefined) return { charges: [], refunds: [] };
  const currency = intent.currency.toUpperCase();
  const decline_code = intent.last_payment_error?.decline_code ?? intent.last_payment_error?.code ?? null;
  const status = intent.status === 'succeeded' ? 'succeeded' : intent.status === 'requires_action' ? 'action_required' : 'declined';
  return {
    charges: [
      {
        idempotency_key: intent.metadata['payment_id'] ?? payment_id,
        status,
        amount: fromStripeAmount(intent.amount, currency),
        currency,
        decline_code: status === 'declined' ? (decline_code ?? intent.status) : null,
        calls: 1,
        at: timestamp(intent.created * 1_000),
      },
    ],
    refunds: refundsOf(intent).map(({ metadata, id, amount, created }) => ({
      idempotency_key: metadata?.['refund_id'] ?? id,
      amount: fromStripeAmount(amount, currency),
      at: timestamp(created * 1_000),
    })),
  };
}
