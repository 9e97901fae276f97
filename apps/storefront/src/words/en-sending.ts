/** What is said of parcels, and of goods that come back. */
import { formatPlural } from '@souk/ui';

const counted = (count: number, one: string, other: string): string => formatPlural('en-GB', count, { one, other });

export const enSending = {
  parcels: {
    title: (number: number) => `Parcel ${number}`,
    with: (carrier: string, tracking: string) => `With ${carrier}, number ${tracking}`,
    follow: 'Follow this parcel',
    sent: 'Sent',
    delivered: 'Delivered',
    on_its_way: 'On its way',
    partial: 'The rest is sent in another parcel.',
  },
  returns: {
    heading: 'Sent back',
    title: (number: string) => `Return ${number}`,
    state: {
      requested: 'Asked for; the shop answers soon',
      approved: 'Agreed; please send it back',
      received: 'Arrived; the money follows',
      refunding: 'The money is being given back',
      refunded: 'The money is given back',
      rejected: 'Not agreed',
      closed: 'Closed: nothing arrived',
    },
    away: 'Whether something was sent back cannot be read at the moment.',
    begin: 'Send something back',
    page: (number: string) => `Send something of order ${number} back`,
    lead: 'Choose how many pieces of each you want to send back. The shop answers by mail; nothing is given back before the goods have arrived.',
    most: (count: number) => counted(count, 'of # piece', 'of # pieces'),
    reason: 'Why',
    reason_hint: 'optional, such as: too small',
    send: 'Ask to send it back',
    nothing_left: 'Nothing of this order can be sent back now: it was not sent yet, or all of it is on its way back.',
    to_order: 'Back to the order',
    notice: {
      nothing: 'Please choose at least one piece.',
      too_many: 'That is more than can come back now. Please check the numbers.',
      away: 'The shop does not answer at the moment, so it is not known whether this arrived. Press again in a minute: it is never announced twice.',
    },
  },
};
