/** Consumes a queue for a moment over a connection that nobody else uses, so that nobody else pays when RabbitMQ ends it. */
import { connect } from 'amqplib';
import type { RabbitAddress } from './address.ts';
import { withLimit } from './link.ts';

const limitMs = 10_000;

/** A function that tries one queue after the other. It rejects with what the broker said, or when it said nothing in time. */
export function createTryOut(address: RabbitAddress): (queue: string) => Promise<void> {
  const tryOut = async (queue: string): Promise<void> => {
    const model = await connect(address.url, { timeout: limitMs, clientProperties: { connection_name: 'souk trying a queue' } });
    // The call below is refused with the same words.
    model.on('error', () => undefined);
    try {
      const channel = await model.createChannel();
      channel.on('error', () => undefined);
      await channel.prefetch(1);
      // What is delivered meanwhile goes back when the connection ends.
      await withLimit(
        channel.consume(queue, () => undefined),
        limitMs,
      );
    } finally {
      model.close().catch(() => undefined);
    }
  };
  let last: Promise<unknown> = Promise.resolve();
  return (queue) => {
    const mine = last.then(() => tryOut(queue));
    last = mine.catch(() => undefined);
    return mine;
  };
}
