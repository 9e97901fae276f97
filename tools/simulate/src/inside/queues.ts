/** What waits in the queues of a run, and what others see of it. */
import type { ConsumeOptions, Delivery, Outgoing, QueueStats } from '@souk/messaging';
import type { Life } from './world.ts';

export interface Message {
  readonly outgoing: Outgoing;
  readonly enqueued_at: number;
  attempts: number;
  headers: Readonly<Record<string, string>>;
  visible_at: number;
  redelivered: boolean;
  /** Whether it waits for another attempt. */
  delayed: boolean;
  in_hand: boolean;
}

export interface Consumer {
  readonly life: Life;
  readonly options: ConsumeOptions;
  busy: boolean;
  closed: boolean;
  failures: number;
  attached_since: number;
  in_hand: readonly Message[];
}

export interface Queue {
  readonly name: string;
  messages: Message[];
  consumers: Consumer[];
}

export function asDelivery({ outgoing, headers, attempts, enqueued_at, redelivered }: Message): Delivery {
  return {
    message_id: outgoing.message_id,
    routing_key: outgoing.routing_key,
    body: outgoing.body,
    content_type: 'application/json',
    headers,
    attempts,
    enqueued_at: Math.floor(enqueued_at),
    redelivered,
  };
}

export function statsOf({ name, messages }: Queue, now_ms: number): QueueStats {
  const delayed = messages.filter((message) => message.delayed).length;
  const oldest = Math.min(now_ms, ...messages.map(({ enqueued_at }) => enqueued_at));
  const in_hand = messages.filter((message) => message.in_hand).length;
  return { queue: name, ready: messages.length - delayed, in_hand, delayed, oldest_age_s: (now_ms - oldest) / 1_000 };
}

export function nameOf({ outgoing, redelivered, attempts }: Message): string {
  return `${outgoing.routing_key} ${subjectOf(outgoing)}${redelivered || attempts > 0 ? ' (again)' : ''}`;
}

/** What the message is about, as the trace calls it. */
export function subjectOf({ body }: Outgoing): string {
  const { order_id, product_id, user_id } = JSON.parse(body) as Record<string, string | undefined>;
  return `…${(order_id ?? product_id ?? user_id ?? '').slice(-6)}`;
}
