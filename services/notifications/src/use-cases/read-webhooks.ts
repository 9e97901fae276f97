import { type Delivery, refusal, type Webhook } from '@souk/contracts';
import type { NotificationsContext } from '../context.ts';
import { presentWebhook } from '../domain/present-webhook.ts';
import { type DeliveryPage, listDeliveries, type StoredDelivery } from '../store/deliveries.ts';
import { findWebhook, listWebhooks } from '../store/webhooks.ts';

export async function readWebhooks(
  { db }: NotificationsContext,
  page: { before: string | undefined; skip: number; limit: number },
): Promise<{ webhooks: Webhook[]; next: string | null }> {
  const rows = await listWebhooks(db, { ...page, limit: page.limit + 1 });
  const webhooks = rows.slice(0, page.limit).map(presentWebhook);
  return { webhooks, next: rows.length > page.limit ? (webhooks.at(-1)?.id ?? null) : null };
}

/** Refuses with `not_found`. */
export async function readWebhook({ db }: NotificationsContext, id: string): Promise<Webhook> {
  const row = await findWebhook(db, id);
  if (row === undefined) throw refusal('not_found', 'There is no such webhook.');
  return presentWebhook(row);
}

/** What was posted to a webhook. Refuses with `not_found`. */
export async function readDeliveries(
  ctx: NotificationsContext,
  webhook_id: string,
  page: DeliveryPage,
): Promise<{ deliveries: Delivery[]; next: DeliveryPage['before'] | null }> {
  await readWebhook(ctx, webhook_id);
  const rows = await listDeliveries(ctx.db, webhook_id, { ...page, limit: page.limit + 1 });
  const deliveries = rows.slice(0, page.limit);
  const last = deliveries.at(-1);
  const next = rows.length > page.limit && last ? { event_id: last.event_id, occurred_at: last.occurred_at } : null;
  return { deliveries: deliveries.map(presentDelivery), next };
}

/** What is over has no next attempt. */
function presentDelivery(row: StoredDelivery): Delivery {
  return row.status === 'pending' ? row : { ...row, next_attempt_at: null };
}
