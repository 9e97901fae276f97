/** What is published about a return, always under the same ids: when it happens, and once more after a restore. */
import { refundRequested, returnReceived, returnUpdated } from '@souk/contracts';
import { derivedUuidBeside, toMajor } from '@souk/kernel';
import { type Cause, draft, type EventDraft } from '@souk/messaging';
import type { Republisher } from '@souk/service-kit';
import type { OrdersContext } from '../context.ts';
import { announcedItems, type ReturnRecord, type ReturnState } from '../domain/return.ts';
import { changedReturns } from '../store/returns.ts';

/** Pieces that are sold again go back into stock; none where all are written off. */
export function receivedDrafts({ id: return_id, order_id, items }: ReturnRecord, cause: Cause): EventDraft[] {
  const restocked = items.filter(({ restock }) => restock > 0).map(({ product_id, restock }) => ({ product_id, quantity: restock }));
  const event_id = derivedUuidBeside(return_id, returnReceived.event_type);
  return restocked.length === 0 ? [] : [draft(returnReceived, { return_id, order_id, items: restocked }, cause, event_id)];
}

/** Asks `payments` for the money of a return, once its refund is decided. */
export function refundDrafts({ id: return_id, order_id, number, currency, refund }: ReturnRecord, cause: Cause): EventDraft[] {
  if (refund === null || refund.refund_id === null) return [];
  const { refund_id, amount } = refund;
  const reason = refund.reason ?? `return ${number}`;
  const event_id = derivedUuidBeside(refund_id, refundRequested.event_type);
  return [draft(refundRequested, { refund_id, order_id, return_id, amount: toMajor(amount, currency), currency, reason }, cause, event_id)];
}

interface NamedOrder {
  order_number: string;
  locale: string | null;
}

/** Notifies the customer of a state, under one id whenever it is published. */
export function updatedDraft({ order_number, locale }: NamedOrder, record: ReturnRecord, state: ReturnState, cause: Cause): EventDraft {
  const { id: return_id, number: return_number, order_id, user_id, items } = record;
  const names = { return_id, return_number, order_id, order_number, user_id, ...(locale !== null && { locale }) };
  const event_id = derivedUuidBeside(return_id, `${returnUpdated.event_type}.${state}`);
  return draft(returnUpdated, { ...names, state, items: announcedItems(items, state) }, cause, event_id);
}

/** What arrived since then is in stock again and its money is on its way, whatever the others lost. A refund that was refused is not asked for again. So are the states of which customers were notified. */
export const republishReturns: Republisher<OrdersContext> = async (ctx, tx, page) => {
  const returns = await changedReturns(tx, page);
  const drafts = returns.flatMap((record) => {
    const cause: Cause = { correlation_id: ctx.ids.uuid(), actor: 'system' };
    const news = record.announced.map((state) => updatedDraft(record, record, state as ReturnState, cause));
    return [...receivedDrafts(record, cause), ...(record.state === 'received' ? [] : refundDrafts(record, cause)), ...news];
  });
  return { drafts, next: returns.length === page.limit ? returns.at(-1)?.id : undefined };
};
