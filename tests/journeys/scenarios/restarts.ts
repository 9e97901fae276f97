/**
 * Gateways are restarted under load, a replica of a service is killed: no request fails. A client goes to the other gateway when
 * one takes no connection, as every balancer does; nothing else is repeated.
 */
import assert from 'node:assert/strict';
import { Agent, request as httpRequest } from 'node:http';
import type { TestContext } from 'node:test';
import { createTestClient } from '@souk/client/testing';
import { listProducts } from '@souk/contracts';
import { pause, systemIds } from '@souk/kernel';
import { until } from '@souk/platform/testing';
import type { ShopProcess } from '@souk/platform/testing/shop-process';
import { shipping_address } from '../_support.ts';

/** `npm run load -- restarts` does ten of them. */
const restarts = 3;
const clients = 12;
const pauseMs = 20;

interface Sent {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string;
}

function send(agent: Agent, gateway: string, { method, path, headers, body }: Sent): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(gateway + path, { method, headers, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text })).on('error', reject);
    });
    request.on('error', reject).end(body);
  });
}

export async function restartsFailNoRequest(t: TestContext, shop: ShopProcess, gateways: readonly [string, string]): Promise<void> {
  const token = (await shop.souk('token')).stdout.trim();
  const { body: products } = await createTestClient({ base_url: gateways[0], token }).expect(200, listProducts, {
    query: { in_stock: true, limit: 50 },
  });
  const failures: string[] = [];
  const counts = { reads: 0, orders: 0, elsewhere: 0 };
  let phase = 'start';
  const isRefused = (error: unknown): boolean => (error as { code?: string }).code === 'ECONNREFUSED';

  const ask = async (agents: readonly Agent[], sent: Sent, turn: number): Promise<void> => {
    for (const attempt of [0, 1]) {
      const at = (turn + attempt) % 2;
      try {
        const { status, text } = await send(agents[at] as Agent, gateways[at] as string, sent);
        if (status >= 300) failures.push(`${phase}: ${sent.method} ${sent.path} at gateway ${at}: ${status} ${text.slice(0, 200)}`);
        return;
      } catch (error) {
        if (attempt === 0 && isRefused(error)) counts.elsewhere += 1;
        else {
          failures.push(`${phase}: ${sent.method} ${sent.path} at gateway ${at}: ${String(error)}`);
          return;
        }
      }
    }
  };
  let isOver = false;
  t.after(() => {
    isOver = true;
  });
  const client = async (number: number): Promise<void> => {
    const agents = gateways.map(() => new Agent({ keepAlive: true, maxSockets: 1 }));
    const authorization = `Bearer ${token}`;
    for (let turn = number; !isOver; turn += 1) {
      const product_id = products[turn % products.length]?.id ?? '';
      if (turn % 10 === 0) {
        counts.orders += 1;
        const body = JSON.stringify({ items: [{ product_id, quantity: 1 }], shipping_address, payment_method: 'tok_visa' });
        const headers = { authorization, 'content-type': 'application/json', 'idempotency-key': systemIds.uuid() };
        await ask(agents, { method: 'POST', path: '/api/orders', headers, body }, turn);
      } else {
        counts.reads += 1;
        const path = turn % 2 === 0 ? `/api/products/${product_id}` : '/api/orders?limit=2';
        await ask(agents, { method: 'GET', path, headers: { authorization, 'cache-control': 'no-cache' } }, turn);
      }
      await pause(pauseMs);
    }
    for (const agent of agents) agent.destroy();
  };
  const load = Promise.all(Array.from({ length: clients }, (_, number) => client(number)));

  const again = async (program: RegExp, signal: 'SIGTERM' | 'SIGKILL', which: number): Promise<void> => {
    const before = await shop.pidsOf(program);
    const pid = before[which % before.length];
    assert.ok(pid, String(program));
    phase = `${signal} ${program.source} ${which}`;
    process.kill(pid, signal);
    await until(async () => {
      const others = (await shop.pidsOf(program)).filter((other) => !before.includes(other));
      return others.length > 0 ? undefined : `${program} is not started again`;
    }, 30_000);
    for (const gateway of gateways)
      await until(async () => {
        const answer = await fetch(`${gateway}/health/ready`).catch(() => undefined);
        return answer?.status === 200 ? undefined : `${gateway} is not ready`;
      }, 30_000);
  };
  for (let restart = 0; restart < restarts; restart += 1) await again(/services\/gateway\/src\/main/, 'SIGTERM', restart);
  const after_restarts = { ...counts };
  const failed = [...failures];
  await again(/services\/products\/src\/main/, 'SIGKILL', 0);
  await again(/services\/orders\/src\/main/, 'SIGKILL', 1);
  isOver = true;
  await load;
  t.diagnostic(`${restarts} restarts: ${JSON.stringify(after_restarts)}, ${failed.length} failed; in all ${JSON.stringify(counts)}`);
  assert.deepEqual(failed, []);
  // An order whose service is killed under it is repeated by its client with the same key; a read is answered by the other replica.
  assert.deepEqual(
    failures.filter((failure) => failure.includes(': GET')),
    [],
  );
}
