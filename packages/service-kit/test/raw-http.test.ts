import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { type EdgeUnderTest, problemIn, rawRequest, startEdge } from './edge-support.ts';

let shop: EdgeUnderTest;

before(async () => {
  shop = await startEdge({ limits: { headers_timeout_ms: 300, request_timeout_ms: 600 } });
});
after(() => shop.edge.close(1_000));

describe('what is no proper HTTP request', () => {
  for (const [what, text, status] of [
    ['nonsense', 'GARBAGE\r\n\r\n', 400],
    ['a TLS greeting', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
    ['a request for a tunnel', 'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['two lengths', 'POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}', 400],
    ['a length and chunks', 'POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400],
    ['a folded header', 'GET /api/things HTTP/1.1\r\nHost: a\r\nX-A: b\r\n c\r\n\r\n', 400],
    ['a space before the colon', 'GET /api/things HTTP/1.1\r\nHost : a\r\n\r\n', 400],
    ['no host', 'GET /api/things HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['two hosts', 'GET /api/things HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n', 400],
    [
      'two tokens',
      'GET /api/things HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a\r\nauthorization: Bearer b\r\nConnection: close\r\n\r\n',
      400,
    ],
    ['a host that is none', 'GET /api/things HTTP/1.1\r\nHost: a b/c\r\nConnection: close\r\n\r\n', 400],
    ['no version', 'GET /api/things\r\n\r\n', 400],
    ['an address with a fragment', 'GET /api/things#x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 400],
    ['an address without end', `GET /api/things?q=${'x'.repeat(9_000)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`, 400],
    [
      'a coding nobody undoes',
      'POST /api/echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
      400,
    ],
    ['endless headers', `GET /api/things HTTP/1.1\r\nHost: a\r\nX-A: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['headers that never end', 'GET /api/things HTTP/1.1\r\nHost: a\r\nX-A: b', 408],
    ['a body that never ends', 'POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{', 408],
  ] as const) {
    it(`(${what}) is refused with ${status} and a problem document, and the connection ends`, async () => {
      const answer = await rawRequest(shop.port, text);
      assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `));
      assert.match(answer, /content-type: application\/problem\+json/i);
      assert.equal(problemIn(answer)['status'], status);
    });
  }

  it('leaves the server serving', async () => {
    assert.equal((await fetch(`${shop.url}/api/things`)).status, 200);
  });
});

it('a body announced as too large is refused before it is sent, and the connection ends', async () => {
  const answer = await rawRequest(
    shop.port,
    'POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n',
  );
  assert.match(answer, /^HTTP\/1.1 413 /);
  assert.match(answer, /connection: close/i);
  assert.equal(problemIn(answer)['code'], 'body_too_large');
});

it('an expectation nobody knows is ignored, as it may be', async () => {
  const answer = await rawRequest(shop.port, 'GET /api/things HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\nConnection: close\r\n\r\n');
  assert.match(answer, /^HTTP\/1.1 200 /);
});

it('a client that goes away in the middle of its body does no harm', async () => {
  const socket = connect(shop.port, '127.0.0.1');
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.on('close', () => resolve());
  socket.write('POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"a":', () =>
    socket.destroy(),
  );
  await promise;
  assert.equal((await fetch(`${shop.url}/api/things`)).status, 200);
});

it('nothing stays under way for clients that broke off, so that stopping need not wait for them', async () => {
  for (const text of [
    'POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{',
    'POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    'GET /api/things HTTP/1.1\r\nHost: a\r\n\r\nGET /api/things HTTP/1.1\r\nHost: a\r\n\r\nGARBAGE\r\n\r\n',
  ])
    await rawRequest(shop.port, text);
  assert.equal(shop.edge.inFlight(), 0);
});

it('two requests in one write get two answers in order', async () => {
  const get = 'GET /api/things/1 HTTP/1.1\r\nHost: a\r\n\r\nGET /api/things/2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
  const answer = await rawRequest(shop.port, get);
  assert.ok(answer.indexOf('{"thing_id":1}') < answer.indexOf('{"thing_id":2}') && answer.includes('{"thing_id":2}'));
});
