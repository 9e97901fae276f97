/** Asks the broker how many messages wait in queues, by declaring them passively: no plugin and no rights are needed. */
import type { Channel, ChannelModel } from 'amqplib';

export interface QueueCount {
  ready: number;
  consumers: number;
}

export interface QueueCounts {
  /** In the order asked; undefined for a queue that is not there. Rejects when the connection is gone. */
  count(queues: readonly string[]): Promise<(QueueCount | undefined)[]>;
}

const notFound = 404;

export function createQueueCounts(model: () => ChannelModel | undefined): QueueCounts {
  let channel: Promise<Channel> | undefined;

  const open = async (): Promise<Channel> => {
    const current = model();
    if (!current) throw new Error('RabbitMQ is not connected.');
    const opened = await current.createChannel();
    // The refusal of the call says the same.
    opened.on('error', () => undefined);
    opened.on('close', () => {
      channel = undefined;
    });
    return opened;
  };

  const countOne = async (queue: string): Promise<QueueCount | undefined> => {
    channel ??= open();
    try {
      const { messageCount, consumerCount } = await (await channel).checkQueue(queue);
      return { ready: messageCount, consumers: consumerCount };
    } catch (error) {
      // Asking for a queue that is not there closes the channel.
      channel = undefined;
      if ((error as { code?: number }).code === notFound) return undefined;
      throw error;
    }
  };

  let last: Promise<unknown> = Promise.resolve();
  return {
    count(queues) {
      const mine = last.then(async () => {
        const counts: (QueueCount | undefined)[] = [];
        for (const queue of queues) counts.push(await countOne(queue));
        return counts;
      });
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}
