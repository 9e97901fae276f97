/** What API keys follow over a WebSocket. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { it } from 'node:test';
import { systemIds } from '@souk/kernel';
import { apiKeyOf, apiKeySecretBytes } from '@souk/service-kit';
import { testBroker } from '@souk/service-kit/testing';
import { keepHistories } from './_histories.ts';
import { connectSocket, summaryOf } from './_socket-client.ts';
import { aGateway, anUpstream, sendJson, until } from './_support.ts';

it('the WebSocket opens to an API key what its scopes name, topic by topic', async (t) => {
  const own = await testBroker();
  const histories = await keepHistories();
  const inventory = await anUpstream((_request, response) => sendJson(response, 200, []));
  const shop = await aGateway({}, { broker: own.broker });
  t.after(async () => {
    await shop.stop();
    await histories.upstream.close();
    await inventory.close();
    await own.close();
  });
  await shop.register('orders', histories.upstream);
  await shop.register('inventory', inventory);
  const order_id = histories.place(randomUUID(), 'pending');
  const creator = randomUUID();
  const tokenWith = (scope: string): Promise<string> =>
    shop.keys.tokenFor({ user_id: creator, role: 'staff', key: { id: randomUUID(), scope } });
  const answersTo = async (scope: string): Promise<unknown[]> => {
    const client = await connectSocket(`${shop.url.replace('http', 'ws')}/ws`, { authorization: `Bearer ${await tokenWith(scope)}` });
    const answers: unknown[] = [];
    for (const message of [
      { type: 'subscribe', id: 'order', topic: 'order', order_id },
      { type: 'subscribe', id: 'stock', topic: 'stock', product_ids: [randomUUID()] },
      { type: 'subscribe', id: 'all', topic: 'shop' },
      { type: 'subscribe', id: 'some', topic: 'shop', topics: ['orders', 'stock'] },
    ]) {
      client.send(message);
      const { type, id, ...rest } = (await client.next()) as { type: string; id: string; code?: string };
      answers.push(rest.code ?? type);
      client.send({ type: 'unsubscribe', id });
      let last = await client.next();
      while (last.type === 'event') last = await client.next();
      assert.equal(last.type, type === 'error' ? 'error' : 'unsubscribed');
    }
    // No other token takes the connection over, also not that of the creator.
    for (const other of [await shop.keys.tokenFor({ user_id: creator, role: 'staff' }), await tokenWith('orders:read')]) {
      client.send({ type: 'authenticate', token: other });
      assert.deepEqual(summaryOf(await client.next()), ['error', 'forbidden']);
    }
    client.send({ type: 'authenticate', token: apiKeyOf(randomUUID(), systemIds.secret(apiKeySecretBytes)) });
    assert.deepEqual(summaryOf(await client.next()), ['error', 'token_invalid']);
    client.socket.close();
    return answers;
  };
  const [yes, no] = ['subscribed', 'scope_missing'];
  assert.deepEqual(await answersTo('orders:read products:read inventory:read'), [yes, yes, yes, yes]);
  assert.deepEqual(await answersTo('orders:read'), [yes, no, no, no]);
  assert.deepEqual(await answersTo('inventory:read'), [no, yes, no, no]);
  assert.deepEqual(await answersTo('orders:read inventory:read'), [yes, yes, no, yes]);
  for (const scope of ['orders:write payments:read', '']) await assert.rejects(answersTo(scope), /403 scope_missing/);
  await until(() => shop.gateway.context.live.streams.count() === 0, 'no place is held');
});
