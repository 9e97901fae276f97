import type { Channel } from './required-interfaces.ts';

/** How a person is reached. */
export interface Contact {
  user_id: string;
  email: string | null;
  /** Its owner has confirmed it: it may be greeted by name, and be written to freely. */
  email_verified: boolean;
  full_name: string | null;
  phone: string | null;
  erased: boolean;
}

/** Events that are also notified by SMS, to those who gave a number. */
const sentBySms: ReadonlySet<string> = new Set(['order.shipped']);

export const erasedRecipient = 'erased';

/** The channels and addresses for an event. An erased person is sent nothing: one suppressed row says so. */
export function addressesFor(contact: Contact, event_type: string): { channel: Channel; recipient: string }[] {
  if (contact.erased || contact.email === null) return [{ channel: 'email', recipient: erasedRecipient }];
  const addresses: { channel: Channel; recipient: string }[] = [{ channel: 'email', recipient: contact.email }];
  if (contact.phone !== null && sentBySms.has(event_type)) addresses.push({ channel: 'sms', recipient: contact.phone });
  return addresses;
}
