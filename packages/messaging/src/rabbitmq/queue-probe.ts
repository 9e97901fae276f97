/** Consumes a queue for a moment over a connection of its own, so that other consumers are not affected when RabbitMQ closes it. */
import { createLimiter, withDeadline } from '@souk/kernel';
import { connect } from 'amqplib';
import type { RabbitAddress } from './address.ts';

const limitMs = 10_000;

/** A function that tries one queue after the other, at the node that `address` names. It rejects with what the broker said, or when it said nothing in time. */
export function createQueueProbe(address: () => RabbitAddress): (queue: string) => Promise<void> {
  const probeQueue = async (queue: string): Promise<void> => {
    const model = await connect(address().url, { timeout: limitMs, clientProperties: { connection_name: 'souk trying a queue' } });
    // The call below is refused with the same words.
    model.on('error', () => undefined);
    try {
      const channel = await model.createChannel();
      channel.on('error', () => undefined);
      await channel.prefetch(1);
      // What is delivered meanwhile goes back when the connection ends.
      await withDeadline(
        channel.consume(queue, () => undefined),
        limitMs,
      );
    } finally {
      model.close().catch(() => undefined);
    }
  };
  const turns = createLimiter({ running_max: 1, waiting_max: Number.POSITIVE_INFINITY });
  return (queue) => turns.run(() => probeQueue(queue));
}
