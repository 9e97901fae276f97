import {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  getWebhook,
  listDeliveries,
  listWebhooks,
  pingWebhook,
  replayDeliveries,
  rotateWebhookSecret,
} from '@souk/contracts';
import { isInstant, isUuid } from '@souk/kernel';
import { answer, encodeCursor, noContent, page, type ServedRoute, serve } from '@souk/service-kit';
import type { NotificationsContext } from '../context.ts';
import {
  changeWebhook as change,
  pingWebhook as ping,
  deleteWebhook as remove,
  replayDeliveries as replay,
  rotateSecret,
} from '../use-cases/change-webhook.ts';
import { createWebhook as create } from '../use-cases/create-webhook.ts';
import { readDeliveries, readWebhook, readWebhooks } from '../use-cases/read-webhooks.ts';

/** Secrets. */
const unkept = { headers: { 'cache-control': 'no-store' } };

export const webhookHttpRoutes: readonly ServedRoute<NotificationsContext>[] = [
  serve(createWebhook, async (ctx: NotificationsContext, { caller, body }) => {
    const created = await create(ctx, caller.user_id, body);
    return answer(201, created, { ...unkept, location: `/api/webhooks/${created.id}` });
  }),

  serve(listWebhooks, async (ctx: NotificationsContext, { query }) => {
    const { limit, skip, after } = page(query, isId);
    const { webhooks, next } = await readWebhooks(ctx, { before: after, skip, limit });
    return answer(200, webhooks, { next_cursor: next ? encodeCursor(next) : null });
  }),

  serve(getWebhook, async (ctx: NotificationsContext, { params }) => {
    const webhook = await readWebhook(ctx, params.webhook_id);
    return answer(200, webhook, { etag: webhook.version });
  }),

  serve(changeWebhook, async (ctx: NotificationsContext, request) => {
    const webhook = await change(ctx, request.params.webhook_id, request.body, request);
    return answer(200, webhook, { etag: webhook.version });
  }),

  serve(deleteWebhook, async (ctx: NotificationsContext, request) => {
    await remove(ctx, request.params.webhook_id, request);
    return noContent();
  }),

  serve(rotateWebhookSecret, async (ctx: NotificationsContext, request) =>
    answer(200, await rotateSecret(ctx, request.params.webhook_id, request), unkept),
  ),

  serve(pingWebhook, async (ctx: NotificationsContext, { params }) => answer(202, await ping(ctx, params.webhook_id))),

  serve(listDeliveries, async (ctx: NotificationsContext, { params, query }) => {
    const { limit, skip, after } = page(query, isPlace);
    const { deliveries, next } = await readDeliveries(ctx, params.webhook_id, { status: query.status, before: after, skip, limit });
    return answer(200, deliveries, { next_cursor: next ? encodeCursor(next) : null });
  }),

  serve(replayDeliveries, async (ctx: NotificationsContext, { params, body }) => answer(202, await replay(ctx, params.webhook_id, body))),
];

function isId(value: unknown): value is string {
  return typeof value === 'string' && isUuid(value);
}

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?Z$/;

function isPlace(value: unknown): value is { event_id: string; occurred_at: string } {
  const { event_id, occurred_at } = (value ?? {}) as { event_id?: unknown; occurred_at?: unknown };
  return isId(event_id) && typeof occurred_at === 'string' && instant.test(occurred_at) && isInstant(occurred_at);
}
