/** From which id on a queue is read. */
export interface QueuePosition {
  from(): number;
  /** At a look the oldest message had this id. */
  seen(oldest_id: number): void;
}

/**
 * Settled messages stay in the index until the table is vacuumed, thousands of them before the first one that is left; reading from a
 * position steps over them. Ids are given before the commit, so a message may appear below one that was there already: the lower of two
 * looks counts, and what appears later still is found by the next look, which begins at the start.
 */
export function createQueuePosition(): QueuePosition {
  let from_id = 0;
  let last_seen = 0;
  return {
    from: () => from_id,
    seen(oldest_id) {
      from_id = Math.min(last_seen, oldest_id);
      last_seen = oldest_id;
    },
  };
}
