/** The rate limit of the graph: documents count by their cost, and each answer says what its caller has left. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createEventStreamParser } from '@souk/client';
import { type GraphqlAnswer, login } from '@souk/contracts';
import { buy, openShop, type Shop } from './_support.ts';

const quota = 210;

/** Exact but for what a minute that ends meanwhile gives back. */
function fell(from: number, to: number, by: number): void {
  assert.ok(from - to <= by && from - to >= by - 2, `${from} to ${to} is not ${by} less`);
}

describe('the rate limit of the graph', () => {
  let shop: Shop;
  before(async () => {
    shop = await openShop({ env: { RATE_LIMIT: 'on', RATE_LIMIT_READ_MAX: String(quota), RATE_LIMIT_AUTH_MAX: '1000' } });
  });
  after(() => shop?.souk.stop());

  interface Reply {
    status: number;
    left: number;
    requests: number | undefined;
    headers: Headers;
    code: string | undefined;
  }
  const aToken = async (): Promise<string> => {
    const { email, password } = await shop.aShopper();
    return (await shop.anonymous.expect(200, login, { body: { login: email, password } })).body.access_token;
  };
  const ask = async (token: string, query: string): Promise<Reply> => {
    const answer = await fetch(`${shop.souk.gateway_url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query }),
    });
    const body = (await answer.json()) as GraphqlAnswer & { code?: string };
    return {
      status: answer.status,
      left: Number(/r=(\d+)/.exec(answer.headers.get('ratelimit') ?? '')?.[1]),
      requests: body.extensions?.cost.requests,
      headers: answer.headers,
      code: body.code ?? body.errors?.[0]?.extensions.code,
    };
  };

  test('is by cost, told in the answer itself, so that a client that keeps to it is never refused', async () => {
    const token = await aToken();
    const cheap = await ask(token, '{ me { id } }');
    assert.deepEqual([cheap.requests, cheap.headers.get('x-souk-requests')], [1, null]);
    fell(quota, cheap.left, 1);
    const dear = await ask(token, '{ products(limit: 100) { nodes { id name stock { available } } } }');
    assert.equal(dear.requests, 22);
    fell(cheap.left, dear.left, 22);
    // A refused document asks nobody for anything.
    const refused = await ask(token, '{ products(limit: 2000) { nodes { id } } }');
    assert.deepEqual([refused.code, refused.requests], ['graphql_too_costly', undefined]);
    fell(dear.left, refused.left, 1);
    let left = refused.left;
    let answered = 0;
    while (left >= 22) {
      const one = await ask(token, '{ products(limit: 100) { nodes { id name stock { available } } } }');
      assert.equal(one.status, 200);
      left = one.left;
      answered += 1;
    }
    assert.ok(answered >= 7 && answered <= 9, `${answered}`);
    const last = await ask(token, '{ products(limit: 100) { nodes { id name stock { available } } } }');
    assert.deepEqual([last.status, last.left], [200, 0]);
    const beyond = await ask(token, '{ me { id } }');
    assert.deepEqual([beyond.status, beyond.code], [429, 'rate_limited']);
    assert.ok(Number(beyond.headers.get('retry-after')) >= 1);
    assert.equal((await ask(await aToken(), '{ me { id } }')).status, 200, 'others have limits of their own');
    process.stdout.write(`graph: ${answered + 2} documents of 22 requests used up a limit of ${quota}\n`);
  });

  test('counts a subscription by the cost of one event, and the stream it is read from as one request', async () => {
    const shopper = await shop.aShopper();
    const token = (await shop.anonymous.expect(200, login, { body: { login: shopper.email, password: shopper.password } })).body
      .access_token;
    const { id } = await buy(shopper, await shop.aProduct(5));
    const before_it = await ask(token, '{ me { id } }');
    const gone = new AbortController();
    const answer = await fetch(`${shop.souk.gateway_url}/graphql`, {
      method: 'POST',
      headers: { accept: 'text/event-stream', 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: `subscription { orderChanged(order_id: "${id}") { to order { items { product { name } } } } }` }),
      signal: gone.signal,
    });
    const parser = createEventStreamParser();
    for await (const bytes of answer.body ?? []) if (parser.push(bytes).length > 0) break;
    gone.abort();
    const after_it = await ask(token, '{ me { id } }');
    // The cost of an event, the stream, this one.
    fell(before_it.left, after_it.left, 2 + 1 + 1);
  });
});
