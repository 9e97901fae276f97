/**
 * A request that is published once more, after a restore, may come from an order that never received how its payment ended: the
 * end is published again, as is the page that its customer was sent to. A payment that is still under way ends by itself.
 */
import type { EventOf, paymentRequested } from '@souk/contracts';
import { causeOf } from '@souk/messaging';
import type { Tx } from '@souk/postgres';
import type { PaymentsContext } from '../context.ts';
import { paymentIdOf } from '../domain/payment.ts';
import { lockPayments } from '../store/payments.ts';
import { actionRequired, processed } from './announce.ts';

export async function answerRepublished(ctx: PaymentsContext, tx: Tx, known: readonly EventOf<typeof paymentRequested>[]): Promise<void> {
  const asked = new Map(known.filter(({ metadata }) => metadata.republished === true).map((event) => [event.order_id, event]));
  if (asked.size === 0) return;
  const payments = await lockPayments(tx, [...asked.keys()].map(paymentIdOf));
  await ctx.outbox.append(
    tx,
    payments.flatMap((payment) => {
      const event = asked.get(payment.order_id);
      if (event === undefined) return [];
      if (payment.status === 'captured')
        return [processed(payment, { status: 'succeeded', charge: payment.provider_reference ?? '' }, causeOf(event))];
      if (payment.action_until !== null && payment.cancel_reason === null)
        return [actionRequired(payment, { until_ms: Date.parse(payment.action_until) }, causeOf(event))];
      if (payment.status !== 'declined' || payment.decline_code === null) return [];
      return [processed(payment, { status: 'declined', decline_code: payment.decline_code }, causeOf(event))];
    }),
  );
}
