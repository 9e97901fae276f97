/** What Stripe's objects mean for a payment. Pure; nothing here is believed that was not read from Stripe itself. */
import type Stripe from 'stripe';
import type { Charge, ChargeAnswer } from '../domain/required-interfaces.ts';

/** Stripe closes no page of a bank; it is closed here after so long. */
const bankPageMs = 15 * 60_000;

/** Undefined for one that was not confirmed yet: nothing was charged, and confirming it is the way on. */
export function answerOfIntent(intent: Stripe.PaymentIntent): ChargeAnswer | undefined {
  switch (intent.status) {
    case 'succeeded':
      return { status: 'succeeded', charge: intent.id };
    case 'canceled':
      return { status: 'declined', decline_code: declineOf(intent) ?? 'abandoned' };
    case 'requires_action': {
      const url = intent.next_action?.redirect_to_url?.url;
      if (url == null) return { status: 'processing' };
      return { status: 'action_required', url, until_ms: intent.created * 1_000 + bankPageMs };
    }
    case 'processing':
    case 'requires_capture':
      return { status: 'processing' };
    case 'requires_payment_method':
    case 'requires_confirmation': {
      const decline_code = declineOf(intent);
      return decline_code === undefined ? undefined : { status: 'declined', decline_code };
    }
  }
}

function declineOf({ last_payment_error: error }: Stripe.PaymentIntent): string | undefined {
  return error == null ? undefined : (error.decline_code ?? error.code ?? 'card_declined').slice(0, 100);
}

/** A session that is paid answers with its intent, by which money goes back. */
export function answerOfSession(session: Stripe.Checkout.Session): ChargeAnswer {
  if (session.status === 'expired') return { status: 'declined', decline_code: 'abandoned' };
  if (session.status === 'open' && session.url !== null)
    return { status: 'action_required', url: session.url, until_ms: session.expires_at * 1_000 };
  const charge = idOf(session.payment_intent);
  return session.payment_status === 'paid' && charge !== undefined ? { status: 'succeeded', charge } : { status: 'processing' };
}

function idOf(object: string | { id: string } | null): string | undefined {
  return typeof object === 'string' ? object : object?.id;
}

/** An end the provider stands by; undefined while there is none. */
export function endOf(answer: ChargeAnswer | undefined): Charge | undefined {
  return answer?.status === 'succeeded' || answer?.status === 'declined' ? answer : undefined;
}

/** Whether Stripe refuses the card or its token for good; anything else is not known to have failed. */
export function refusalOf(error: unknown): Charge | undefined {
  const { type, decline_code, code, param } = error as { type?: string; decline_code?: string; code?: string; param?: string };
  if (type === 'StripeCardError') return { status: 'declined', decline_code: (decline_code ?? code ?? 'card_declined').slice(0, 100) };
  if (type !== 'StripeInvalidRequestError') return undefined;
  if (param === 'payment_method') return { status: 'declined', decline_code: 'invalid_payment_method' };
  return code === 'amount_too_small' || code === 'amount_too_large' ? { status: 'declined', decline_code: code } : undefined;
}
