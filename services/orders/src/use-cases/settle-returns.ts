import type { EventOf, paymentRefunded, paymentRefundRefused } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { Tx } from '@souk/postgres';
import type { OrdersContext } from '../context.ts';
import { returnsOfRefunds, saveReturn } from '../store/returns.ts';

type Settled = EventOf<typeof paymentRefunded> | EventOf<typeof paymentRefundRefused>;

/** Ends returns whose money went back; one whose refund is refused can be refunded again. Other refunds belong to no return. */
export async function settleReturns(ctx: OrdersContext, tx: Tx, events: readonly Settled[]): Promise<void> {
  // A return knows the refund that it asked for, which may have failed and been made again as another one.
  const by_refund = new Map(events.map((event) => [askedFor(event), event]));
  const order_ids = [...new Set(events.map(({ order_id }) => order_id))];
  const updated_at = timestamp(ctx.clock.now());
  for (const record of await returnsOfRefunds(tx, order_ids, [...by_refund.keys()])) {
    // A repeat, or late: the refund has another id by now.
    if (record.state !== 'refunding') continue;
    const event = by_refund.get(record.refund?.refund_id ?? '');
    const state = event?.event_type === 'payment.refunded' ? 'refunded' : 'received';
    await saveReturn(tx, { ...record, state, version: record.version + 1, updated_at });
  }
}

function askedFor(event: Settled): string {
  return event.event_type === 'payment.refunded' ? (event.first_refund_id ?? event.refund_id) : event.refund_id;
}
