/**
 * Charges one payment at the provider, outside any transaction. Only an answer of the provider ends it; anything else
 * leaves it unknown, and an unknown one is asked for before it is charged again, with the same key.
 */

import { causeWithin } from '@souk/messaging';
import { traced } from '@souk/telemetry/tracing';
import { atProvider } from '../clients/provider-span.ts';
import type { PaymentsContext } from '../context.ts';
import { afterCall, type CallResult, type ChargeOutcome, chargeKeyOf, firstCall, type ProviderCall } from '../domain/charging.ts';
import type { ChargeAnswer, ChargeRequest } from '../domain/required-interfaces.ts';
import { chargeUnknown } from '../events.ts';
import type { ChargeTask } from '../store/payments.ts';
import { keepReference } from '../store/provider-references.ts';

export function chargePayment(ctx: PaymentsContext, task: ChargeTask): Promise<void> {
  const attributes = { 'souk.payment_id': task.id, 'souk.order_id': task.order_id, 'souk.attempt': task.attempts + 1 };
  return traced(ctx.tracer, 'charge payment', { parent: task.cause.traceparent, attributes }, async (span) => {
    const within = { ...task, cause: causeWithin(task.cause, span) };
    const ready = await preparedTask(ctx, within);
    const outcome = 'status' in ready ? ready : await outcomeOf(ctx, ready);
    span?.set({ 'souk.outcome': outcome.status });
    await ctx.settleCharge({ task: within, outcome });
  });
}

/** The reference is kept before anything is charged under it, so that a charge whose answer is lost is found again. */
async function preparedTask(ctx: PaymentsContext, task: ChargeTask): Promise<ChargeTask | ChargeOutcome> {
  if (ctx.provider.prepare === undefined || task.provider_reference !== null) return task;
  try {
    const prepared = await atProvider(ctx, 'prepare', task.cause, async () => ctx.provider.prepare?.(requestOf(task)));
    if (prepared === undefined || 'status' in prepared) return prepared ?? task;
    const provider_reference = await keepReference(ctx.db, task.id, prepared.reference);
    // Another process has ended it meanwhile, or has prepared it too and may have charged it.
    if (provider_reference === undefined) return { status: 'unknown' };
    return { ...task, provider_reference, asked: provider_reference !== prepared.reference };
  } catch (error) {
    chargeUnknown(ctx, task, error);
    return { status: 'unknown' };
  }
}

async function outcomeOf(ctx: PaymentsContext, task: ChargeTask): Promise<ChargeOutcome> {
  let next: ProviderCall | ChargeOutcome = firstCall(task);
  while (typeof next === 'string') next = afterCall(next, await resultOf(ctx, task, next));
  return next;
}

async function resultOf(ctx: PaymentsContext, task: ChargeTask, call: ProviderCall): Promise<CallResult> {
  try {
    return { kind: 'answered', charge: await calls[call](ctx, task) };
  } catch (error) {
    // The charge may have happened nevertheless, so this is no refusal but a question. A lost answer is mostly there already.
    if (call === 'ask_again') ctx.log.debug({ err: error, payment_id: task.id }, 'the provider cannot be asked at the moment');
    else chargeUnknown(ctx, task, error);
    return { kind: 'failed' };
  }
}

const calls: Readonly<Record<ProviderCall, (ctx: PaymentsContext, task: ChargeTask) => Promise<ChargeAnswer | undefined>>> = {
  ask,
  charge,
  ask_again: ask,
  abandon,
};

function abandon(ctx: PaymentsContext, task: ChargeTask) {
  return atProvider(ctx, 'abandon', task.cause, () => ctx.provider.abandon(referenceOf(task)));
}

function ask(ctx: PaymentsContext, task: ChargeTask) {
  return atProvider(ctx, 'find', task.cause, () => ctx.provider.find(referenceOf(task)));
}

function charge(ctx: PaymentsContext, task: ChargeTask) {
  return atProvider(ctx, 'charge', task.cause, () => ctx.provider.charge(requestOf(task)));
}

function requestOf(task: ChargeTask): ChargeRequest {
  const { order_id, amount, currency, payment_method, attempts: attempt, provider_reference: prepared } = task;
  const request = { idempotency_key: chargeKeyOf(task), amount, currency, payment_method, reference: order_id, attempt };
  return prepared === null ? request : { ...request, prepared };
}

/** How the provider knows the charge. */
function referenceOf(task: ChargeTask): string {
  return task.provider_reference ?? chargeKeyOf(task);
}
