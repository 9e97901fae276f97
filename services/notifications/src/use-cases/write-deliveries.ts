import type { AnyEvent } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { Tx } from '@souk/postgres';
import type { NotificationsContext } from '../context.ts';
import { webhookMessagesOf } from '../domain/webhook-message.ts';
import { deliveriesKeptDays, insertDeliveries } from '../store/deliveries.ts';

const dayMs = 86_400_000;

/** Writes what is to be posted of these events, in the transaction that handles them; a repeat finds its rows. */
export async function writeDeliveries(ctx: NotificationsContext, tx: Tx, events: readonly AnyEvent[]): Promise<void> {
  const messages = webhookMessagesOf(events);
  if (messages.length === 0) return;
  const now = ctx.clock.now();
  const written = await insertDeliveries(tx, messages, { now: timestamp(now), since: timestamp(now - deliveriesKeptDays * dayMs) });
  if (written > 0) tx.onCommit(() => beginDelivering(ctx));
}

/** There is something to post; until then this process may not have known of any webhook. */
export function beginDelivering(ctx: NotificationsContext): void {
  ctx.webhooks.inFlight.present = true;
  ctx.wakeJob('deliver-webhooks');
}
