import type { Channel } from './ports.ts';

/** How a person is reached. */
export interface Contact {
  user_id: string;
  email: string | null;
  full_name: string | null;
  phone: string | null;
  erased: boolean;
}

/** Events that are also told by telephone, to those who gave a number. */
const toldBySms: ReadonlySet<string> = new Set(['order.shipped']);

export const erasedRecipient = 'erased';

/** By which channels, and where, a person hears of an event. An erased person hears nothing: one suppressed row says so. */
export function addressesFor(contact: Contact, event_type: string): { channel: Channel; recipient: string }[] {
  if (contact.erased || contact.email === null) return [{ channel: 'email', recipient: erasedRecipient }];
  const addresses: { channel: Channel; recipient: string }[] = [{ channel: 'email', recipient: contact.email }];
  if (contact.phone !== null && toldBySms.has(event_type)) addresses.push({ channel: 'sms', recipient: contact.phone });
  return addresses;
}
