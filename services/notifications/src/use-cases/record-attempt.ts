import { timestamp } from '@souk/kernel';
import type { Tx } from '@souk/postgres';
import type { NotificationsContext } from '../context.ts';
import { type AttemptResult, deliveryAfter, isSuccess, webhookAfterFailure } from '../domain/webhook.ts';
import { type ClaimedDelivery, saveOutcome } from '../store/deliveries.ts';
import { lockWebhook, noteFailure, noteSuccess } from '../store/webhooks.ts';

const minuteMs = 60_000;
const outcomes = { delivered: 'delivered', pending: 'retried', failed: 'failed' } as const;

/** Writes down what came of an attempt, with what that means for the webhook; nothing where another process has the delivery meanwhile. */
export async function recordAttempt(ctx: NotificationsContext, delivery: ClaimedDelivery, result: AttemptResult): Promise<void> {
  const now_ms = ctx.clock.now();
  const change = deliveryAfter(delivery.attempts, result, now_ms, ctx.webhooks.random());
  const { next_attempt_at_ms, ...rest } = change;
  const now = timestamp(now_ms);
  await ctx.db.transaction(async (tx) => {
    if (isSuccess(result)) await noteSuccess(tx, delivery.webhook_id, { now, minute_ago: timestamp(now_ms - minuteMs) });
    else await fail(ctx, tx, delivery, result, now_ms);
    if (await saveOutcome(tx, delivery, { ...rest, next_attempt_at: timestamp(next_attempt_at_ms) }, now))
      tx.onCommit(() => ctx.metrics.count('souk_webhook_deliveries_total', { outcome: outcomes[change.status] }));
  });
}

async function fail(
  ctx: NotificationsContext,
  tx: Tx,
  { webhook_id }: ClaimedDelivery,
  result: AttemptResult,
  now_ms: number,
): Promise<void> {
  const webhook = await lockWebhook(tx, webhook_id);
  if (webhook === undefined) return;
  const failing_since_ms = webhook.failing_since === null ? null : Date.parse(webhook.failing_since);
  const { held_until_ms, failing_since_ms: since_ms, ...change } = webhookAfterFailure({ ...webhook, failing_since_ms }, result, now_ms);
  const held_until = held_until_ms === null ? null : timestamp(held_until_ms);
  await noteFailure(tx, webhook_id, { ...change, failing_since: timestamp(since_ms), held_until }, timestamp(now_ms));
  if (change.status !== 'disabled' || webhook.status === 'disabled') return;
  tx.onCommit(() => {
    ctx.log.warn({ webhook_id, reason: change.disabled_reason }, 'a webhook was disabled; administrators are written to');
    ctx.wakeJob('keep-webhooks');
  });
}
