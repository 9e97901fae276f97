/**
 * A thousand streams and two hundred WebSockets watch orders at two gateways, while one gateway and RabbitMQ are killed and come back:
 * each sees every line of the history of its orders, once and in order.
 */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { createTestClient } from '@souk/client/testing';
import { completeOrder, getOrder, getOrderHistory, listProducts, placeOrder, shipOrder } from '@souk/contracts';
import { mapBounded, systemIds } from '@souk/kernel';
import { until } from '@souk/platform/testing';
import type { ShopProcess } from '@souk/platform/testing/shop-process';
import { shipping_address } from '../_support.ts';
import { followBySocket, followByStream, type Seen } from '../_watchers.ts';

const streams = 1_000;
const sockets = 200;
const orderCount = 100;
const ordersOfSocket = 5;
const atOnce = 8;
const productsMax = 50;
const piecesMin = 5;
/** For a process of the shop, or its broker, to come back on a machine that does other work. */
const backLimitMs = 100_000;
const shipment = { carrier: 'Post', tracking_number: 'P1' };

export async function watchersSeeEverything(t: TestContext, shop: ShopProcess, gateways: readonly [string, string]): Promise<void> {
  const token = (await shop.souk('token')).stdout.trim();
  const staff_token = (await shop.souk('token', '--role', 'staff')).stdout.trim();
  const [first, second] = gateways.map((base_url) => createTestClient({ base_url, token }));
  const staff = createTestClient({ base_url: gateways[1], token: staff_token });
  assert.ok(first && second);
  const listed = (await first.expect(200, listProducts, { query: { in_stock: true, limit: 100 } })).body;
  // Enough of each for all its orders: one that is sold out would be cancelled.
  const products = listed.filter(({ stock_quantity }) => stock_quantity >= piecesMin).slice(0, productsMax);
  assert.ok(products.length * piecesMin >= orderCount, `${products.length} products have ${piecesMin} pieces`);
  const order_ids = await mapBounded(
    Array.from({ length: orderCount }, (_, number) => number),
    atOnce,
    async (number) => {
      const body = {
        items: [{ product_id: products[number % products.length]?.id as string, quantity: 1 }],
        shipping_address,
        payment_method: 'tok_visa' as const,
      };
      return (await first.expect(201, placeOrder, { body, idempotency_key: systemIds.uuid() })).body.id;
    },
  );

  const stop = new AbortController();
  t.after(() => stop.abort());
  let came_back = 0;
  const cameBack = (): void => {
    came_back += 1;
  };
  const watching = { gateways, token, stopping: stop.signal, cameBack };
  const orderAt = (index: number): string => order_ids[index % orderCount] as string;
  const watchers: Promise<Seen | Seen[]>[] = [
    ...Array.from({ length: streams }, (_, index) => followByStream(watching, orderAt(index), gateways[index % 2] as string)),
    ...Array.from({ length: sockets }, (_, index) =>
      followBySocket(
        watching,
        Array.from({ length: ordersOfSocket }, (_ignored, more) => orderAt(index * ordersOfSocket + more)),
        gateways[index % 2] as string,
      ),
    ),
  ];
  const all = Promise.all(watchers).then((seen) => seen.flat());
  all.catch(() => undefined);

  const killed = async (command: RegExp, signal: 'SIGKILL' | 'SIGTERM', meanwhile: () => Promise<unknown>): Promise<void> => {
    const [pid] = await shop.pidsOf(command);
    assert.ok(pid, String(command));
    process.kill(pid, signal);
    await meanwhile();
    await until(async () => {
      const others = (await shop.pidsOf(command)).filter((other) => other !== pid);
      return others.length > 0 ? undefined : `${command} is not started again`;
    }, backLimitMs);
  };
  /** As someone at a desk does who tries again: the broker may be away, the order not confirmed yet. */
  const untilDone = (status: 'shipped' | 'completed') => (order_id: string) =>
    until(async () => {
      const params = { order_id };
      const asked =
        status === 'shipped' ? staff.call(shipOrder, { params, body: shipment }) : staff.call(completeOrder, { params, body: {} });
      const done: { status: number; text: string } | undefined = await asked.catch(() => undefined);
      assert.ok(done === undefined || [200, 409].includes(done.status) || done.status >= 500, done?.text ?? '');
      const answer = await second.call(getOrder, { params }).catch(() => undefined);
      const now = answer?.status === 200 ? (answer.body as { status: string }).status : 'unread';
      return now === status ? undefined : `an order is ${now}`;
    }, backLimitMs);
  const half = order_ids.slice(0, orderCount / 2);
  const other_half = order_ids.slice(orderCount / 2);
  const ship = untilDone('shipped');
  const complete = untilDone('completed');
  await killed(/services\/gateway\/src\/main/, 'SIGKILL', () => mapBounded(half, atOnce, ship));
  await killed(/beam\.smp/, 'SIGTERM', () => mapBounded(other_half, atOnce, ship));
  await mapBounded(half, atOnce, complete);
  await killed(/services\/gateway\/src\/main/, 'SIGTERM', () => mapBounded(other_half, atOnce, complete));

  const seen = await all;
  const histories = new Map(
    await mapBounded(order_ids, atOnce, async (order_id) => {
      const { body } = await second.expect(200, getOrderHistory, { params: { order_id } });
      return [order_id, body.map(({ sequence }) => sequence)] as const;
    }),
  );
  for (const { order_id, by, sequences } of seen) assert.deepEqual(sequences, histories.get(order_id), `${by} of ${order_id}`);
  const lines = [...histories.values()].reduce((sum, history) => sum + history.length, 0);
  assert.ok(came_back > (streams + sockets) / 3, 'many of them were cut off');
  t.diagnostic(`${seen.length} subscriptions of ${streams} streams and ${sockets} sockets, ${lines} lines, came back ${came_back} times`);
}
