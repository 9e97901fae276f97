import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { cancelOrder, getOrder, importProducts, listOrders, logoutEverywhere, placeOrder } from '@souk/contracts';
import { createClient, fetchTransport, ProblemError, routeAddress } from '../src/index.ts';

const order_id = '01a20518-d385-705d-a094-bafc97027b7d';
const problem = {
  type: '/problems/order_not_cancellable',
  title: 'No',
  status: 409,
  detail: 'It is on its way.',
  instance: '/x',
  code: 'order_not_cancellable',
  correlation_id: 'c',
};

/** Answers with what it was asked, or with a problem for /cancel. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  if (request.url?.endsWith('/cancel')) {
    response.writeHead(409, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
    return;
  }
  if (request.url?.includes('logout')) {
    response.writeHead(204).end();
    return;
  }
  const {
    authorization,
    prefer,
    'idempotency-key': key,
    'x-correlation-id': correlation_id,
    'content-type': content_type,
  } = request.headers;
  const said = {
    method: request.method,
    url: request.url,
    authorization,
    prefer,
    key,
    correlation_id,
    content_type,
    text: Buffer.concat(chunks).toString(),
  };
  response.writeHead(200, { 'content-type': 'application/json', link: '</api/orders?cursor=x>; rel="next"' }).end(JSON.stringify(said));
}

const server = createServer((request, response) => void answer(request, response));
let base_url: string;
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base_url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.close();
  server.closeAllConnections();
});

for (const [name, transport] of [
  ['undici', undefined],
  ['fetch', fetchTransport()],
] as const) {
  describe(`a client over ${name}`, () => {
    const client = () => createClient({ base_url, token: 'mine', correlation_id: 'story-0001', ...(transport && { transport }) });
    const said = (body: unknown) => body as Record<string, string>;

    it('fills in path, query, headers and body', async () => {
      const { body, next, status } = await client().call(listOrders, { query: { limit: 5, cursor: 'a b', user_id: undefined as never } });
      assert.deepEqual([status, next], [200, '/api/orders?cursor=x']);
      const received = said(body);
      assert.deepEqual(
        [received['method'], received['url'], received['authorization'], received['correlation_id']],
        ['GET', '/api/orders?limit=5&cursor=a%20b', 'Bearer mine', 'story-0001'],
      );
      const items = [{ product_id: order_id, quantity: 1 }];
      const placed = await client().call(placeOrder, {
        body: { items, payment_method: 'tok_visa', shipping_address: { street: 's', city: 'c', postal_code: 'p', country: 'AT' } },
        idempotency_key: 'k1',
        prefer_wait_s: 5,
        token: null,
      });
      const order = said(placed.body);
      assert.deepEqual(
        [order['key'], order['prefer'], order['authorization'], order['content_type']],
        ['k1', 'wait=5', undefined, 'application/json'],
      );
      assert.deepEqual((JSON.parse(order['text'] ?? '') as { items: unknown }).items, items);
    });

    it('sends other content as it is', async () => {
      const { body } = await client().call(importProducts, { content: 'sku,name\n1,cup\n' });
      assert.deepEqual([said(body)['content_type'], said(body)['text']], ['text/csv', 'sku,name\n1,cup\n']);
    });

    it('answers a refusal, or throws it when success was a must', async () => {
      const refused = await client().call(cancelOrder, { params: { order_id }, body: {} });
      assert.deepEqual([refused.status, refused.code], [409, 'order_not_cancellable']);
      assert.equal((await client().refused(409, cancelOrder, { params: { order_id }, body: {} })).detail, 'It is on its way.');
      const isRefusal = (error: unknown) =>
        error instanceof ProblemError && error.code === 'order_not_cancellable' && /POST .* 409 .*on its way/.test(error.message);
      await assert.rejects(client().must(cancelOrder, { params: { order_id }, body: {} }), isRefusal);
      await assert.rejects(client().expect(200, cancelOrder, { params: { order_id }, body: {} }), isRefusal);
      await assert.rejects(client().refused(409, getOrder, { params: { order_id } }), ProblemError);
    });

    it('takes an empty answer', async () => {
      assert.equal((await client().expect(204, logoutEverywhere)).body, undefined);
      assert.equal(
        said(
          await client()
            .with({ token: async () => 'other' })
            .must(getOrder, { params: { order_id } }),
        )['authorization'],
        'Bearer other',
      );
    });
  });
}

it('an address without one of its members is a fault of the caller', () => {
  assert.equal(routeAddress({ path: '/a/{b_c}' }, { b_c: 'x/y' }), '/a/x%2Fy');
  assert.throws(() => routeAddress({ path: '/a/{b_c}' }), TypeError);
});
