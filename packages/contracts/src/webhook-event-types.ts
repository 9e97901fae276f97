/** What a webhook may get: events of which a participant outside the shop can make something. */
export const webhookEventTypes = [
  'order.confirmed',
  'order.shipped',
  'order.completed',
  'order.cancelled',
  'payment.refunded',
  'user.registered',
  'user.updated',
  'user.deleted',
] as const;
