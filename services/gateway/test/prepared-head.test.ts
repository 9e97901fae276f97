import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, it } from 'node:test';
import { createHeadWriter, isOrdinary } from '../src/http/prepared-head.ts';

const fields = ['content-type', 'application/json', 'x-name', 'J\xfcrgen\ttab', 'etag', '"1"', 'content-length', '4'];
const dated = ['date', 'Sun, 29 Nov 2026 00:00:00 GMT', ...fields];
const bodyless = ['etag', '"1"', 'vary', 'Accept-Encoding'];

type Begin = (response: ServerResponse, status: number, list: readonly string[]) => void;
const byText: Begin = createHeadWriter().write;
const byNode: Begin = (response, status, list) => void response.writeHead(status, [...list]);

/** What comes back on one connection for these requests, until the server ends it. */
async function exchange(listener: RequestListener, requests: string): Promise<string> {
  const server = createServer({ keepAliveTimeout: 72_000 }, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').setEncoding('latin1');
  let text = '';
  socket.on('data', (piece: string) => {
    text += piece;
  });
  socket.write(requests, 'latin1');
  await new Promise((resolve) => socket.once('close', resolve));
  server.close();
  return text;
}

/** The same requests, answered with heads that are begun by `begin`; the last one closes the connection in the ordinary way. */
function answers(begin: Begin, methods: readonly string[], status: number, list: readonly string[]): Promise<string> {
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    if (request.url === '/last') response.writeHead(200, ['connection', 'close', 'date', 'never', 'content-length', '0']).end();
    else {
      begin(response, status, list);
      assert.equal(response.headersSent, true);
      assert.equal(response.statusCode, status);
      if (request.method === 'HEAD' || status === 204 || status === 304) response.end();
      else response.end('b\xf6dy', 'latin1');
    }
  };
  const requests = methods.map((method) => `${method} / HTTP/1.1\r\nhost: a\r\n\r\n`).join('');
  return exchange(listener, `${requests}GET /last HTTP/1.1\r\nhost: a\r\n\r\n`);
}

const withoutDate = (text: string): string => text.replaceAll(/\r\nDate: [^\r]+ GMT\r\n/g, '\r\nDate: now\r\n');

describe('a prepared head', () => {
  for (const [what, status, list] of [
    ['an answer with a body', 200, fields],
    ['a refusal', 404, fields],
    ['a status without a name', 299, fields],
    ['an answer with a date of its own', 200, dated],
    ['204', 204, bodyless],
    ['304', 304, bodyless],
  ] as const)
    it(`is what Node would have written for ${what}, and the connection goes on`, async () => {
      for (const methods of [['GET'], ['HEAD'], ['GET', 'HEAD', 'POST', 'GET']]) {
        const text = await answers(byText, methods, status, list);
        assert.equal(withoutDate(text), withoutDate(await answers(byNode, methods, status, list)));
        assert.match(text, /\r\nconnection: close\r\n/i, 'the last answer has come too');
      }
    });

  it('has the date of now', async () => {
    const before = Math.floor(Date.now() / 1_000);
    const text = await answers(byText, ['GET'], 200, fields);
    const date = /\r\nDate: ([^\r]+)\r\n/.exec(text)?.[1] ?? '';
    const second = Date.parse(date) / 1_000;
    assert.ok(second >= before && second <= Date.now() / 1_000, date);
  });

  it('is not for HTTP/1.0, nor for who closes the connection, nor for interim answers', async () => {
    const seen: boolean[] = [];
    const listener = (request: IncomingMessage, response: ServerResponse): void => {
      seen.push(isOrdinary(request, response, 200));
      response.end();
    };
    await exchange(listener, 'GET / HTTP/1.0\r\nhost: a\r\n\r\n');
    await exchange(listener, 'GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n');
    await exchange(listener, 'GET / HTTP/1.1\r\nhost: a\r\n\r\nGET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n');
    assert.deepEqual(seen, [false, false, true, false]);
    const keeps = { shouldKeepAlive: true } as ServerResponse;
    assert.equal(isOrdinary({ httpVersionMajor: 1, httpVersionMinor: 1 } as IncomingMessage, keeps, 101), false);
  });
});
