import type { PendingNotification } from '../domain/compose.ts';

/**
 * Fresh messages handed from the consumer to the sending job without a round trip. They are leased to this process in
 * the table already; what does not fit or is lost with the process is found there when the lease ends.
 */
export interface SendQueue {
  put(messages: readonly PendingNotification[]): void;
  take(most: number): PendingNotification[];
}

export function createSendQueue(messages_max: number): SendQueue {
  const messages: PendingNotification[] = [];
  return {
    put(fresh) {
      messages.push(...fresh.slice(0, Math.max(0, messages_max - messages.length)));
    },
    take: (most) => messages.splice(0, most),
  };
}
