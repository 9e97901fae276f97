import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog, silentMetrics } from '@souk/kernel';
import type { Broker } from '@souk/messaging';
import { type Broadcast, createBroadcastHearers } from './broadcast-hearers.ts';

/** The one function of the broker port that is used here. */
function openExchange(refusals = 0) {
  const subscribers = new Set<(broadcast: Broadcast) => void>();
  const exchange = { subscriptions: 0, changed: (): void => undefined };
  let refusals_left = refusals;
  const broker = {
    async subscribe(_patterns: readonly string[], heard: (broadcast: Broadcast) => void) {
      if (refusals_left-- > 0) throw new Error('the broker is away');
      exchange.subscriptions += 1;
      subscribers.add(heard);
      exchange.changed();
      return async () => {
        subscribers.delete(heard);
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
    for (const heard of subscribers) heard({ routing_key, body: '{}' });
  };
  return { broker, exchange, untilSubscribers, say };
}

test('the broker is asked for broadcasts only while somebody wants them', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const { broker, exchange, untilSubscribers, say } = openExchange();
  const hearers = createBroadcastHearers({ broker, log: silentLog, metrics: silentMetrics, stopping: new AbortController().signal });
  const heard: string[] = [];
  const first = ({ routing_key }: Broadcast): void => void heard.push(`first ${routing_key}`);
  const second = ({ routing_key }: Broadcast): void => void heard.push(`second ${routing_key}`);
  assert.equal(exchange.subscriptions, 0);

  hearers.add(first);
  hearers.add(second);
  await untilSubscribers(1);
  say('order.created');
  hearers.delete(first);
  say('order.confirmed');
  assert.deepEqual(heard, ['first order.created', 'second order.created', 'second order.confirmed']);

  hearers.delete(second);
  hearers.add(second);
  context.mock.timers.tick(60_000);
  say('order.shipped');
  assert.equal(heard.at(-1), 'second order.shipped');
  assert.equal(exchange.subscriptions, 1, 'whoever comes back soon finds the subscription still there');

  hearers.delete(second);
  context.mock.timers.tick(60_000);
  await untilSubscribers(0);
  hearers.add(first);
  await untilSubscribers(1);
  await hearers.close();
  await untilSubscribers(0);
});

test('a broker that is away is asked again', async () => {
  const { broker, untilSubscribers } = openExchange(1);
  const hearers = createBroadcastHearers({ broker, log: silentLog, metrics: silentMetrics, stopping: new AbortController().signal });
  hearers.add(() => undefined);
  await untilSubscribers(1);
  await hearers.close();
});
