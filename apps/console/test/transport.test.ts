import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { listOrders, refundPayment } from '@souk/contracts';
import { type Ask, createAsk, RefusedError, UnansweredError } from '../src/live/transport.ts';

type React = (request: IncomingMessage, response: ServerResponse) => void;

describe('a request to the shop', () => {
  let ask: Ask;
  let react: React;
  let ended = 0;
  let close: () => Promise<void>;
  before(async () => {
    const server = createServer((request, response) => react(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const send: typeof fetch = (address, init) => fetch(`http://127.0.0.1:${port}${String(address)}`, init);
    ask = createAsk(send, () => {
      ended += 1;
    });
    close = () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      });
  });
  after(() => close());

  const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };

  it('fills in its address, and answers with what goes on from there', async () => {
    let url: string | undefined;
    react = (request, response) => {
      url = request.url;
      json(response, 200, [], { etag: '"3"', link: '</api/orders?cursor=abc%3D&limit=5>; rel="next"' });
    };
    const reply = await ask(listOrders, { query: { limit: 5, status: 'confirmed' } });
    assert.equal(url, '/api/orders?limit=5&status=confirmed');
    assert.deepEqual(reply, { body: [], etag: '"3"', next_cursor: 'abc=' });
  });

  it('carries its key and the version that it is made for', async () => {
    let seen: IncomingMessage['headers'] = {};
    react = (request, response) => {
      seen = request.headers;
      json(response, 201, {});
    };
    await ask(refundPayment, { params: { payment_id: 'p' }, body: { amount: 1, reason: 'x' }, idempotency_key: 'k', if_match: '"3"' });
    assert.deepEqual([seen['idempotency-key'], seen['if-match'], seen['content-type']], ['k', '"3"', 'application/json']);
  });

  it('that is refused throws the problem, also where that is a page of something else', async () => {
    react = (_request, response) => json(response, 409, { code: 'stock_mismatch', detail: 'There are 7.' }, { 'retry-after': '2' });
    await assert.rejects(
      ask(listOrders),
      (error) => error instanceof RefusedError && error.problem.code === 'stock_mismatch' && error.retry_after_ms === 2_000,
    );
    react = (_request, response) => void response.writeHead(500).end('<h1>Oops</h1>');
    await assert.rejects(ask(listOrders), (error) => error instanceof RefusedError && error.problem.status === 500);
  });

  it('without a session says so', async () => {
    react = (_request, response) => json(response, 401, { code: 'token_missing', detail: '' });
    await assert.rejects(ask(listOrders), RefusedError);
    assert.equal(ended, 1);
  });

  it('is unanswered when the connection breaks, and a command also when the gateway did not hear its end', async () => {
    react = (_request, response) => void response.destroy();
    await assert.rejects(ask(listOrders), UnansweredError);
    react = (_request, response) => json(response, 504, { code: 'upstream_timeout', detail: '' });
    await assert.rejects(ask(listOrders), RefusedError);
    await assert.rejects(ask(refundPayment, { params: { payment_id: 'p' }, body: { amount: 1, reason: 'x' } }), UnansweredError);
  });
});
