import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import { EventId, NotificationId, Nullable, OrderId, Timestamp, UserId } from '../fields.ts';
import { idList } from './id-list.ts';

export const NotificationFailure = Type.Union(
  [
    Type.Literal('temporarily_unavailable'),
    Type.Literal('address_refused'),
    Type.Literal('link_expired'),
    Type.Literal('recipient_limit'),
    Type.Literal('recipient_erased'),
  ],
  { description: 'Why a message did not leave.' },
);
export const Notification = Type.Object(
  {
    id: NotificationId,
    event_id: EventId,
    event_type: Type.String(),
    user_id: UserId,
    order_id: Nullable(OrderId),
    channel: Type.Union([Type.Literal('email'), Type.Literal('sms')]),
    recipient: Type.String(),
    subject: Nullable(Type.String()),
    body: Type.String(),
    status: Type.Union([Type.Literal('pending'), Type.Literal('sent'), Type.Literal('failed'), Type.Literal('suppressed')]),
    attempts: Type.Integer(),
    failure_code: Nullable(NotificationFailure),
    failure: Nullable(Type.String({ description: 'Why it did not leave, in a sentence for its recipient.' })),
    failure_detail: Nullable(Type.String({ description: 'What the mail server or another service answered; for staff only.' })),
    created_at: Timestamp,
    sent_at: Nullable(Timestamp),
  },
  { title: 'Notification' },
);
export type Notification = Static<typeof Notification>;

/** Most messages about one order where many orders are asked for at once. */
export const messagesOfOrderMax = 10;

const byNotification = Type.Object({ notification_id: NotificationId });

export const getNotificationHistory = defineRoute({
  method: 'GET',
  path: '/api/notifications/history',
  service: 'notifications',
  summary: 'The last 100 own messages; staff see all',
  access: 'authenticated',
  scope: 'notifications:read',
  limit: 'read',
  query: Type.Object(
    {
      order_id: Type.Optional(OrderId),
      order_ids: Type.Optional(idList('orders', `The answer has the last ${messagesOfOrderMax} messages about each.`)),
      user_id: Type.Optional(UserId),
    },
    { additionalProperties: false },
  ),
  responses: { 200: Type.Object({ total: Type.Integer(), notifications: Type.Array(Notification) }) },
  errors: ['forbidden'],
});
export const getNotification = defineRoute({
  method: 'GET',
  path: '/api/notifications/{notification_id}',
  service: 'notifications',
  summary: 'One message',
  access: 'authenticated',
  scope: 'notifications:read',
  limit: 'read',
  params: byNotification,
  etag: true,
  responses: { 200: Notification },
});
export const resendNotification = defineRoute({
  method: 'POST',
  path: '/api/notifications/{notification_id}/resend',
  service: 'notifications',
  summary: 'Send a message again',
  access: 'staff',
  scope: 'notifications:write',
  limit: 'write',
  params: byNotification,
  body: Type.Optional(Type.Object({}, { additionalProperties: false })),
  responses: { 202: Notification },
  errors: ['notification_suppressed'],
});

export const notificationsRoutes = [getNotificationHistory, getNotification, resendNotification] as const;
