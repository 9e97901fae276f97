import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { firstOrderLines } from '../src/first-order.ts';

test('the password of the customer is printed at the first start, and never again', async (t) => {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify([{ id: 'product', name: 'Thing' }]));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const gateway_url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [password, person] = ['a-very-secret-password', { email: '', full_name: '' }];
  const accounts = [{ ...person, role: 'customer' as const, username: 'customer', password }];
  const [first, later] = await Promise.all(
    [true, false].map((first_start) => firstOrderLines({ gateway_url, accounts, first_start, home: "/a shop's home" })),
  );
  assert.ok(first?.join('\n').includes(password));
  assert.ok(!later?.join('\n').includes(password));
  assert.match(later?.join('\n') ?? '', /souk -- token/);
  assert.ok(later?.join('\n').includes("SOUK_HOME='/a shop'\\''s home' npm run"));
});
