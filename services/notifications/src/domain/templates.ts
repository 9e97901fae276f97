/** What people are told, for each event: Liquid templates, given the event, the person and the shop. */
export interface Template {
  subject: string;
  email: string;
  sms?: string;
}

const greeting = 'Hello {{ person.full_name }},\n\n';
const goodbye = '\n\nYour shop';

export const templates: Readonly<Record<string, Template>> = {
  'user.registered': {
    subject: 'Welcome, {{ person.full_name }}',
    email: `${greeting}your account is open. Your user name is {{ event.username }}.${goodbye}`,
  },
  'user.message_requested.verify_email': {
    subject: 'Please confirm your e-mail address',
    email: `${greeting}please confirm that this address is yours:\n\n{{ link }}\n\nIf you did not ask for this, there is nothing to do.${goodbye}`,
  },
  'user.message_requested.password_reset': {
    subject: 'Set a new password',
    email: `${greeting}with this link you can set a new password, once and within the next hour:\n\n{{ link }}\n\nIf you did not ask for this, there is nothing to do.${goodbye}`,
  },
  'order.confirmed': {
    subject: 'Your order is confirmed',
    email: `${greeting}thank you. Your order {{ event.order_id }} over {{ amount }} is confirmed; we are getting it ready.${goodbye}`,
  },
  'order.cancelled': {
    subject: 'Your order was cancelled',
    email: `${greeting}your order {{ event.order_id }} was cancelled{% if reason %}: {{ reason }}{% endif %}. What you have paid for it is given back.${goodbye}`,
  },
  'order.shipped': {
    subject: 'Your order is on its way',
    email: `${greeting}your order {{ event.order_id }} is on its way with {{ event.carrier }}. The number of the parcel is {{ event.tracking_number }}.${goodbye}`,
    sms: 'Your order is on its way with {{ event.carrier }}, parcel {{ event.tracking_number }}.',
  },
  'order.completed': {
    subject: 'Your order is complete',
    email: `${greeting}your order {{ event.order_id }} is complete. We hope to see you again.${goodbye}`,
  },
  'payment.refunded': {
    subject: 'Your money is on its way back',
    email: `${greeting}{{ amount }} for your order {{ event.order_id }} have been given back.${goodbye}`,
  },
};

const reasons: Readonly<Record<string, string>> = {
  out_of_stock: 'not everything in it was in stock',
  payment_declined: 'the payment was declined',
  stock_timeout: 'we could not check the stock in time',
  payment_timeout: 'the payment did not come in time',
  customer_request: 'you asked for it',
  staff_request: 'the shop had to cancel it',
};

/** The reason of a cancellation in words. */
export function reasonInWords(reason: unknown): string | undefined {
  return typeof reason === 'string' ? reasons[reason] : undefined;
}
