/** Messages about orders: one for each step that happened, to the owner of the order only. */
import type { MessageCount, NotificationRecord, OrderStatus, Suspicion } from '../audit-records.ts';
import { hasBeen, type KnownOrder, type OrderRecords } from './order-records.ts';
import { wasGiven } from './refund-fates.ts';

const steps = ['confirmed', 'shipped', 'completed', 'cancelled'] as const satisfies readonly OrderStatus[];
const mail = 'email';
const refund = 'payment.refunded';
const parcelSent = 'order.parcel_sent';
const returnUpdated = 'return.updated';

/** Finds steps of an order without a message, with several, and messages about steps that did not happen or to another user. */
export function checkMessages(order: KnownOrder, { order_messages, payment }: OrderRecords): Suspicion[] {
  const messages = order_messages?.messages ?? [];
  const found = [
    ...checkSteps(order, messages),
    ...checkParcelMessages(order, messages),
    ...checkReturnMessages(order, messages),
    ...checkRefunds(order, messages, payment?.refunds.filter(wasGiven).length ?? 0),
  ];
  for (const { event_id, event_type, channel, messages: count } of sentTwice(messages))
    found.push({ rule: 'told_twice', detail: `${count} messages for one ${event_type} by ${channel}`, ids: [order.order_id, event_id] });
  const foreign = messages.find((message) => message.user_id !== order.user_id);
  if (foreign) {
    const detail = `the order belongs to user ${order.user_id}, a message about ${foreign.event_type} went to user ${foreign.user_id}`;
    found.push({ rule: 'user_differs', detail, ids: [order.order_id, foreign.event_id] });
  }
  return found;
}

/** Messages of one event by one channel to one user, however many lines say so. */
function sentTwice(messages: readonly MessageCount[]): MessageCount[] {
  if (messages.length === 1 && messages[0]?.messages === 1) return [];
  const counts = new Map<string, MessageCount>();
  for (const message of messages) {
    const key = [message.event_id, message.event_type, message.channel, message.user_id].join();
    const before = counts.get(key);
    counts.set(key, before === undefined ? message : { ...before, messages: before.messages + message.messages });
  }
  return [...counts.values()].filter((message) => message.messages > 1);
}

function checkSteps(order: KnownOrder, messages: readonly MessageCount[]): Suspicion[] {
  const found: Suspicion[] = [];
  const ids = [order.order_id];
  const missing: string[] = [];
  for (const step of steps) {
    const event_type = `order.${step}`;
    const happened = hasBeen(order, step);
    const of_step = messages.filter((message) => message.event_type === event_type);
    if (happened && !of_step.some(({ channel }) => channel === mail)) missing.push(event_type);
    if (of_step.length === 0) continue;
    const events = new Set(of_step.map(({ event_id }) => event_id)).size;
    if (!happened) found.push({ rule: 'message_without_cause', detail: `a message says ${event_type}; the order is ${order.status}`, ids });
    else if (events > 1) found.push({ rule: 'told_twice', detail: `${events} different events of type ${event_type} have messages`, ids });
  }
  if (missing.length > 0)
    found.push({ rule: 'never_told', detail: `order is ${order.status}, without a message for ${missing.join(', ')}`, ids });
  return found;
}

/** The first parcel is the shipment; each further one has a message of its own. */
function checkParcelMessages(order: KnownOrder, messages: readonly MessageCount[]): Suspicion[] {
  const further = Math.max(0, (order.parcels ?? []).length - 1);
  const notified = mailedEvents(messages, parcelSent);
  if (notified === further) return [];
  const rule = notified < further ? 'never_told' : 'message_without_cause';
  return [{ rule, detail: `${further} further parcels were sent, ${notified} have a message`, ids: [order.order_id] }];
}

/** Each state of a return of which its customer is notified has one message. */
function checkReturnMessages({ order_id, returns = [] }: KnownOrder, messages: readonly MessageCount[]): Suspicion[] {
  const announced = returns.reduce((sum, one) => sum + (one.announced ?? []).length, 0);
  const notified = mailedEvents(messages, returnUpdated);
  if (notified === announced) return [];
  const rule = notified < announced ? 'never_told' : 'message_without_cause';
  return [{ rule, detail: `${announced} states of returns were announced, ${notified} have a message`, ids: [order_id] }];
}

/** How many events of a type have a mail. */
function mailedEvents(messages: readonly MessageCount[], event_type: string): number {
  const mails = messages.filter((message) => message.event_type === event_type && message.channel === mail);
  return new Set(mails.map(({ event_id }) => event_id)).size;
}

function checkRefunds(order: KnownOrder, messages: readonly MessageCount[], done: number): Suspicion[] {
  const order_messages = mailedEvents(messages, refund);
  if (order_messages === done) return [];
  const rule = order_messages < done ? 'never_told' : 'message_without_cause';
  return [{ rule, detail: `${done} refunds are done, ${order_messages} have a message`, ids: [order.order_id] }];
}

/** Finds an event with several messages by one channel. Messages about an order are judged with the order. */
export function checkNotification(record: NotificationRecord): Suspicion[] {
  if (record.count === 1) return [];
  return [
    { rule: 'told_twice', detail: `${record.count} messages for one ${record.event_type} by ${record.channel}`, ids: [record.event_id] },
  ];
}
