/**
 * Products whose stock changed and is not announced yet, oldest first, as this process knows them. It is only a memo:
 * the database says what is announced, and what a process forgets by dying is found by the search for leftovers.
 */
export interface PendingChanges {
  /** Answers whether nothing was waiting before. */
  add(product_ids: Iterable<string>): boolean;
  /** Takes out the oldest. */
  take(most: number): string[];
  size(): number;
}

/** Products remembered at most; more are left to the search. */
const pendingMax = 100_000;

export function createPendingChanges(): PendingChanges {
  const waiting = new Set<string>();
  return {
    add(product_ids) {
      const wasEmpty = waiting.size === 0;
      for (const product_id of product_ids) if (waiting.size < pendingMax) waiting.add(product_id);
      return wasEmpty;
    },
    take(most) {
      const taken: string[] = [];
      for (const product_id of waiting) {
        if (taken.length >= most) break;
        taken.push(product_id);
        waiting.delete(product_id);
      }
      return taken;
    },
    size: () => waiting.size,
  };
}
