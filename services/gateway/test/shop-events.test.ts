/** Streams of stock for everyone, and of the events of the shop for staff. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Availability } from '@souk/contracts';
import { type TestBroker, testBroker } from '@souk/service-kit/testing';
import { broadcast, eventsOf, type StreamedEvent } from './_histories.ts';
import { aGateway, anUpstream, sendJson, type TestGateway, type Upstream, until } from './_support.ts';

describe('streams of the shop', () => {
  let own: TestBroker;
  let shop: TestGateway;
  let inventory: Upstream;
  const levels = new Map<string, Availability>();
  const questions: string[][] = [];

  before(async () => {
    own = await testBroker();
  });
  after(() => own.close());
  afterEach(async () => {
    await shop.stop();
    await inventory.close();
  });
  const open = async (): Promise<void> => {
    shop = await aGateway({ health_interval_ms: 60_000 }, { broker: own.broker });
    inventory = await anUpstream((_request, response, body) => {
      const { product_ids } = JSON.parse(body) as { product_ids: string[] };
      questions.push(product_ids);
      sendJson(
        response,
        200,
        product_ids.flatMap((product_id) => levels.get(product_id) ?? []),
      );
    });
    await shop.register('inventory', inventory);
  };
  const setStock = (product_id: string, available: number): void => {
    const stock_version = (levels.get(product_id)?.stock_version ?? 0) + 1;
    levels.set(product_id, { product_id, available, stock_version, updated_at: new Date().toISOString() });
  };
  const publish = (event_type: string, payload: object): Promise<unknown> => broadcast(own.broker, event_type, payload);
  const watch = (path: string, headers: Record<string, string> = {}): Promise<Response> => fetch(`${shop.url}${path}`, { headers });
  const next = async (events: AsyncGenerator<StreamedEvent>): Promise<[string | undefined, unknown]> => {
    const { event, data } = ((await events.next()).value ?? {}) as StreamedEvent;
    return [event, data === undefined ? undefined : JSON.parse(data)];
  };

  it('tell the stock of products as it is, then each change of it', async () => {
    await open();
    const [one, other, unknown] = [randomUUID(), randomUUID(), randomUUID()];
    setStock(one, 5);
    setStock(other, 7);
    const answer = await watch(`/api/stock/events?product_ids=${one},${other},${unknown},${one}`);
    assert.deepEqual([answer.status, answer.headers.get('cache-control')], [200, 'no-store']);
    const events = eventsOf(answer);
    await next(events);
    assert.deepEqual(await next(events), ['stock', levels.get(one)]);
    assert.deepEqual(await next(events), ['stock', levels.get(other)]);
    assert.deepEqual(questions.at(-1)?.toSorted(), [one, other, unknown].toSorted(), 'all are asked for at once');
    setStock(other, 6);
    await publish('inventory.updated', { product_id: other });
    assert.deepEqual(await next(events), ['stock', levels.get(other)]);
    assert.equal(shop.gateway.context.live.stock.keys, 2, 'what is unknown is not watched');
    await events.return();
    await until(() => shop.gateway.context.live.stock.keys === 0, 'no stock is watched any more');
  });

  it('refuse what is no list of products', async () => {
    await open();
    const one = randomUUID();
    const wrong = ['', '?product_ids=', '?product_ids=1', `?product_ids=${one}&more=1`, `?product_ids=${one}&product_ids=${one}`];
    for (const query of [...wrong, `?product_ids=${Array(101).fill(one).join(',')}`]) {
      const answer = await watch(`/api/stock/events${query}`);
      assert.deepEqual([answer.status, ((await answer.json()) as { code: string }).code], [400, 'validation_failed'], query.slice(0, 60));
    }
    await inventory.close();
    assert.equal((await watch(`/api/stock/events?product_ids=${one}`)).status, 503);
    await until(() => shop.gateway.context.live.streams.count() === 0, 'no place is held');
  });

  it('tell staff the events of the topics they ask for, and that some may be missing', async () => {
    await open();
    const token = await shop.keys.tokenFor({ role: 'staff' });
    const authorization = `Bearer ${token}`;
    const answer = await watch('/api/live/events?topics=orders,stock', { authorization });
    assert.equal(answer.status, 200);
    const events = eventsOf(answer);
    await next(events);
    assert.deepEqual(await next(events), ['gap', {}]);
    // Once more when the subscription at the broker has begun.
    assert.deepEqual(await next(events), ['gap', {}]);
    await publish('product.updated', { product_id: 'p' });
    await publish('order.confirmed', { order_id: 'o' });
    const [name, data] = await next(events);
    const { event_type, payload, ...others } = data as Record<string, unknown>;
    assert.deepEqual([name, event_type, payload], ['order.confirmed', 'order.confirmed', { order_id: 'o' }]);
    assert.deepEqual(Object.keys(others), ['event_id', 'timestamp']);
    await publish('inventory.updated', { product_id: 'p' });
    assert.equal((await next(events))[0], 'inventory.updated');
    await events.return();
    assert.equal((await watch('/api/live/events?topics=money', { authorization })).status, 400);
    assert.equal((await watch('/api/live/events', { authorization: `Bearer ${await shop.keys.tokenFor()}` })).status, 403);
    assert.equal((await watch('/api/live/events')).status, 401);
  });
});
