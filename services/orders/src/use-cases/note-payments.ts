/** What went wrong with money after it was taken or given back, as lines of the history: the order itself does not change. */
import type { EventOf, paymentDisputed, paymentRefundFailed } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { Tx } from '@souk/postgres';
import type { OrdersContext } from '../context.ts';
import { addNotes, type OrderNote } from '../store/history.ts';

type Noted = EventOf<typeof paymentDisputed> | EventOf<typeof paymentRefundFailed>;

export async function notePayments(ctx: OrdersContext, tx: Tx, events: readonly Noted[]): Promise<void> {
  const at = timestamp(ctx.clock.now());
  await addNotes(
    tx,
    events.map((event): OrderNote => {
      const { order_id, event_type: cause, event_id: cause_id } = event;
      return { order_id, at, cause, cause_id, ...noteOf(event) };
    }),
  );
}

const words = {
  inquiry: "the customer's bank asks about",
  closed: "the customer's bank has asked about, and takes nothing of,",
  open: "the customer's bank holds back",
  won: "the customer's bank gave back to the shop",
  lost: "the customer's bank took for good",
} as const;

function noteOf(event: Noted): Pick<OrderNote, 'note' | 'note_key'> {
  const sum = `${event.amount} ${event.currency}`;
  if (event.event_type === 'payment.refund_failed')
    return { note: `a refund of ${sum} failed (${event.code})`, note_key: `refund_failed:${event.refund_id}` };
  const { dispute_id, state } = event;
  return { note: `${words[state]} ${sum} (dispute ${state})`, note_key: `dispute:${dispute_id}:${state}` };
}
