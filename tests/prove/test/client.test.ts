/** What a customer of the proof does who has been erased by staff: an answer of the shop, however often anything is asked. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { it } from 'node:test';
import { createPerson } from '../src/client.ts';

it('a customer who is erased is refused each time, and signs in once only', async (t) => {
  let erased = false;
  let sign_ins = 0;
  const server = createServer(({ url }, response) => {
    const isSignIn = url === '/api/auth/login';
    if (isSignIn) sign_ins += 1;
    const status = erased ? 401 : 200;
    response.writeHead(sign_ins > 2 ? 429 : status).end(isSignIn ? '{"access_token":"a.b.c"}' : '{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const shop = [`http://127.0.0.1:${(server.address() as AddressInfo).port}`];
  const person = createPerson({ gateways: shop, accounts: shop }, 'buyer', 'id', { login: 'buyer', password: 'a password' });

  assert.equal((await person.send('GET', '/api/users/me')).status, 200);
  erased = true;
  for (let asked = 0; asked < 8; asked += 1) assert.equal((await person.send('GET', '/api/users/me')).status, 401);
  assert.equal(sign_ins, 2);
});
