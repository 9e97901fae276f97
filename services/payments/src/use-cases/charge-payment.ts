/**
 * Charges one payment at the provider, outside any transaction. Only an answer of the provider ends it; anything else
 * leaves it unknown, and an unknown one is asked for before it is charged again, with the same key.
 */

import { causeWithin } from '@souk/messaging';
import { traced } from '@souk/telemetry/tracing';
import { atProvider } from '../clients/provider-span.ts';
import type { PaymentsContext, SettledCharge } from '../context.ts';
import { chargeUnknown } from '../events.ts';
import type { ChargeTask } from '../store/payments.ts';

export function chargePayment(ctx: PaymentsContext, task: ChargeTask): Promise<void> {
  const attributes = { 'souk.payment_id': task.id, 'souk.order_id': task.order_id, 'souk.attempt': task.attempts + 1 };
  return traced(ctx.tracer, 'charge payment', { parent: task.cause.traceparent, attributes }, async (span) => {
    const within = { ...task, cause: causeWithin(task.cause, span) };
    const outcome = await outcomeOf(ctx, within);
    span?.set({ 'souk.outcome': outcome.status });
    await ctx.settleCharge({ task: within, outcome });
  });
}

type Outcome = SettledCharge['outcome'];

async function outcomeOf(ctx: PaymentsContext, task: ChargeTask): Promise<Outcome> {
  try {
    const known = task.asked ? await ask(ctx, task) : undefined;
    return known ?? (await charge(ctx, task));
  } catch (error) {
    // The charge may have happened nevertheless, so this is no refusal but a question.
    chargeUnknown(ctx, task, error);
  }
  return askOnce(ctx, task);
}

/** One question right away: a lost answer is mostly there already. */
async function askOnce(ctx: PaymentsContext, task: ChargeTask): Promise<Outcome> {
  try {
    return (await ask(ctx, task)) ?? { status: 'unknown' };
  } catch (error) {
    ctx.log.debug({ err: error, payment_id: task.id }, 'the provider cannot be asked at the moment');
    return { status: 'unknown' };
  }
}

function ask(ctx: PaymentsContext, task: ChargeTask) {
  return atProvider(ctx, 'find', task.cause, () => ctx.provider.find(task.id));
}

function charge(ctx: PaymentsContext, { id, order_id, amount, currency, payment_method, cause }: ChargeTask) {
  const request = { idempotency_key: id, amount, currency, payment_method, reference: order_id };
  return atProvider(ctx, 'charge', cause, () => ctx.provider.charge(request));
}
