/** Writes down what staff did, in the transaction that does it. */
import type { ShopAction } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { Cause } from '@souk/messaging';
import type { Tx } from '@souk/postgres';
import type { OrdersContext } from '../context.ts';
import { insertShopAction } from '../store/shop-actions.ts';

export type ActionNote = Pick<ShopAction, 'subject' | 'action' | 'subject_id' | 'label'>;

export async function noteAction(ctx: OrdersContext, tx: Tx, note: ActionNote, { actor = 'system' }: Cause): Promise<void> {
  await insertShopAction(tx, { id: ctx.ids.uuid(), at: timestamp(ctx.clock.now()), actor, ...note });
}
