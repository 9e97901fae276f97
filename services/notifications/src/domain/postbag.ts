import type { NewNotification } from './compose.ts';

/** A message that is to be sent, and how often that was tried. */
export interface PendingNotification extends NewNotification {
  attempts: number;
}

/**
 * Fresh messages handed from the consumer to the sending job without a round trip. They are leased to this process in
 * the table already; what does not fit or is lost with the process is found there when the lease ends.
 */
export interface Postbag {
  put(messages: readonly PendingNotification[]): void;
  take(most: number): PendingNotification[];
}

export function createPostbag(messages_max: number): Postbag {
  const messages: PendingNotification[] = [];
  return {
    put(fresh) {
      messages.push(...fresh.slice(0, Math.max(0, messages_max - messages.length)));
    },
    take: (most) => messages.splice(0, most),
  };
}
