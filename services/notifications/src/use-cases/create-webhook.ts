import { refusal, type WebhookWithSecret, webhooksMax } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { NotificationsContext } from '../context.ts';
import { presentWebhook } from '../domain/present-webhook.ts';
import type { StoredWebhook } from '../domain/webhook.ts';
import { checkTarget } from '../domain/webhook-target.ts';
import { maintainDeliveries } from '../store/deliveries.ts';
import { countWebhooks, insertSecret, insertWebhook, lockWebhookList } from '../store/webhooks.ts';

type WantedWebhook = Pick<StoredWebhook, 'url' | 'event_types'> & { description?: string | undefined };

/** A webhook with its secret, which is answered here and kept sealed. Refuses with `webhook_target_refused`, `too_many_webhooks`. */
export async function createWebhook(ctx: NotificationsContext, created_by: string, wanted: WantedWebhook): Promise<WebhookWithSecret> {
  const url = checkTarget(wanted.url, ctx.config.webhook_allow_private);
  const { shown, sealed } = ctx.webhooks.secrets.create();
  const row = {
    id: ctx.ids.uuid(),
    url,
    description: wanted.description ?? '',
    event_types: wanted.event_types,
    created_by,
    created_at: timestamp(ctx.clock.now()),
  };
  // Before there is anything to write: a row cannot be written to a day while its partition is being made.
  await maintainDeliveries(ctx.db, ctx.clock.now());
  const webhook = await ctx.db.transaction(async (tx) => {
    await lockWebhookList(tx);
    if ((await countWebhooks(tx)) >= webhooksMax) throw refusal('too_many_webhooks', `A shop has at most ${webhooksMax} webhooks.`);
    const created = await insertWebhook(tx, row);
    await insertSecret(tx, ctx.ids.uuid(), row.id, sealed);
    return created;
  });
  ctx.wakeJob('keep-webhooks');
  return { ...presentWebhook(webhook), secret: shown };
}
