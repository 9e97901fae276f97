/**
 * Charges one payment at the provider, outside any transaction. Only an answer of the provider ends it; anything else
 * leaves it unknown, and an unknown one is asked for before it is charged again, with the same key.
 */
import { traced } from '@souk/kernel';
import { causeWithin } from '@souk/messaging';
import { atProvider } from '../clients/provider-span.ts';
import { withinLimit } from '../clients/time-limit.ts';
import type { PaymentsContext, SettledCharge } from '../context.ts';
import { tellUnknown } from '../events.ts';
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
    tellUnknown(ctx, task, error);
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
  const { provider, config, timer } = ctx;
  return atProvider(ctx, 'find', task.cause, () => withinLimit(provider.find(task.id), config.provider_timeout_ms, timer));
}

function charge(ctx: PaymentsContext, { id, order_id, amount, currency, payment_method, cause }: ChargeTask) {
  const { provider, config, timer } = ctx;
  const request = { idempotency_key: id, amount, currency, payment_method, reference: order_id };
  return atProvider(ctx, 'charge', cause, () => withinLimit(provider.charge(request), config.provider_timeout_ms, timer));
}
