/**
 * Payments through Stripe. Intents and sessions are made first and kept, and then confirmed or shown: each of them can succeed once
 * only, and one that was not kept is never confirmed or shown. So each attempt has keys of its own: Stripe repeats a failure under its
 * key for a day, and forgets it then. The library is loaded with the first use.
 */
import { refusal } from '@souk/contracts';
import { type Clock, mapBounded } from '@souk/kernel';
import type Stripe from 'stripe';
import type { Charge, ChargeAnswer, ChargeRequest, PaymentProvider, Prepared } from '../domain/required-interfaces.ts';
import { toStripeAmount } from '../domain/stripe-amount.ts';
import { answerOfIntent, answerOfSession, endOf, refusalOf } from './stripe-answers.ts';
import { disputesOfIntent, findStripeDispute, reportedByStripe } from './stripe-disputes.ts';
import { accountOfIntent, statementOfIntent } from './stripe-record.ts';
import { findRefund, makeRefund } from './stripe-refunds.ts';
import { verifyStripeWebhook } from './stripe-webhook.ts';

export interface StripeOptions {
  secret_key: string;
  /** The newest first; older ones while a secret is exchanged. */
  webhook_secrets: readonly string[];
  /** Where the customer goes after a page; `{order_id}` in it is the order. */
  return_url: string;
  clock: Clock;
  timeout_ms: number;
  /** Where Stripe's protocol is spoken instead, for trials. */
  address?: { host: string; port: number };
}

/** The payment method that stands for Stripe's own page. */
const hostedPage = 'stripe_checkout';
/** Stripe takes no less than 30 minutes; the order waits for 35 at most. */
const pageSeconds = 31 * 60;
const retrievalsMax = 4;
const freePrefix = 'free_';

export function createStripeProvider(options: StripeOptions): PaymentProvider {
  let opened: Promise<Stripe> | undefined;
  const stripe = (): Promise<Stripe> => {
    opened ??= openStripe(options);
    return opened;
  };
  return {
    name: 'stripe',
    async prepare(request) {
      return request.amount === 0 ? { reference: `${freePrefix}${request.idempotency_key}` } : prepare(await stripe(), options, request);
    },
    async charge({ prepared = '', reference, idempotency_key, attempt = 0 }) {
      const key = `${idempotency_key}:confirm:${attempt}`;
      if (prepared.startsWith('pi_')) return confirm(await stripe(), prepared, key, returnUrl(options, reference));
      return (await find(stripe, prepared)) ?? { status: 'processing' };
    },
    find: (reference) => find(stripe, reference),
    async abandon(reference) {
      return abandon(await stripe(), reference);
    },
    async refund(request) {
      return makeRefund(await stripe(), request);
    },
    async findRefund(request) {
      return findRefund(await stripe(), request);
    },
    async findDispute(reference) {
      return findStripeDispute(await stripe(), reference);
    },
    async reportedSince(since_ms) {
      return reportedByStripe(await stripe(), since_ms, options.clock.now());
    },
    async verifyWebhook(body_text, header) {
      const { webhooks } = await stripe();
      return verifyStripeWebhook(webhooks, {
        body_text,
        signature: header('stripe-signature'),
        secrets: options.webhook_secrets,
        now_ms: options.clock.now(),
      });
    },
    async statement(_after, _limit, known) {
      const statements = await mapBounded(await known(), retrievalsMax, async (one) => {
        const intent = await intentOf(stripe, one.reference);
        const disputes = intent === undefined ? [] : await disputesOfIntent(await stripe(), intent);
        return statementOfIntent(intent, one, disputes);
      });
      return statements.flatMap((statement) => statement ?? []);
    },
    async accountOf(_order_id, known) {
      return known === undefined ? { charges: [], refunds: [] } : accountOfIntent(await intentOf(stripe, known.reference), known);
    },
    close: async () => undefined,
  };
}

async function openStripe({ secret_key, timeout_ms, address }: StripeOptions): Promise<Stripe> {
  const { default: stripeClient } = await import('stripe');
  return new stripeClient(secret_key, {
    apiVersion: '2026-10-28.endive',
    maxNetworkRetries: 0,
    timeout: timeout_ms,
    telemetry: false,
    ...(address && { ...address, protocol: 'http' as const }),
  });
}

function returnUrl({ return_url }: StripeOptions, order_id: string): string {
  return return_url.replace('{order_id}', order_id);
}

/** Makes what can be paid, and moves nothing. */
async function prepare(stripe: Stripe, options: StripeOptions, request: ChargeRequest): Promise<Prepared> {
  const amount = toStripeAmount(request.amount, request.currency);
  if (typeof amount === 'string') return { status: 'declined', decline_code: amount };
  const metadata = { payment_id: request.idempotency_key, order_id: request.reference };
  const currency = request.currency.toLowerCase();
  try {
    if (request.payment_method === hostedPage) return await session(stripe, options, { ...request, amount, currency }, metadata);
    const { id } = await stripe.paymentIntents.create(
      { amount, currency, payment_method: request.payment_method, allowed_payment_method_types: ['card'], metadata },
      { idempotencyKey: `${request.idempotency_key}:${request.attempt ?? 0}` },
    );
    return { reference: id };
  } catch (error) {
    const refused = refusalOf(error);
    if (refused?.status !== 'declined') throw error;
    return refused;
  }
}

/** One whose answer is lost is made again, as another one: no customer can pay on a page whose address was never shown. */
async function session(
  stripe: Stripe,
  options: StripeOptions,
  { amount, currency, reference, idempotency_key, attempt = 0 }: ChargeRequest,
  metadata: Record<string, string>,
): Promise<Prepared> {
  const expires_at = Math.floor(options.clock.now() / 1_000) + pageSeconds;
  const back = returnUrl(options, reference);
  const { id } = await stripe.checkout.sessions.create(
    {
      mode: 'payment',
      line_items: [{ quantity: 1, price_data: { currency, unit_amount: amount, product_data: { name: reference } } }],
      client_reference_id: reference,
      metadata,
      payment_intent_data: { metadata },
      success_url: back,
      cancel_url: back,
      expires_at,
    },
    { idempotencyKey: `${idempotency_key}:${attempt}:${expires_at}` },
  );
  return { reference: id };
}

async function confirm(stripe: Stripe, intent_id: string, key: string, return_url: string): Promise<ChargeAnswer> {
  try {
    const answer = answerOfIntent(await stripe.paymentIntents.confirm(intent_id, { return_url }, { idempotencyKey: key }));
    return answer ?? { status: 'processing' };
  } catch (error) {
    const refused = refusalOf(error);
    if (refused === undefined) throw error;
    // Another card could still be tried on it.
    await abandon(stripe, intent_id);
    return refused;
  }
}

async function find(stripe: () => Promise<Stripe>, reference: string): Promise<ChargeAnswer | undefined> {
  if (reference.startsWith(freePrefix)) return { status: 'succeeded', charge: reference };
  const client = await stripe();
  if (!reference.startsWith('pi_')) return answerOfSession(await client.checkout.sessions.retrieve(reference));
  const answer = answerOfIntent(await client.paymentIntents.retrieve(reference));
  if (answer?.status !== 'declined') return answer;
  // Declined is an end only when no other card can be tried on it.
  const end = await abandon(client, reference);
  return end.status === 'declined' ? answer : end;
}

/** What Stripe refuses to close has ended, or is about to: it is read, and only an end is an answer. */
async function abandon(stripe: Stripe, reference: string): Promise<Charge> {
  const isIntent = reference.startsWith('pi_');
  const read = async (close: boolean): Promise<ChargeAnswer | undefined> => {
    const { paymentIntents, checkout } = stripe;
    if (isIntent) return answerOfIntent(await (close ? paymentIntents.cancel(reference) : paymentIntents.retrieve(reference)));
    return answerOfSession(await (close ? checkout.sessions.expire(reference) : checkout.sessions.retrieve(reference)));
  };
  const answer = await read(true).catch((error: unknown) => {
    if ((error as { type?: string }).type !== 'StripeInvalidRequestError') throw error;
    return read(false);
  });
  const end = endOf(answer);
  if (end === undefined) throw refusal('upstream_failed', `Stripe has not ended the payment; it is ${answer?.status ?? 'not confirmed'}.`);
  return end;
}

async function intentOf(stripe: () => Promise<Stripe>, reference: string): Promise<Stripe.PaymentIntent | undefined> {
  if (!reference.startsWith('pi_')) return undefined;
  return (await stripe()).paymentIntents.retrieve(reference, { expand: ['latest_charge', 'latest_charge.refunds'] });
}
