/** Texts of notifications for each event: Liquid templates, given the event, the person and the shop. */
export interface Template {
  subject: string;
  email: string;
  sms?: string;
}

const greeting = '{{ greeting }},\n\n';
const goodbye = '\n\n{{ shop.name }}';
const secret = '{% if shop.has_pages %}link{% else %}code{% endif %}';
const unasked = 'If you did not ask for this, there is nothing to do.';

export const templates: Readonly<Record<string, Template>> = {
  'user.registered': {
    subject: 'Welcome',
    email: `${greeting}your account is open.${goodbye}`,
  },
  'user.message_requested.verify_email': {
    subject: 'Please confirm your e-mail address',
    email: `${greeting}please confirm with this ${secret} that this address is yours:\n\n{{ link }}\n\n${unasked}${goodbye}`,
  },
  'user.message_requested.password_reset': {
    subject: 'Set a new password',
    email: `${greeting}with this ${secret} you can set a new password, once and within the next hour:\n\n{{ link }}\n\n${unasked}${goodbye}`,
  },
  'order.confirmed': {
    subject: 'Your {{ order }} is confirmed',
    email: `${greeting}thank you. Your {{ order }} over {{ amount }} is confirmed; we are getting it ready.${goodbye}`,
  },
  'order.cancelled': {
    subject: 'Your {{ order }} was cancelled',
    email: `${greeting}your {{ order }} was cancelled{% if reason %}: {{ reason }}{% endif %}. {{ money }}${goodbye}`,
  },
  'order.shipped': {
    subject: 'Your {{ order }} is on its way',
    email: `${greeting}your {{ order }} is on its way with {{ event.carrier }}. The number of the parcel is {{ event.tracking_number }}.${goodbye}`,
    sms: 'Your {{ order }} is on its way with {{ event.carrier }}, parcel {{ event.tracking_number }}.',
  },
  'order.completed': {
    subject: 'Your {{ order }} is complete',
    email: `${greeting}your {{ order }} is complete. We hope to see you again.${goodbye}`,
  },
  'payment.refunded': {
    subject: 'Your money is on its way back',
    email: `${greeting}{{ amount }} for your {{ order }} have been given back.${goodbye}`,
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

const moneyWords: Readonly<Record<string, string>> = {
  not_taken: 'You have not been charged.',
  unknown: 'Should the payment have gone through nevertheless, it is given back.',
  taken: 'What you have paid for it is given back.',
};

/** Cancellations for these reasons come before any money was taken. */
const reasonsBeforeMoney: ReadonlySet<unknown> = new Set(['out_of_stock', 'payment_declined', 'stock_timeout']);

/** What a cancellation means for the customer's money; events from before say it by their reason only. */
export function moneyInWords(money: unknown, reason: unknown): string | undefined {
  if (money === undefined) return moneyWords[reasonsBeforeMoney.has(reason) ? 'not_taken' : 'unknown'];
  return typeof money === 'string' ? moneyWords[money] : undefined;
}
