/** Addresses outside the shop to which it posts what has happened, as Standard Webhooks describes. */
import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import {
  EventId,
  GivenTimestamp,
  Nullable,
  Timestamp,
  UserId,
  Version,
  WebhookDescription,
  WebhookEventType,
  WebhookId,
  WebhookSecret,
  WebhookUrl,
} from '../fields.ts';
import { paging } from './paging.ts';

export { webhookEventTypes } from '../webhook-event-types.ts';

/** Most webhooks of a shop. */
export const webhooksMax = 50;
/** Most secrets of a webhook that sign at one time. */
export const webhookSecretsMax = 5;
/** Most deliveries that one replay sends again. */
export const replayedDeliveriesMax = 10_000;

const EventTypes = Type.Array(WebhookEventType, { minItems: 1, maxItems: 20, uniqueItems: true, description: 'What is posted to it.' });

const shown = {
  id: WebhookId,
  url: WebhookUrl,
  description: WebhookDescription,
  event_types: EventTypes,
  status: Type.Union([Type.Literal('active'), Type.Literal('paused'), Type.Literal('disabled')], {
    description: 'A paused one collects deliveries and gets them when it is active again; a disabled one gets no new ones.',
  }),
  disabled_reason: Nullable(
    Type.Union([Type.Literal('gone'), Type.Literal('failing')], {
      description: 'It answered 410, or had no success for five days.',
    }),
  ),
  failing_since: Nullable(Timestamp),
  last_success_at: Nullable(Timestamp),
  version: Version,
  created_by: UserId,
  created_at: Timestamp,
  updated_at: Timestamp,
};

export const Webhook = Type.Object(shown, { title: 'Webhook' });
export type Webhook = Static<typeof Webhook>;

export const WebhookWithSecret = Type.Object({ ...shown, secret: WebhookSecret }, { title: 'WebhookWithSecret' });
export type WebhookWithSecret = Static<typeof WebhookWithSecret>;

export const Delivery = Type.Object(
  {
    event_id: EventId,
    event_type: Type.String({ description: 'What is posted.' }),
    status: Type.Union([Type.Literal('pending'), Type.Literal('delivered'), Type.Literal('failed')]),
    attempts: Type.Integer({ minimum: 0, description: 'How often it was posted since it was due first, or was replayed.' }),
    last_status: Nullable(Type.Integer({ description: 'HTTP status of the last answer; null where there was none.' })),
    last_failure: Nullable(
      Type.Union(
        [
          Type.Literal('status_refused'),
          Type.Literal('timeout'),
          Type.Literal('connection_failed'),
          Type.Literal('name_unknown'),
          Type.Literal('target_refused'),
          Type.Literal('secret_unreadable'),
        ],
        { description: 'Why the last attempt failed; target_refused: the name leads to an address that is not public.' },
      ),
    ),
    next_attempt_at: Nullable(Timestamp),
    occurred_at: Timestamp,
    delivered_at: Nullable(Timestamp),
  },
  { title: 'Delivery' },
);
export type Delivery = Static<typeof Delivery>;

const byWebhook = Type.Object({ webhook_id: WebhookId });
const empty = Type.Optional(Type.Object({}, { additionalProperties: false }));
const strict = { additionalProperties: false };

export const createWebhook = defineRoute({
  method: 'POST',
  path: '/api/webhooks',
  service: 'notifications',
  summary: 'Have events posted to an address; answers its secret, once',
  access: 'admin',
  limit: 'write',
  body: Type.Object(
    { url: WebhookUrl, event_types: EventTypes, description: Type.Optional(WebhookDescription) },
    { ...strict, title: 'CreateWebhook' },
  ),
  location: true,
  responses: { 201: WebhookWithSecret },
  errors: ['webhook_target_refused', 'too_many_webhooks'],
});
export const listWebhooks = defineRoute({
  method: 'GET',
  path: '/api/webhooks',
  service: 'notifications',
  summary: 'All webhooks, without their secrets',
  access: 'admin',
  limit: 'read',
  query: Type.Object({ ...paging }, strict),
  responses: { 200: Type.Array(Webhook) },
  errors: ['cursor_invalid'],
});
export const getWebhook = defineRoute({
  method: 'GET',
  path: '/api/webhooks/{webhook_id}',
  service: 'notifications',
  summary: 'One webhook',
  access: 'admin',
  limit: 'read',
  params: byWebhook,
  etag: true,
  responses: { 200: Webhook },
});
export const changeWebhook = defineRoute({
  method: 'PATCH',
  path: '/api/webhooks/{webhook_id}',
  service: 'notifications',
  summary: 'Change, pause or resume a webhook',
  access: 'admin',
  limit: 'write',
  params: byWebhook,
  body: Type.Object(
    {
      url: Type.Optional(WebhookUrl),
      event_types: Type.Optional(EventTypes),
      description: Type.Optional(WebhookDescription),
      status: Type.Optional(Type.Union([Type.Literal('active'), Type.Literal('paused')])),
    },
    { ...strict, minProperties: 1, title: 'ChangeWebhook' },
  ),
  etag: true,
  responses: { 200: Webhook },
  errors: ['webhook_target_refused', 'precondition_failed'],
});
export const deleteWebhook = defineRoute({
  method: 'DELETE',
  path: '/api/webhooks/{webhook_id}',
  service: 'notifications',
  summary: 'End a webhook; what is not delivered yet never is',
  access: 'admin',
  limit: 'write',
  params: byWebhook,
  responses: { 204: null },
  errors: ['precondition_failed'],
});
export const rotateWebhookSecret = defineRoute({
  method: 'POST',
  path: '/api/webhooks/{webhook_id}/rotate',
  service: 'notifications',
  summary: 'Give a webhook a new secret, once; the old ones sign too for 24 hours',
  access: 'admin',
  limit: 'write',
  params: byWebhook,
  body: empty,
  responses: { 200: WebhookWithSecret },
  errors: ['too_many_webhook_secrets', 'precondition_failed'],
});
export const pingWebhook = defineRoute({
  method: 'POST',
  path: '/api/webhooks/{webhook_id}/ping',
  service: 'notifications',
  summary: 'Post webhook.ping to it, as any event is posted',
  access: 'admin',
  limit: 'write',
  params: byWebhook,
  body: empty,
  responses: { 202: Delivery },
  errors: ['webhook_not_active'],
});
export const listDeliveries = defineRoute({
  method: 'GET',
  path: '/api/webhooks/{webhook_id}/deliveries',
  service: 'notifications',
  summary: 'What was posted to a webhook in the last 30 days, newest first',
  access: 'admin',
  limit: 'read',
  params: byWebhook,
  query: Type.Object({ ...paging, status: Type.Optional(Delivery.properties.status) }, strict),
  responses: { 200: Type.Array(Delivery) },
  errors: ['cursor_invalid'],
});
export const replayDeliveries = defineRoute({
  method: 'POST',
  path: '/api/webhooks/{webhook_id}/replay',
  service: 'notifications',
  summary: 'Post what happened between two times again, under the same ids',
  access: 'admin',
  limit: 'write',
  params: byWebhook,
  body: Type.Object(
    {
      since: GivenTimestamp,
      until: Type.Optional(GivenTimestamp),
      only_failed: Type.Optional(Type.Boolean({ description: 'Leave out what was delivered.' })),
    },
    { ...strict, title: 'ReplayDeliveries' },
  ),
  responses: {
    202: Type.Object({
      replayed: Type.Integer({ description: 'How many are posted again.' }),
      more: Type.Boolean({
        description: `These are as many as one replay takes (${replayedDeliveriesMax}, the oldest first): there may be more.`,
      }),
    }),
  },
  errors: ['webhook_not_active'],
});

/** Who is written to where something needs an administrator. */
export const listAdministrators = defineRoute({
  method: 'GET',
  path: '/internal/users/administrators',
  service: 'users',
  summary: 'The ids of the administrators, at most 100',
  access: 'internal',
  limit: 'none',
  responses: { 200: Type.Object({ user_ids: Type.Array(UserId) }) },
});

export const webhookRoutes = [
  createWebhook,
  listWebhooks,
  getWebhook,
  changeWebhook,
  deleteWebhook,
  rotateWebhookSecret,
  pingWebhook,
  listDeliveries,
  replayDeliveries,
  listAdministrators,
] as const;
