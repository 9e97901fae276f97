/**
 * One bound for all bytes of bodies and answers that the gateway holds for its clients. A connection to a service is
 * then never held at the pace of a client: what fits is taken into memory at once, and when the memory is used up the
 * clients that have made it wait longest lose their place first.
 */

import { createLinkedList, type ListNode } from '@souk/kernel';

/** An exchange that holds bytes for its client. */
export interface BufferHolder {
  /** The budget's own: what the holder holds. */
  held?: ListNode<Held> | undefined;
  /** Ends the exchange, because the memory is needed for others. False when it does not wait for its client any more. */
  evict(): boolean;
}

export interface BufferBudget {
  /** Sets how many bytes the holder holds now. False when there is no room, also not after evicting those that wait for long. */
  hold(holder: BufferHolder, bytes: number): boolean;
  /** Everything the holder held is free again; nothing when it holds nothing. */
  release(holder: BufferHolder): void;
  /** Bytes held at the moment. */
  used(): number;
}

export interface BufferBudgetOptions {
  bytes_max: number;
  /** A holder of bytes for less than this is not evicted. */
  evicted_after_ms: number;
  now(): number;
}

export interface Held {
  readonly holder: BufferHolder;
  bytes: number;
  readonly since: number;
}

export function createBufferBudget({ bytes_max, evicted_after_ms, now }: BufferBudgetOptions): BufferBudget {
  // In the order of the first byte held: the front has waited longest.
  const holds = createLinkedList<Held>();
  let used = 0;

  const release = (holder: BufferHolder): void => {
    if (holder.held === undefined) return;
    used -= holder.held.value.bytes;
    holds.remove(holder.held);
    holder.held = undefined;
  };
  const makeRoom = (wanted: number, for_holder: BufferHolder): void => {
    const evicted_before = now() - evicted_after_ms;
    for (const { holder, since } of holds.values()) {
      if (used + wanted <= bytes_max || since > evicted_before) return;
      if (holder !== for_holder && holder.evict()) release(holder);
    }
  };

  return {
    hold(holder, bytes) {
      const held = holder.held?.value;
      const more = bytes - (held?.bytes ?? 0);
      if (more > 0 && used + more > bytes_max) makeRoom(more, holder);
      if (more > 0 && used + more > bytes_max) return false;
      used += more;
      if (held) held.bytes = bytes;
      else holder.held = holds.add({ holder, bytes, since: now() });
      return true;
    },
    release,
    used: () => used,
  };
}
