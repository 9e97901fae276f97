/** Lets requests with the same idempotency key pass one at a time, so that twins in one process never meet in the database. */
import { refusal } from '@souk/contracts';
import type { KeyTurns } from '../context.ts';

interface Queue {
  last: Promise<void>;
  waiting: number;
}

/** More requests with one key at the same time are no twins but a mistake. */
const twinsMax = 200;

export function createKeyTurns(): KeyTurns {
  const queues = new Map<string, Queue>();
  return async (name, work) => {
    const queue = queues.get(name) ?? { last: Promise.resolve(), waiting: 0 };
    if (queue.waiting >= twinsMax) throw refusal('overloaded', 'Too many requests with this idempotency key at the same time.');
    const before = queue.last;
    const { promise, resolve: pass } = Promise.withResolvers<void>();
    queue.last = promise;
    queue.waiting += 1;
    queues.set(name, queue);
    await before;
    try {
      return await work();
    } finally {
      queue.waiting -= 1;
      if (queue.waiting === 0) queues.delete(name);
      pass();
    }
  };
}
