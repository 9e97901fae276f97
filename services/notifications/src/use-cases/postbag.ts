import type { NotificationRow } from '../store/notifications.ts';

/**
 * Fresh messages handed from the consumer to the sending job without a round trip. They are leased to this process in
 * the table already; what does not fit or is lost with the process is found there when the lease ends.
 */
export interface Postbag {
  put(rows: readonly NotificationRow[]): void;
  take(most: number): NotificationRow[];
}

export function createPostbag(rows_max: number): Postbag {
  const rows: NotificationRow[] = [];
  return {
    put(fresh) {
      rows.push(...fresh.slice(0, Math.max(0, rows_max - rows.length)));
    },
    take: (most) => rows.splice(0, most),
  };
}
