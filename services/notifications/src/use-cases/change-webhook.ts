/** What administrators do with a webhook that is there. Each holds its row, so that two at once come one after the other. */
import { type Delivery, refusal, replayedDeliveriesMax, type Webhook, type WebhookWithSecret, webhookSecretsMax } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { Tx } from '@souk/postgres';
import { checkIfMatch } from '@souk/service-kit';
import type { NotificationsContext } from '../context.ts';
import { presentWebhook } from '../domain/present-webhook.ts';
import type { StoredWebhook } from '../domain/webhook.ts';
import { pingMessage } from '../domain/webhook-message.ts';
import { checkTarget } from '../domain/webhook-target.ts';
import { insertDelivery, replayDeliveries as replay } from '../store/deliveries.ts';
import { endSecret, insertSecret, lockWebhook, removeWebhook, saveWebhook } from '../store/webhooks.ts';
import { beginDelivering } from './write-deliveries.ts';

interface Conditional {
  readonly if_match: string | undefined;
}

type WebhookChanges = { [Member in 'url' | 'description' | 'event_types']?: StoredWebhook[Member] | undefined } & {
  status?: 'active' | 'paused' | undefined;
};

const oldSecretMs = 86_400_000;

async function locked(tx: Tx, id: string, condition?: Conditional): Promise<StoredWebhook> {
  const webhook = await lockWebhook(tx, id);
  if (webhook === undefined) throw refusal('not_found', 'There is no such webhook.');
  if (condition) checkIfMatch(condition, webhook.version);
  return webhook;
}

/** Refuses with `not_found`, `precondition_failed`, `webhook_target_refused`. */
export async function changeWebhook(
  ctx: NotificationsContext,
  id: string,
  changes: WebhookChanges,
  condition: Conditional,
): Promise<Webhook> {
  const { url = undefined, description, event_types, status } = changes;
  const target = url === undefined ? undefined : checkTarget(url, ctx.config.webhook_allow_private);
  const after = await ctx.db.transaction(async (tx) => {
    const before = await locked(tx, id, condition);
    const wanted = {
      id,
      url: target ?? before.url,
      description: description ?? before.description,
      event_types: event_types ?? before.event_types,
      status: status ?? before.status,
    };
    return saveWebhook(tx, wanted, timestamp(ctx.clock.now()));
  });
  beginDelivering(ctx);
  return presentWebhook(after);
}

/** Refuses with `not_found`, `precondition_failed`. */
export async function deleteWebhook(ctx: NotificationsContext, id: string, condition: Conditional): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    await locked(tx, id, condition);
    await removeWebhook(tx, id);
  });
}

/** A new secret; those before sign for a day more. Refuses with `not_found`, `precondition_failed`, `too_many_webhook_secrets`. */
export async function rotateSecret(ctx: NotificationsContext, id: string, condition: Conditional): Promise<WebhookWithSecret> {
  const { shown, sealed } = ctx.webhooks.secrets.create();
  const now_ms = ctx.clock.now();
  const now = timestamp(now_ms);
  const after = await ctx.db.transaction(async (tx) => {
    const before = await locked(tx, id, condition);
    const old = await endSecret(tx, id, { now, until: timestamp(now_ms + oldSecretMs) });
    if (old >= webhookSecretsMax)
      throw refusal('too_many_webhook_secrets', `At most ${webhookSecretsMax} secrets of a webhook sign at one time.`);
    await insertSecret(tx, ctx.ids.uuid(), id, sealed);
    return saveWebhook(tx, before, now);
  });
  return { ...presentWebhook(after), secret: shown };
}

/** Refuses with `not_found`, `webhook_not_active`. */
export async function pingWebhook(ctx: NotificationsContext, id: string): Promise<Delivery> {
  const now = timestamp(ctx.clock.now());
  const delivery = await ctx.db.transaction(async (tx) => {
    checkActive(await locked(tx, id));
    return insertDelivery(tx, id, pingMessage(ctx.ids.uuid(), id, now), now);
  });
  beginDelivering(ctx);
  return delivery;
}

/** Refuses with `not_found`, `webhook_not_active`. */
export async function replayDeliveries(
  ctx: NotificationsContext,
  id: string,
  { since, until, only_failed = false }: { since: string; until?: string | undefined; only_failed?: boolean | undefined },
): Promise<{ replayed: number; more: boolean }> {
  const now = timestamp(ctx.clock.now());
  const choice = { since, until: until ?? now, only_failed, now, most: replayedDeliveriesMax };
  const replayed = await ctx.db.transaction(async (tx) => {
    checkActive(await locked(tx, id));
    return replay(tx, id, choice);
  });
  beginDelivering(ctx);
  return { replayed, more: replayed === replayedDeliveriesMax };
}

function checkActive({ status }: StoredWebhook): void {
  if (status !== 'active') throw refusal('webhook_not_active', `The webhook is ${status}.`);
}
