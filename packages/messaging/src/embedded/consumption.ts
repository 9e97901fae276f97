/**
 * One consumer of one queue: claims what is ready, hands it over, settles it, and goes on while there is more. The
 * claim, the handling and the settling share one transaction of the broker's database: its row locks are the lease.
 */
import { backoffMs, type Clock, type Log, pause } from '@souk/kernel';
import type { Database, Tx } from '@souk/postgres';
import type { ConsumeOptions, Consumption, Delivery, Settlement } from '../broker.ts';
import { createQueuePosition } from './queue-position.ts';
import { claim, type Settled, type StoredMessage, settle } from './store.ts';

export interface LocalConsumption extends Consumption {
  /** There may be something in the queue. */
  wake(): void;
  /** At the last look the oldest message in the queue was this old (epoch milliseconds) and had this id, or the queue was empty now. */
  seen(oldest_ms: number, oldest_id: number | undefined): void;
  /** The database was found away. */
  lost(): void;
}

export interface ConsumptionOptions extends ConsumeOptions {
  db: Database;
  log: Log;
  clock: Clock;
  queueId(): number | undefined;
  /** How long after an outage answers may still be on their way from the outboxes of others. */
  settling_ms: number;
  onClose(): void;
}

const failurePauseMs = { first: 50, most: 5_000 };

export function createConsumption(options: ConsumptionOptions): LocalConsumption {
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  let again = false;
  let failures = 0;
  let drained_until = 0;
  let attached_since = options.clock.now();
  let in_hand = 0;
  const position = createQueuePosition();
  const detach = (): void => {
    drained_until = 0;
    attached_since = Number.POSITIVE_INFINITY;
  };

  const hold = (count: number): void => {
    in_hand = count;
  };

  const run = async (): Promise<void> => {
    do {
      again = false;
      try {
        while (!stopping.signal.aborted && (await takeBatch(options, position.from(), hold)) > 0) failures = 0;
        failures = 0;
      } catch (error) {
        hold(0);
        detach();
        options.log.warn({ err: error, queue: options.queue }, 'a batch could not be settled; its messages stay in the queue');
        await pause(backoffMs(failures++, failurePauseMs.first, failurePauseMs.most), stopping.signal);
        again = true;
      }
    } while (again && !stopping.signal.aborted);
    running = undefined;
  };

  return {
    wake() {
      if (stopping.signal.aborted) return;
      again = true;
      running ??= run();
    },
    seen(oldest_ms, oldest_id) {
      if (oldest_id !== undefined) position.seen(oldest_id);
      if (failures > 0) return;
      drained_until = oldest_ms;
      if (attached_since === Number.POSITIVE_INFINITY) attached_since = options.clock.now();
    },
    lost: detach,
    attached: () => failures === 0 && !stopping.signal.aborted,
    processedUntil: () => (options.clock.now() - attached_since < options.settling_ms ? 0 : drained_until),
    unsettled: () => in_hand,
    async close() {
      stopping.abort();
      options.onClose();
      await running;
    },
  };
}

/** Handles one batch; answers how many messages it held, and reports to `hold` while it does. */
async function takeBatch(options: ConsumptionOptions, from_id: number, hold: (count: number) => void): Promise<number> {
  const queue_id = options.queueId();
  if (queue_id === undefined) return 0;
  return options.db.transaction(async (tx: Tx) => {
    const messages = await claim(tx, queue_id, from_id, options.batch_max);
    if (messages.length === 0) return 0;
    hold(messages.length);
    const settlements = await options.handle(messages.map(toDelivery));
    await settle(tx, queue_id, sort(messages, settlements));
    hold(0);
    return messages.length;
  });
}

function toDelivery(message: StoredMessage): Delivery {
  return {
    message_id: message.message_id,
    routing_key: message.routing_key,
    body: message.body,
    content_type: message.content_type,
    headers: JSON.parse(message.headers) as Record<string, string>,
    attempts: message.attempts,
    enqueued_at: message.enqueued_ms,
    // The queue table does not know of claims that were released.
    redelivered: false,
  };
}

function sort(messages: readonly StoredMessage[], settlements: readonly Settlement[]): Settled {
  const settled: Settled = { done: [], retry: [], dead: [] };
  messages.forEach((message, index) => {
    const settlement = settlements[index];
    if (settlement?.kind === 'retry') settled.retry.push({ id: message.id, delay_ms: settlement.delay_ms });
    else if (settlement?.kind === 'dead') settled.dead.push({ id: message.id, headers: deadHeaders(message, settlement) });
    else if (settlement?.kind === 'done') settled.done.push(message.id);
  });
  return settled;
}

function deadHeaders(message: StoredMessage, settlement: { reason: string; detail: string }): string {
  return JSON.stringify({
    ...(JSON.parse(message.headers) as object),
    'x-souk-reason': settlement.reason,
    'x-souk-detail': settlement.detail,
  });
}
