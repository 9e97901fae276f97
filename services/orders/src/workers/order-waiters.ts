/**
 * Requests that asked to be answered when the checkout is over (`Prefer: wait`). They are woken where the transition is
 * made; for transitions made by another replica one query asks for all that wait, every few milliseconds and only while
 * a request waits. While every decision is made in this process anyway, it asks less often.
 */
import { type Log, type Metrics, pause } from '@souk/kernel';
import type { OrderWaiters } from '../context.ts';
import type { OrderOutcome } from '../store/orders.ts';

export interface OrderWaitersOptions {
  /** Those of the orders that are decided. */
  findOutcomes(order_ids: readonly string[]): Promise<OrderOutcome[]>;
  stopping: AbortSignal;
  log: Log;
  metrics: Metrics;
  poll_ms: number;
  poll_idle_ms: number;
  waiters_max: number;
}

type Wake = (outcome: OrderOutcome | undefined) => void;

const pollGrowth = 1.5;

export function createOrderWaiters(options: OrderWaitersOptions): OrderWaiters {
  const waiting = new Map<string, Set<Wake>>();
  let count = 0;
  let polling = false;
  options.metrics.gauge('souk_orders_waiters', () => [{ labels: {}, value: count }]);
  options.stopping.addEventListener('abort', () => {
    for (const wakes of [...waiting.values()]) for (const wake of [...wakes]) wake(undefined);
  });

  const decided = (outcomes: readonly OrderOutcome[]): void => {
    for (const outcome of outcomes) for (const wake of [...(waiting.get(outcome.id) ?? [])]) wake(outcome);
  };

  const poll = async (): Promise<void> => {
    let interval_ms = options.poll_ms;
    while (waiting.size > 0) {
      await pause(interval_ms, options.stopping);
      const found = await askForAll(options, [...waiting.keys()]);
      decided(found);
      interval_ms = found.length > 0 ? options.poll_ms : Math.min(interval_ms * pollGrowth, options.poll_idle_ms);
    }
    polling = false;
  };

  const add = (order_id: string, wake: Wake): void => {
    const wakes = waiting.get(order_id);
    if (wakes) wakes.add(wake);
    else waiting.set(order_id, new Set([wake]));
    count += 1;
    if (polling) return;
    polling = true;
    void poll();
  };

  const remove = (order_id: string, wake: Wake): void => {
    const wakes = waiting.get(order_id);
    if (!wakes?.delete(wake)) return;
    count -= 1;
    if (wakes.size === 0) waiting.delete(order_id);
  };

  return {
    decided,
    wait(order_id, wait_ms, signal) {
      if (count >= options.waiters_max || options.stopping.aborted || signal.aborted) return Promise.resolve(undefined);
      return new Promise((resolve) => {
        const wake: Wake = (outcome) => {
          clearTimeout(timer);
          signal.removeEventListener('abort', leave);
          remove(order_id, wake);
          resolve(outcome);
        };
        const leave = (): void => wake(undefined);
        const timer = setTimeout(leave, wait_ms);
        signal.addEventListener('abort', leave, { once: true });
        add(order_id, wake);
      });
    },
  };
}

/** A database that does not answer now is asked again at the next poll; until then the requests go on waiting. */
async function askForAll({ findOutcomes, log }: OrderWaitersOptions, order_ids: readonly string[]): Promise<OrderOutcome[]> {
  if (order_ids.length === 0) return [];
  try {
    return await findOutcomes(order_ids);
  } catch (error) {
    log.warn({ err: error, waiting: order_ids.length }, 'outcomes of checkouts could not be read for waiting requests');
    return [];
  }
}
