/** The requests in flight; one timer enforces the deadlines of all. Answers that stay open as streams are not waited for. */
import { createLinkedList, type ListNode } from '@souk/kernel';
import type { Exchange } from './exchange.ts';

const deadlineCheckMs = 100;

export interface InFlightRequests {
  started(exchange: Exchange): ListNode<Exchange>;
  ended(started: ListNode<Exchange>): void;
  count(): number;
  draining(): boolean;
  drain(): Promise<void>;
  close(): void;
}

export function createInFlightRequests(): InFlightRequests {
  const exchanges = createLinkedList<Exchange>();
  let isDraining = false;
  let emptied: () => void = () => undefined;
  const count = (): number => {
    let open = 0;
    for (const { streams_since } of exchanges.values()) if (streams_since === undefined) open += 1;
    return open;
  };
  const timer = setInterval(() => {
    const now = performance.now();
    for (const exchange of exchanges.values()) {
      if (now > exchange.deadline) exchange.expire();
      else if (now > exchange.check_at) exchange.check(now);
    }
  }, deadlineCheckMs).unref();
  return {
    started: (exchange) => exchanges.add(exchange),
    ended(started) {
      exchanges.remove(started);
      if (isDraining && count() === 0) emptied();
    },
    count,
    draining: () => isDraining,
    async drain() {
      isDraining = true;
      if (count() > 0) await new Promise<void>((resolve) => (emptied = resolve));
    },
    close: () => clearInterval(timer),
  };
}
