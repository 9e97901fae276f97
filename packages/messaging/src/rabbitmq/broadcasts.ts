/** Broadcasts: a queue of its own for each subscription, which ends with its connection and begins again with the next. */
import type { Log } from '@souk/kernel';
import type { ChannelModel } from 'amqplib';
import type { OnMessage } from '../broker.ts';
import { whileConnected } from './managed-connection.ts';

export interface Broadcasts {
  attach(model: ChannelModel): Promise<void>;
  detach(): void;
  subscribe(patterns: readonly string[], onMessage: OnMessage, onGap?: () => void): Promise<() => Promise<void>>;
}

interface Subscription {
  patterns: readonly string[];
  onMessage: OnMessage;
  onGap: () => void;
  end?: () => Promise<unknown>;
}

/** Hints only: who does not keep up loses the oldest. */
const waitingMax = 10_000;

/** Subscribes to the exchange of that name. */
export function createBroadcasts(exchange: string, log: Log): Broadcasts {
  const subscriptions = new Set<Subscription>();
  let current: ChannelModel | undefined;

  const listen = async (model: ChannelModel, subscription: Subscription): Promise<void> => {
    const channel = await model.createChannel();
    channel.on('error', (error) => log.warn({ cause: error.message }, 'a subscription to broadcasts lost its channel'));
    const { queue } = await channel.assertQueue('', { exclusive: true, autoDelete: true, durable: false, maxLength: waitingMax });
    for (const pattern of subscription.patterns) await channel.bindQueue(queue, exchange, pattern);
    const receive = (message: { fields: { routingKey: string }; content: Buffer } | null): void => {
      if (message === null) return;
      try {
        subscription.onMessage({ routing_key: message.fields.routingKey, body: message.content.toString('utf8') });
      } catch (error) {
        log.error({ err: error, routing_key: message.fields.routingKey }, 'a broadcast could not be handled');
      }
    };
    await channel.consume(queue, receive, { noAck: true });
    subscription.end = () => whileConnected(model, channel.close());
  };

  return {
    async attach(model) {
      current = model;
      for (const subscription of subscriptions) {
        await whileConnected(model, listen(model, subscription));
        subscription.onGap();
      }
    },
    detach() {
      current = undefined;
      for (const subscription of subscriptions) delete subscription.end;
    },
    async subscribe(patterns, onMessage, onGap = () => undefined) {
      const subscription: Subscription = { patterns, onMessage, onGap };
      subscriptions.add(subscription);
      try {
        if (current) await whileConnected(current, listen(current, subscription));
      } catch (error) {
        // A caller that is refused may subscribe again, and must receive nothing twice then.
        subscriptions.delete(subscription);
        throw error;
      }
      return async () => {
        subscriptions.delete(subscription);
        // A channel that is gone already has taken its queue along.
        await subscription.end?.().catch(() => undefined);
      };
    },
  };
}
