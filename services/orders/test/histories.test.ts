import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  getOrderHistory,
  type HistoryPart,
  historiesMax,
  historyLinesMax,
  type OrderSummary,
  readHistories,
  summariseOrders,
} from '@souk/contracts';
import { anId, anOrderIn, deliver, openShop, refunded, type Shop } from './_support.ts';

let shop: Shop;
before(async () => {
  shop = await openShop();
});
after(() => shop.stop());

describe('many histories at once', () => {
  type Asked = { order_id: string; after: unknown };
  const ask = (orders: readonly Asked[], token = shop.internal_token): Promise<Response> =>
    fetch(shop.url + readHistories.path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ orders }),
    });
  const partsOf = async (orders: readonly Asked[]): Promise<HistoryPart[]> => {
    const answer = await ask(orders);
    assert.equal(answer.status, 200);
    return (await answer.json()) as HistoryPart[];
  };

  test('each from its own line on, with the status; what is unknown is left out', async () => {
    const [confirmed, pending] = [await anOrderIn(shop, 'confirmed'), await anOrderIn(shop, 'pending')];
    const lines = await shop.customer.must(getOrderHistory, { params: { order_id: confirmed.id } });
    const parts = await partsOf([
      { order_id: confirmed.id, after: lines[0]?.sequence },
      { order_id: confirmed.id, after: Number.MAX_SAFE_INTEGER },
      { order_id: pending.id, after: Number.MAX_SAFE_INTEGER },
      { order_id: anId(), after: 0 },
    ]);
    assert.deepEqual(
      parts.sort((one, other) => one.status.localeCompare(other.status)),
      [
        { order_id: confirmed.id, user_id: confirmed.user_id, status: 'confirmed', transitions: lines.slice(1), has_more: false },
        { order_id: pending.id, user_id: pending.user_id, status: 'pending', transitions: [], has_more: false },
      ],
    );
  });

  test('a long history comes in parts', async () => {
    const order = await anOrderIn(shop, 'confirmed');
    await deliver(
      shop.ctx,
      Array.from({ length: historyLinesMax }, () => refunded(order)),
    );
    const [first] = await partsOf([{ order_id: order.id, after: 0 }]);
    const [rest] = await partsOf([{ order_id: order.id, after: first?.transitions.at(-1)?.sequence }]);
    assert.deepEqual(
      [first?.has_more, first?.transitions.length, rest?.has_more, rest?.transitions.length],
      [true, historyLinesMax, false, 3],
    );
  });

  test('are refused to others, and when the question is not one', async () => {
    const one = { order_id: anId(), after: 0 };
    assert.equal((await ask([one], await shop.tokenFor({ role: 'admin' }))).status, 403);
    const wrong = [[], [{ ...one, after: -1 }], [{ ...one, after: '1' }], [{ ...one, order_id: 'x' }], Array(historiesMax + 1).fill(one)];
    for (const orders of wrong) assert.equal((await ask(orders as Asked[])).status, 400, JSON.stringify(orders).slice(0, 80));
    assert.deepEqual(await partsOf(Array(historiesMax).fill(one) as Asked[]), []);
  });
});

test('what messages show of many orders is answered at once, to services only', async () => {
  const order = await anOrderIn(shop, 'confirmed');
  const ask = (order_ids: readonly string[], token = shop.internal_token): Promise<Response> =>
    fetch(shop.url + summariseOrders.path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ order_ids }),
    });
  const [summary, ...others] = (await (await ask([order.id, anId()])).json()) as OrderSummary[];
  assert.deepEqual(others, []);
  const { id, order_number, total_amount, currency, shipping_address, items } = order;
  assert.deepEqual(summary, {
    order_id: id,
    order_number,
    items: items.map(({ name, quantity, line_total }) => ({ name, quantity, line_total })),
    total_amount,
    currency,
    shipping_address,
  });
  assert.equal((await ask(Array.from({ length: 101 }, anId))).status, 400);
  assert.ok([401, 403].includes((await ask([order.id], await shop.keys.tokenFor({ role: 'admin' }))).status));
});
