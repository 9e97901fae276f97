/** Webhooks of Stripe: verified by its own library, and no more than a hint what to ask for now. */
import { refusal } from '@souk/contracts';
import type Stripe from 'stripe';
import type { WebhookHint } from '../domain/required-interfaces.ts';
import { hintOf } from './stripe-disputes.ts';

const toleranceSeconds = 300;

export interface StripeWebhook {
  body_text: string;
  signature: string | undefined;
  /** Any of them will do: while a secret is exchanged there are two. */
  secrets: readonly string[];
  now_ms: number;
}

/** Null for one that is about nothing of this shop. Throws `signature_invalid`, also for one that is too old or from the future. */
export function verifyStripeWebhook(
  webhooks: Stripe['webhooks'],
  { body_text, signature = '', secrets, now_ms }: StripeWebhook,
): WebhookHint | null {
  const signed_at = Number(/(?:^|,)t=(\d{1,12})(?:,|$)/.exec(signature)?.[1]);
  if (!(signed_at <= now_ms / 1_000 + toleranceSeconds)) throw refusal('signature_invalid');
  for (const secret of secrets) {
    const event = eventOf(() => webhooks.constructEvent(body_text, signature, secret, toleranceSeconds, undefined, now_ms));
    if (event !== undefined) return hintOf(event);
  }
  throw refusal('signature_invalid');
}

function eventOf(read: () => Stripe.Event): Stripe.Event | undefined {
  try {
    return read();
  } catch {
    // Of another secret, forged or too old: which one is of no use to the sender.
    return undefined;
  }
}
