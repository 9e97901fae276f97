/**
 * One bound for all bytes of bodies and answers that the gateway holds for its clients. A connection to a service is
 * then never held at the pace of a client: what fits is taken into memory at once, and when the memory is used up the
 * clients that have made it wait longest lose their place first.
 */

/** An exchange that holds bytes for its client. */
export interface BufferHolder {
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

interface Held {
  bytes: number;
  readonly since: number;
}

export function createBufferBudget({ bytes_max, evicted_after_ms, now }: BufferBudgetOptions): BufferBudget {
  // In the order of the first byte held: the front has waited longest.
  const holders = new Map<BufferHolder, Held>();
  let used = 0;

  const release = (holder: BufferHolder): void => {
    used -= holders.get(holder)?.bytes ?? 0;
    holders.delete(holder);
  };
  const makeRoom = (wanted: number, for_holder: BufferHolder): void => {
    const evicted_before = now() - evicted_after_ms;
    for (const [holder, { since }] of holders) {
      if (used + wanted <= bytes_max || since > evicted_before) return;
      if (holder !== for_holder && holder.evict()) release(holder);
    }
  };

  return {
    hold(holder, bytes) {
      const held = holders.get(holder);
      const more = bytes - (held?.bytes ?? 0);
      if (more > 0 && used + more > bytes_max) makeRoom(more, holder);
      if (more > 0 && used + more > bytes_max) return false;
      used += more;
      if (held) held.bytes = bytes;
      else holders.set(holder, { bytes, since: now() });
      return true;
    },
    release,
    used: () => used,
  };
}
