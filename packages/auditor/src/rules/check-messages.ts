/** Messages about orders: one for each step that happened, to the owner of the order only. */
import type { MessageCount, NotificationRecord, OrderStatus, Suspicion } from '../audit-records.ts';
import { hasBeen, type KnownOrder, type OrderRecords } from './order-records.ts';

const steps = ['confirmed', 'shipped', 'completed', 'cancelled'] as const satisfies readonly OrderStatus[];
const mail = 'email';
const refund = 'payment.refunded';

/** Finds steps of an order without a message, with several, and messages about steps that did not happen or to another user. */
export function checkMessages(order: KnownOrder, { order_messages, payment }: OrderRecords): Suspicion[] {
  const messages = order_messages?.messages ?? [];
  const found = [
    ...checkSteps(order, messages),
    ...checkRefunds(order, messages, payment?.refunds.filter(({ status }) => status === 'done').length ?? 0),
  ];
  const twice = messages.filter((message) => message.messages > 1);
  for (const { event_id, event_type, channel, messages: count } of twice)
    found.push({ rule: 'told_twice', detail: `${count} messages for one ${event_type} by ${channel}`, ids: [order.order_id, event_id] });
  const foreign = messages.find((message) => message.user_id !== order.user_id);
  if (foreign) {
    const detail = `the order belongs to user ${order.user_id}, a message about ${foreign.event_type} went to user ${foreign.user_id}`;
    found.push({ rule: 'user_differs', detail, ids: [order.order_id, foreign.event_id] });
  }
  return found;
}

function checkSteps(order: KnownOrder, messages: readonly MessageCount[]): Suspicion[] {
  const found: Suspicion[] = [];
  const ids = [order.order_id];
  const missing: string[] = [];
  for (const step of steps) {
    const event_type = `order.${step}`;
    const events = new Set(messages.filter((message) => message.event_type === event_type).map((message) => message.event_id));
    const mailed = messages.some((message) => message.event_type === event_type && message.channel === mail);
    const happened = hasBeen(order, step);
    if (happened && !mailed) missing.push(event_type);
    if (!happened && events.size > 0)
      found.push({ rule: 'message_without_cause', detail: `a message says ${event_type}; the order is ${order.status}`, ids });
    else if (events.size > 1)
      found.push({ rule: 'told_twice', detail: `${events.size} different events of type ${event_type} have messages`, ids });
  }
  if (missing.length > 0)
    found.push({ rule: 'never_told', detail: `order is ${order.status}, without a message for ${missing.join(', ')}`, ids });
  return found;
}

function checkRefunds(order: KnownOrder, messages: readonly MessageCount[], done: number): Suspicion[] {
  const order_messages = new Set(
    messages.filter((message) => message.event_type === refund && message.channel === mail).map(({ event_id }) => event_id),
  ).size;
  if (order_messages === done) return [];
  const rule = order_messages < done ? 'never_told' : 'message_without_cause';
  return [{ rule, detail: `${done} refunds are done, ${order_messages} have a message`, ids: [order.order_id] }];
}

/** Finds an event with several messages by one channel. Messages about an order are judged with the order. */
export function checkNotification(record: NotificationRecord): Suspicion[] {
  if (record.count === 1 || record.order_id !== null) return [];
  return [
    { rule: 'told_twice', detail: `${record.count} messages for one ${record.event_type} by ${record.channel}`, ids: [record.event_id] },
  ];
}
