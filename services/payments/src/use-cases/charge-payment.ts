/**
 * Charges one payment at the provider, outside any transaction. Only an answer of the provider ends it; anything else
 * leaves it unknown, and an unknown one is asked for before it is charged again, with the same key.
 */
import { withinLimit } from '../clients/time-limit.ts';
import type { PaymentsContext, SettledCharge } from '../context.ts';
import { tellUnknown } from '../events.ts';
import type { ChargeTask } from '../store/payments.ts';

export async function chargePayment(ctx: PaymentsContext, task: ChargeTask): Promise<void> {
  await ctx.settleCharge({ task, outcome: await outcomeOf(ctx, task) });
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

function ask({ provider, config, timer }: PaymentsContext, task: ChargeTask) {
  return withinLimit(provider.find(task.id), config.provider_timeout_ms, timer);
}

function charge({ provider, config, timer }: PaymentsContext, { id, order_id, amount, currency, payment_method }: ChargeTask) {
  const request = { idempotency_key: id, amount, currency, payment_method, reference: order_id };
  return withinLimit(provider.charge(request), config.provider_timeout_ms, timer);
}
