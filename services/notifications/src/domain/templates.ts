/** Which texts there are. Each has a subject, a text and an HTML part in each language; a missing file stops the start. */
export const templateNames = [
  'user.registered',
  'user.message_requested.verify_email',
  'user.message_requested.password_reset',
  'order.confirmed',
  'order.cancelled',
  'order.shipped',
  'order.parcel_sent',
  'order.completed',
  'order.link_requested',
  'return.updated',
  'payment.refunded',
  'webhook.disabled',
] as const;

/** Those with a short text as well. */
export const shortTemplateNames = ['order.shipped'] as const;

/** Where what an order holds is put in when the message leaves: a line of its own, and a comment, neither of which a name can be. */
export const orderMark = { text: '(order)', html: '<!--order-->' } as const;

/** Where a mail about an order has a link that opens it, provided there is a page that it leads to. */
const withOrderLink: ReadonlySet<string> = new Set(['order.confirmed', 'order.shipped', 'return.updated', 'payment.refunded']);

/** Whether a mail about this event is sent with a link to its order. */
export function linksToOrder(event_type: string, has_pages: boolean): boolean {
  return event_type === 'order.link_requested' || (has_pages && withOrderLink.has(event_type));
}
