/** Live updates over the running shop: its own events wake those who watch, before any sweep. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createEventStreamParser, type ServerEvent } from '@souk/client';
import { adjustStock, login, shipOrder } from '@souk/contracts';
import { required } from '@souk/kernel';
import { buy, openShop, type Shop } from './_support.ts';

/** A sweep looks after 3 s for what no broadcast said. */
const promptMs = 1_500;
const deliveries = 5;
let shop: Shop;
before(async () => {
  shop = await openShop();
});
after(() => shop?.souk.stop());

async function* watch(path: string, token?: string): AsyncGenerator<ServerEvent> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await fetch(`${shop.souk.gateway_url}${path}`, { headers });
  assert.equal(answer.status, 200);
  const parser = createEventStreamParser();
  for await (const bytes of answer.body ?? []) yield* parser.push(bytes);
}

async function nextNamed(events: AsyncIterator<ServerEvent>, ...names: string[]): Promise<ServerEvent> {
  const { value, done } = await events.next();
  assert.ok(done !== true, `the stream ended before ${names}`);
  return names.includes(value.event) ? value : nextNamed(events, ...names);
}

test('orders, stock and the shop are seen to change when the events of the shop say so', async (t) => {
  const shopper = await shop.aShopper();
  const account = required(
    shop.souk.accounts.find(({ role }) => role === 'staff'),
    'staff',
  );
  const tokenFor = async (of_login: string, password: string): Promise<string> =>
    (await shop.anonymous.expect(200, login, { body: { login: of_login, password } })).body.access_token;
  const product = await shop.aProduct(50);
  const { id: order_id } = await buy(shopper, product);
  await shop.souk.settle();
  const order = watch(`/api/orders/${order_id}/events`, await tokenFor(shopper.email, shopper.password));
  const stock = watch(`/api/stock/events?product_ids=${product.id}`);
  const all = watch('/api/live/events', await tokenFor(account.username, account.password));
  t.after(async () => {
    for (const events of [order, stock, all]) await events.return(undefined);
  });
  await Promise.all([nextNamed(order, 'confirmed'), nextNamed(stock, 'stock'), nextNamed(all, 'gap')]);

  // The subscription at the broker begins with the first who watch.
  await shop.staff.must(adjustStock, { params: { product_id: product.id }, body: { quantity_change: 1, reason: 'first' } });
  await nextNamed(all, 'inventory.updated');
  await nextNamed(stock, 'stock');
  await shop.staff.must(shipOrder, { params: { order_id }, body: { carrier: 'Post', tracking_number: '1' } });
  await nextNamed(order, 'shipped');
  const shipped = JSON.parse((await nextNamed(all, 'order.shipped')).data) as { payload: Record<string, unknown> };
  assert.equal(shipped.payload['order_id'], order_id);
  assert.deepEqual(
    ['metadata', 'correlation_id', 'version'].filter((name) => name in shipped.payload),
    [],
  );
  const took: number[] = [];
  for (let count = 1; count <= deliveries; count += 1) {
    const began = performance.now();
    await shop.staff.must(adjustStock, { params: { product_id: product.id }, body: { quantity_change: 1, reason: 'more' } });
    const level = JSON.parse((await nextNamed(stock, 'stock')).data) as { available: number };
    assert.equal(level.available, 50 + count);
    took.push(performance.now() - began);
  }
  // Each change follows the reading of the one before: the sweep would let all of them wait.
  const fastest_ms = Math.min(...took);
  assert.ok(fastest_ms < promptMs, `${took.map(Math.round)} ms`);
  process.stdout.write(`live: deliveries were seen after ${took.map((ms) => ms.toFixed(0)).join(', ')} ms\n`);
});
