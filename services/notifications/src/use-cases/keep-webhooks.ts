/** What webhooks need now and then: partitions, the end of old secrets, and mail to administrators about those that were disabled. */
import { type AnyEvent, listAdministrators, refusal } from '@souk/contracts';
import { derivedUuid, timestamp } from '@souk/kernel';
import { callService } from '@souk/service-kit';
import type { NotificationsContext } from '../context.ts';
import { maintainDeliveries } from '../store/deliveries.ts';
import { type DisabledWebhook, disabledUnannounced, removeEndedSecrets, takeNotice, webhooksPresent } from '../store/webhooks.ts';
import { createNotifications } from './create-notifications.ts';
import { beginDelivering } from './write-deliveries.ts';

export async function keepWebhooks(ctx: NotificationsContext): Promise<void> {
  const { db, clock } = ctx;
  const { webhooks, deliveries } = await webhooksPresent(db);
  if (webhooks) beginDelivering(ctx);
  else ctx.webhooks.inFlight.present = false;
  if (!webhooks && !deliveries) return;
  await maintainDeliveries(db, clock.now());
  await removeEndedSecrets(db, timestamp(clock.now()));
  const disabled = await disabledUnannounced(db);
  if (disabled.length > 0) await announce(ctx, disabled);
}

async function announce(ctx: NotificationsContext, disabled: readonly DisabledWebhook[]): Promise<void> {
  const answer = await callService(ctx, ctx.config.users_url, listAdministrators, { internal: true });
  if (answer.status !== 200) throw refusal('service_unavailable', 'The administrators to be written to could not be read.');
  const { user_ids } = answer.body;
  for (const webhook of disabled) {
    await ctx.db.transaction(async (tx) => {
      if (!(await takeNotice(tx, webhook))) return;
      const events = user_ids.map((user_id) => noticeOf(webhook, user_id, timestamp(ctx.clock.now())));
      const unknown = await createNotifications(ctx, tx, events, ({ user_id }) => ({ user_id, order_number: null }));
      if (unknown.length > 0)
        ctx.log.warn({ administrators: unknown.length }, 'administrators without a known address were not written to');
    });
  }
}

function noticeOf({ id, url, disabled_reason, version }: DisabledWebhook, user_id: string, at: string): AnyEvent & { user_id: string } {
  const event_id = derivedUuid('webhook.disabled', `${id} ${version} ${user_id}`);
  return {
    event_id,
    event_type: 'webhook.disabled',
    timestamp: at,
    version: '1.0',
    correlation_id: event_id,
    metadata: {},
    user_id,
    host: new URL(url).host,
    reason: disabled_reason,
  };
}
