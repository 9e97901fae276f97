/** What other instances publish, over the one connection, and when something may have been missed. */
import { ErrorReply } from '@redis/client';
import type { Log } from '@souk/kernel';
import type { ManagedConnection } from './managed-connection.ts';

export interface ChannelListener {
  received(text: string): void;
  /** Hearing begins, for the first time or again: what was said before this moment is lost. */
  gap(): void;
}

export interface Subscriptions {
  /** Takes effect as soon as Redis is there, for as long as it is not ended. Returns the end of it. */
  subscribe(channel: string, listener: ChannelListener): () => void;
}

interface Channel {
  listeners: Set<ChannelListener>;
  /** From the first confirmation on the client subscribes again by itself. */
  confirmed: boolean;
}

export function createSubscriptions(connection: ManagedConnection, log: Log): Subscriptions {
  const { client } = connection;
  const channels = new Map<string, Channel>();

  const begin = async (name: string, channel: Channel): Promise<void> => {
    try {
      await client.subscribe(name, (text) => {
        for (const listener of channel.listeners) listener.received(text);
      });
      channel.confirmed = true;
      for (const listener of channel.listeners) listener.gap();
    } catch (error) {
      const level = error instanceof ErrorReply ? 'warn' : 'debug';
      log[level]({ err: error, channel: name }, 'a channel of Redis cannot be subscribed to; trying again with the next connection');
    }
  };

  client.on('ready', () => {
    for (const [name, channel] of channels) {
      if (!channel.confirmed) void begin(name, channel);
      else for (const listener of channel.listeners) listener.gap();
    }
  });

  return {
    subscribe(name, listener) {
      const channel = channels.get(name) ?? { listeners: new Set<ChannelListener>(), confirmed: false };
      const known = channels.has(name);
      channels.set(name, channel);
      channel.listeners.add(listener);
      if (!known && client.isReady) void begin(name, channel);
      return () => void channel.listeners.delete(listener);
    },
  };
}
