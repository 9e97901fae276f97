/** Refunds at Stripe. They are looked for before they are made: Stripe forgets its key, and a refund is known by our id for ever. */
import type Stripe from 'stripe';
import type { RefundAnswer, RefundRequest } from '../domain/required-interfaces.ts';
import { toStripeAmount } from '../domain/stripe-amount.ts';

const refundsMax = 100;
/** Refusals that stand whenever it is asked again: all was given back already, or a bank took it. */
const refusedForGood: readonly string[] = ['charge_already_refunded', 'charge_disputed'];

export async function makeRefund(stripe: Stripe, request: RefundRequest): Promise<RefundAnswer> {
  const made = await lookUp(stripe, request);
  if (made !== undefined) return answerOf(made);
  const { idempotency_key, charge, amount, currency } = request;
  const units = toStripeAmount(amount, currency);
  try {
    const refund = await stripe.refunds.create(
      {
        payment_intent: charge,
        amount: typeof units === 'number' ? units : amount,
        metadata: { refund_id: idempotency_key },
      },
      { idempotencyKey: `refund:${idempotency_key}` },
    );
    return answerOf(refund);
  } catch (error) {
    const { code = '' } = error as { code?: string };
    if (!refusedForGood.includes(code)) throw error;
    // All of it may have been given back by this very refund, whose first answer was lost.
    return (await findRefund(stripe, request)) ?? { status: 'failed', code };
  }
}

export async function findRefund(stripe: Stripe, request: RefundRequest): Promise<RefundAnswer | undefined> {
  const made = await lookUp(stripe, request);
  return made && answerOf(made);
}

async function lookUp(stripe: Stripe, { charge, idempotency_key }: RefundRequest): Promise<Stripe.Refund | undefined> {
  const { data } = await stripe.refunds.list({ payment_intent: charge, limit: refundsMax });
  return data.find(({ metadata }) => metadata?.['refund_id'] === idempotency_key);
}

function answerOf({ status, failure_reason }: Stripe.Refund): RefundAnswer {
  if (status === 'succeeded') return { status: 'done' };
  if (status === 'failed' || status === 'canceled') return { status: 'failed', code: (failure_reason ?? status).slice(0, 100) };
  return { status: 'pending' };
}
