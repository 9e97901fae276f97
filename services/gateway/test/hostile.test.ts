import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { aGateway, anUpstream, rawExchange, sendJson, type TestGateway, type Upstream, until } from './_support.ts';

const bodyMax = 1_048_576;

describe('a hostile client', () => {
  let shop: TestGateway;
  let users: Upstream;

  before(async () => {
    users = await anUpstream((_request, response, body) => sendJson(response, 200, { length: body.length }));
    shop = await aGateway({
      headers_timeout_ms: 300,
      request_timeout_ms: 600,
      stall_timeout_ms: 600,
      url_length_max: 4_000,
      rate_limit: 'off',
    });
    await shop.register('users', users);
  });
  after(async () => {
    await shop.stop();
    await users.close();
  });

  const head = 'POST /api/auth/login HTTP/1.1\r\nHost: a\r\n';
  const smuggling: Readonly<Record<string, string>> = {
    'both lengths': `${head}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n`,
    'two different lengths': `${head}Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde`,
    'a length with a sign': `${head}Content-Length: +4\r\n\r\nabcd`,
    'a length in hexadecimal': `${head}Content-Length: 0x4\r\n\r\nabcd`,
    'a coding nobody undoes': `${head}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
    'a disguised coding': `${head}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
    'chunked twice': `${head}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    'a coding before a space and colon': `${head}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`,
    'a folded header': `${head}X-A: 1\r\n folded\r\nContent-Length: 0\r\n\r\n`,
    'a broken chunk size': `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n`,
    'a bare line feed': 'GET /api/products HTTP/1.1\nHost: a\n\n',
    'a zero byte in a header': `${head}X-A: a\0b\r\n\r\n`,
    'two hosts': 'GET /api/products HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n',
    'two tokens':
      'GET /api/users/me HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a\r\nauthorization: Bearer b\r\nConnection: close\r\n\r\n',
    'no host': 'GET /api/products HTTP/1.1\r\nConnection: close\r\n\r\n',
    'another protocol': 'HELO shop.example\r\n\r\n',
  };
  for (const [what, bytes] of Object.entries(smuggling)) {
    it(`with ${what} gets 400 and reaches no service`, async () => {
      const before = users.seen.length;
      const text = await rawExchange(shop.port, bytes, (came) => came.includes('\r\n\r\n{') && came.includes('}'));
      assert.match(text, /^HTTP\/1\.1 400 /);
      assert.match(text, /content-type: application\/problem\+json/);
      assert.match(text, /"code":"(validation_failed|header_invalid)"/);
      assert.equal(text.match(/HTTP\/1\.1/g)?.length, 1, 'one answer only');
      assert.equal(users.seen.length, before);
    });
  }

  it('who sends an address that is too long or not encoded is told so', async () => {
    assert.match(
      await rawExchange(shop.port, `GET /api/products?q=${'a'.repeat(5_000)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`),
      /^HTTP\/1\.1 400 /,
    );
    assert.match(await rawExchange(shop.port, 'GET /api/products#x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'), /^HTTP\/1\.1 400 /);
    assert.match(
      await rawExchange(shop.port, `GET /api/products HTTP/1.1\r\nHost: a\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`),
      /^HTTP\/1\.1 431 [\s\S]*headers_too_large/,
    );
  });

  it('who writes the address whole is served as if he had written its path', async () => {
    assert.match(
      await rawExchange(shop.port, 'GET http://a/health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'),
      /^HTTP\/1\.1 200 /,
    );
  });

  it('cannot put a header into the answer', async () => {
    const text = await rawExchange(
      shop.port,
      'GET /nothing%0d%0aX-Evil:1 HTTP/1.1\r\nHost: a\r\nX-Correlation-ID: a%0d%0aX-Evil: 1\r\nConnection: close\r\n\r\n',
    );
    assert.match(text, /^HTTP\/1\.1 404 /);
    assert.doesNotMatch(text, /^X-Evil/im);
  });

  it('who announces 10 MB is refused with 413, and the service hears nothing', async () => {
    const before = users.seen.length;
    const answer = await fetch(`${shop.url}/api/auth/login`, { method: 'POST', body: 'x'.repeat(10_000_000) });
    assert.equal(answer.status, 413);
    assert.equal(((await answer.json()) as { code: string }).code, 'body_too_large');
    assert.equal(users.seen.length, before);
  });

  it('who is cut off reads Connection once, and once only', async () => {
    const large = `${head}Content-Length: 10000000\r\n\r\n`;
    const foreign = 'HEAD /ws HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n';
    const early = `DELETE /api/products HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n`;
    for (const [bytes, status, value] of [
      [large, 413, 'close'],
      [early, 405, 'close'],
      ['GET /ws HTTP/1.1\r\nHost: a\r\n\r\n', 426, 'upgrade'],
      [foreign, 426, 'upgrade'],
    ] as const) {
      const text = await rawExchange(shop.port, bytes, (came) => came.includes('\r\n\r\n'));
      const lines = [...text.matchAll(/\r\nconnection: ([^\r]*)/gi)].map(([, found]) => found);
      assert.deepEqual([Number(text.slice(9, 12)), lines], [status, [value]], bytes.slice(0, 40));
    }
  });

  it('who sends chunks without end is refused with 413 when the limit is passed', async () => {
    const before = users.seen.length;
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
    const text = await rawExchange(
      shop.port,
      `${head}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(Math.ceil(bodyMax / 65_536) + 4)}`,
      (came) => came.includes('body_too_large'),
    );
    assert.match(text, /^HTTP\/1\.1 413 /);
    assert.equal(users.seen.length, before, 'no whole request has arrived');
    await until(() => shop.gateway.context.pools.busy() === 0, 'the place at the service is free again');
  });

  it('who sends his headers too slowly gets 408', async () => {
    assert.match(await rawExchange(shop.port, 'GET /api/products HTTP/1.1\r\nHost: a\r\nX-A'), /^HTTP\/1\.1 408 [\s\S]*request_timeout/);
  });

  it('who sends his body too slowly gets 408 and holds no connection to a service', async () => {
    const before = users.seen.length;
    assert.match(await rawExchange(shop.port, `${head}Content-Length: 100\r\n\r\n{`), /^HTTP\/1\.1 408 [\s\S]*request_timeout/);
    assert.match(
      await rawExchange(shop.port, `${head}Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`),
      /^HTTP\/1\.1 408 [\s\S]*request_timeout/,
    );
    assert.equal(users.seen.length, before);
    await until(() => shop.gateway.context.pools.busy() === 0, 'nothing is held');
  });

  it('who sends a body for the gateway itself too slowly gets 408', async () => {
    const request = `PUT /registry/services/orders/a HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${shop.registration_token}\r\nContent-Type: application/json\r\n`;
    assert.match(await rawExchange(shop.port, `${request}Content-Length: 100\r\n\r\n{`), /^HTTP\/1\.1 408 [\s\S]*request_timeout/);
  });

  it('who leaves in the middle of his body leaves nothing behind', async () => {
    const socket = connect(shop.port, '127.0.0.1', () => socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`));
    await until(() => shop.gateway.context.buffers.used() === 5, 'it is on its way');
    socket.destroy();
    await until(() => shop.gateway.context.buffers.used() === 0, 'the place is free again');
    await until(async () => await shop.gateway.settled(), 'nothing is under way');
  });

  it('does not keep others from being served', async () => {
    const answer = await fetch(`${shop.url}/api/auth/login`, { method: 'POST', body: '{}' });
    assert.deepEqual(await answer.json(), { length: 2 });
  });
});
