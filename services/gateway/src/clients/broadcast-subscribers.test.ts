import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog, silentMetrics } from '@souk/kernel';
import type { Broker } from '@souk/messaging';
import { type Broadcast, createBroadcastSubscribers } from './broadcast-subscribers.ts';

/** The one function of the broker port that is used here. */
function openExchange(refusals = 0) {
  const subscribers = new Set<(broadcast: Broadcast) => void>();
  const exchange = { subscriptions: 0, changed: (): void => undefined };
  let refusals_left = refusals;
  const broker = {
    async subscribe(_patterns: readonly string[], receive: (broadcast: Broadcast) => void) {
      if (refusals_left-- > 0) throw new Error('the broker is away');
      exchange.subscriptions += 1;
      subscribers.add(receive);
      exchange.changed();
      return async () => {
        subscribers.delete(receive);
        exchange.changed();
      };
    },
  } as unknown as Broker;
  const untilSubscribers = async (count: number): Promise<void> => {
    while (subscribers.size !== count) {
      const { promise, resolve } = Promise.withResolvers<void>();
      exchange.changed = resolve;
      await promise;
    }
  };
  const say = (routing_key: string): void => {
    for (const receive of subscribers) receive({ routing_key, body: '{}' });
  };
  return { broker, exchange, untilSubscribers, say };
}

test('the broker is asked for broadcasts only while somebody wants them', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const { broker, exchange, untilSubscribers, say } = openExchange();
  const subscribers = createBroadcastSubscribers({
    broker,
    log: silentLog,
    metrics: silentMetrics,
    stopping: new AbortController().signal,
  });
  const received: string[] = [];
  const first = ({ routing_key }: Broadcast): void => void received.push(`first ${routing_key}`);
  const second = ({ routing_key }: Broadcast): void => void received.push(`second ${routing_key}`);
  assert.equal(exchange.subscriptions, 0);

  subscribers.add(first);
  subscribers.add(second);
  await untilSubscribers(1);
  say('order.created');
  subscribers.delete(first);
  say('order.confirmed');
  assert.deepEqual(received, ['first order.created', 'second order.created', 'second order.confirmed']);

  subscribers.delete(second);
  subscribers.add(second);
  context.mock.timers.tick(60_000);
  say('order.shipped');
  assert.equal(received.at(-1), 'second order.shipped');
  assert.equal(exchange.subscriptions, 1, 'whoever comes back soon finds the subscription still there');

  subscribers.delete(second);
  context.mock.timers.tick(60_000);
  await untilSubscribers(0);
  subscribers.add(first);
  await untilSubscribers(1);
  await subscribers.close();
  await untilSubscribers(0);
});

test('a broker that is away is asked again', async () => {
  const { broker, untilSubscribers } = openExchange(1);
  const subscribers = createBroadcastSubscribers({
    broker,
    log: silentLog,
    metrics: silentMetrics,
    stopping: new AbortController().signal,
  });
  subscribers.add(() => undefined);
  await untilSubscribers(1);
  await subscribers.close();
});
