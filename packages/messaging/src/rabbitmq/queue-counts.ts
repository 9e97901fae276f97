/** Asks the broker how many messages wait in queues, by declaring them passively: no plugin and no rights are needed. */
import { withDeadline } from '@souk/kernel';
import type { Channel, ChannelModel } from 'amqplib';

export interface QueueCount {
  ready: number;
  consumers: number;
}

/** `missing`: there is no such queue. `silent`: the broker is there, and says nothing of this queue. */
export type CountAnswer = QueueCount | 'missing' | 'silent';

export interface QueueCounts {
  /** In the order asked. Rejects when the connection is gone. */
  count(queues: readonly string[]): Promise<CountAnswer[]>;
}

const notFound = 404;
const answerTimeoutMs = 2_000;

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

  const countOne = async (queue: string): Promise<CountAnswer> => {
    let opened: Channel | undefined;
    try {
      channel ??= open();
      opened = await withDeadline(channel, answerTimeoutMs);
      const { messageCount, consumerCount } = await withDeadline(opened.checkQueue(queue), answerTimeoutMs);
      return { ready: messageCount, consumers: consumerCount };
    } catch (error) {
      // Asking for a queue that is not there closes the channel, and behind one that is silent no other request is answered.
      channel = undefined;
      opened?.close().catch(() => undefined);
      if ((error as { code?: number }).code === notFound) return 'missing';
      if (error instanceof Error && model() !== undefined) return 'silent';
      throw error;
    }
  };

  let last: Promise<unknown> = Promise.resolve();
  return {
    count(queues) {
      const mine = last.then(async () => {
        const counts: CountAnswer[] = [];
        for (const queue of queues) counts.push(await countOne(queue));
        return counts;
      });
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}
