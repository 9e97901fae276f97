import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { ServiceName } from '@souk/contracts';
import { silentLog } from '@souk/kernel';
import { awaitRoutes } from '../src/one-process/await-routes.ts';

/** Answers as a gateway does that finds a service with each question, and has keys after some more. */
async function aStartingGateway(names: readonly ServiceName[], ready_after: number) {
  let [found, asked_ready] = [0, 0];
  const server = createServer((request, response) => {
    if (request.url === '/health/ready') {
      asked_ready += 1;
      return response.writeHead(asked_ready > ready_after ? 200 : 503).end();
    }
    found += 1;
    const listed = names.map((name, place) => [name, [{ healthy: place < found }]]);
    return response.end(JSON.stringify(Object.fromEntries(listed)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    gateway_url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => ({ found, asked_ready }),
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

const options = { internal_token: 'x'.repeat(43), log: silentLog };

test('a start is over when the gateway finds every service and can check tokens', async () => {
  const names: ServiceName[] = ['users', 'orders'];
  await using gateway = await aStartingGateway(names, 3);
  await awaitRoutes({ ...options, gateway_url: gateway.gateway_url, names });
  assert.deepEqual(gateway.asked(), { found: 5, asked_ready: 4 });
});

test('where users is not running, the keys of the gateway are not waited for', async () => {
  await using gateway = await aStartingGateway(['orders'], Number.POSITIVE_INFINITY);
  await awaitRoutes({ ...options, gateway_url: gateway.gateway_url, names: ['orders'] });
  assert.deepEqual(gateway.asked(), { found: 1, asked_ready: 0 });
});

test('a gateway that never gets ready is a warning, with its name', async () => {
  const warnings: unknown[] = [];
  const log = { ...silentLog, warn: (fields: object) => void warnings.push(fields) };
  await using gateway = await aStartingGateway(['users'], Number.POSITIVE_INFINITY);
  await awaitRoutes({ ...options, log, gateway_url: gateway.gateway_url, names: ['users'], limit_ms: 100 });
  assert.deepEqual(warnings, [{ missing: ['gateway'] }]);
});
