/**
 * The low watermark of a queue: everything that entered it before has been settled. The broker reports how many messages
 * are ready, not what they are, nothing of those in the hands of other consumers, and of delay queues only how many wait
 * in them. So the watermark is too low rather than too high:
 * - what this process holds, and what it has put into a delay queue, counts with its own time of entry;
 * - the watermark of a queue that is not empty is the last first attempt it delivered, for it is first in, first out;
 * - other consumers of the queue may hold a message for `othersHoldMs`;
 * - while delay queues hold more than this process put there, the rest may belong to this queue: the answer stands
 *   still, or follows by the longest life of a message, unless this process has been the only consumer for that long.
 */
import type { Delivery } from '../broker.ts';
import { retryDelaysMs } from '../consumer-runtime.ts';

export interface Probe {
  /** When it was asked, before any answer. */
  at: number;
  ready: number;
  consumers: number;
  /** Messages in all delay queues. */
  delayed: number;
  /** Of them, put there by any consumer of this process. */
  delayed_by_us: number;
}

export interface QueueWatermark {
  delivered(delivery: Delivery): void;
  /** Put into a delay queue; due at that time. */
  delayed(delivery: Delivery, due_at: number): void;
  probed(probe: Probe, oldest_in_hand: number): void;
  /** Detached, or something broke: nothing is known until attached long enough. */
  reset(): void;
  processedUntil(): number;
  /** Delayed by this consumer and not back yet. */
  waiting(now: number): number;
}

const othersHoldMs = 30_000;
/** A message may be handed to the broker this much later than its time of entry says, by a clock that is ahead, or in the window. */
const entrySlackMs = 2_000;
const rememberedMax = 50_000;
/** The last step is used by more than one attempt. */
const lifeMaxMs = retryDelaysMs.reduce((sum, delay_ms) => sum + delay_ms, 2 * (retryDelaysMs.at(-1) as number));

export function createQueueWatermark(): QueueWatermark {
  const out = new Map<string, { enqueued_at: number; due_at: number }>();
  let last_entry = 0;
  let processed_until = 0;
  let alone_since = Number.POSITIVE_INFINITY;
  let forgot = false;

  return {
    delivered(delivery) {
      if (delivery.message_id !== null && delivery.attempts > 0) out.delete(delivery.message_id);
      if (delivery.attempts === 0) last_entry = Math.max(last_entry, delivery.enqueued_at);
    },
    delayed({ message_id, enqueued_at }, due_at) {
      if (message_id === null || out.size >= rememberedMax) forgot = true;
      else out.set(message_id, { enqueued_at, due_at });
    },
    probed({ at, ready, consumers, delayed, delayed_by_us }, oldest_in_hand) {
      const alone = consumers <= 1 && !forgot;
      if (!alone) alone_since = Number.POSITIVE_INFINITY;
      else if (alone_since === Number.POSITIVE_INFINITY) alone_since = at;
      let bound = Math.min(ready === 0 ? at - entrySlackMs : last_entry - entrySlackMs, oldest_in_hand);
      for (const [id, { enqueued_at, due_at }] of out) {
        if (!alone && due_at + othersHoldMs < at) out.delete(id);
        else bound = Math.min(bound, enqueued_at);
      }
      if (!alone) bound = Math.min(bound, at - othersHoldMs);
      const foreign = delayed > delayed_by_us || forgot;
      if (foreign && at - alone_since < lifeMaxMs) bound = Math.min(bound, Math.max(processed_until, at - lifeMaxMs));
      processed_until = Math.max(0, bound);
      if (out.size === 0 && delayed === 0) forgot = false;
    },
    reset() {
      processed_until = 0;
      alone_since = Number.POSITIVE_INFINITY;
    },
    processedUntil: () => processed_until,
    waiting: (now) => [...out.values()].filter(({ due_at }) => due_at > now).length,
  };
}
