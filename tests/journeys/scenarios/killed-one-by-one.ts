/**
 * The distributed world under fire: orders keep coming while the processes a checkout needs are killed, one after the other, each once the
 * one before is back, and then the broker and Redis.
 */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { createTestClient } from '@souk/client/testing';
import { getOrder, listProducts, placeOrder } from '@souk/contracts';
import { mapBounded, pause, systemIds } from '@souk/kernel';
import { until } from '@souk/platform/testing';
import type { ShopProcess } from '@souk/platform/testing/shop-process';
import { shipping_address } from '../_support.ts';

const ordersPerSecond = 15;
const readAtOnce = 8;
const attemptsMax = 40;
const services = ['orders', 'inventory', 'payments', 'gateway'];
/** Whether every instance of a service is well, as the first gateway that answers sees it. */
async function healthy(gateways: readonly string[], name: string): Promise<boolean> {
  for (const gateway of gateways) {
    const answer = await fetch(`${gateway}/health`).catch(() => undefined);
    const health = (await answer?.json().catch(() => undefined)) as
      | { services?: Record<string, { status: string }>; status: string }
      | undefined;
    if (health) return name === 'gateway' ? health.status === 'healthy' : health.services?.[name]?.status === 'healthy';
  }
  return false;
}

export async function killedOneByOne(t: TestContext, shop: ShopProcess, gateways: readonly [string, string]): Promise<void> {
  const token = (await shop.souk('token')).stdout.trim();
  const [first] = gateways;
  const products = (await createTestClient({ base_url: first, token }).expect(200, listProducts, { query: { in_stock: true, limit: 50 } }))
    .body;
  const placed = new Map<string, string>();
  const failures = new Map<string, number>();

  /** As a well-made client does: the same key on every try, another gateway after a failure. */
  const order = async (number: number): Promise<void> => {
    const idempotency_key = systemIds.uuid();
    const body = {
      items: [{ product_id: products[number % products.length]?.id as string, quantity: 1 }],
      shipping_address,
      payment_method: 'tok_visa',
    };
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      const api = createTestClient({ base_url: gateways[(number + attempt) % 2] as string, token });
      const answer = await api.call(placeOrder, { body, idempotency_key }).catch(() => undefined);
      if (answer?.status === 201) {
        placed.set(idempotency_key, (answer.body as { id: string }).id);
        return;
      }
      assert.ok(answer === undefined || answer.status >= 500, `only what is away refuses: ${answer?.text}`);
      const kind = answer === undefined ? 'connection lost' : `${answer.status} ${answer.code ?? ''}`;
      failures.set(kind, (failures.get(kind) ?? 0) + 1);
      await pause(250);
    }
    assert.fail('an order could not be placed at all');
  };

  let fire = true;
  t.after(() => {
    fire = false;
  });
  const orders: Promise<void>[] = [];
  const load = (async () => {
    for (let number = 0; fire; number += 1) {
      orders.push(order(number));
      await pause(1_000 / ordersPerSecond);
    }
  })();

  for (const name of services) {
    const program = new RegExp(`services/${name}/src/main`);
    const replicas = await shop.pidsOf(program);
    for (const pid of replicas) {
      process.kill(pid, 'SIGKILL');
      await until(
        async () =>
          (await shop.pidsOf(program)).filter((other) => other !== pid).length === replicas.length
            ? undefined
            : `${name} is not started again`,
        30_000,
      );
      await until(async () => ((await healthy(gateways, name)) ? undefined : `${name} is not back`), 30_000);
    }
  }
  for (const server of [/beam\.smp/, /redis-server/]) {
    for (const pid of await shop.pidsOf(server)) process.kill(pid, 'SIGTERM');
    await until(async () => ((await shop.pidsOf(server)).length > 0 ? undefined : `${server} is not started again`), 30_000);
    await until(async () => ((await healthy(gateways, 'orders')) ? undefined : 'orders has no broker yet'), 60_000);
  }
  fire = false;
  await load;
  await Promise.all(orders);
  const kinds = [...failures].map(([kind, count]) => `${count} × ${kind}`).join(', ') || 'none';
  t.diagnostic(`${placed.size} orders acknowledged; requests that failed and were repeated with their key: ${kinds}`);
  assert.equal(new Set(placed.values()).size, placed.size, 'each key has an order of its own');

  const fresh = (await shop.souk('token')).stdout.trim();
  const api = createTestClient({ base_url: first, token: fresh });
  await mapBounded([...placed.values()], readAtOnce, (order_id) =>
    until(async () => {
      const answer = await api.call(getOrder, { params: { order_id } }).catch(() => undefined);
      const status = answer?.status === 200 ? (answer.body as { status: string }).status : 'unread';
      return ['confirmed', 'cancelled'].includes(status) ? undefined : `an order is ${status}`;
    }, 90_000),
  );
  const audit = await shop.souk('audit', '--grace', '20');
  assert.equal(audit.code, 0, audit.stdout + audit.stderr);
  t.diagnostic(audit.stdout.trim().split('\n').at(-1) ?? '');
}
