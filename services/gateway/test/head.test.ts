import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { aGateway, anUpstream, sendJson, type TestGateway, type Upstream } from './_support.ts';

const headEnd = '\r\n\r\n';

/** One connection on which requests follow each other; every answer is read exactly as far as it goes. */
class Line {
  readonly #socket: Socket;
  #text = '';
  #closed = false;
  #wake: () => void = () => undefined;

  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.setEncoding('latin1').on('data', (piece: string) => {
      this.#text += piece;
      this.#wake();
    });
    this.#socket
      .on('error', () => undefined)
      .on('close', () => {
        this.#closed = true;
        this.#wake();
      });
  }

  send(bytes: string): void {
    this.#socket.write(bytes, 'latin1');
  }

  /** The head of the next answer; its body is expected to be `length` bytes. */
  async answer(has_body: boolean): Promise<{ head: string; body: string }> {
    await this.#until(() => this.#text.includes(headEnd));
    const at = this.#text.indexOf(headEnd) + headEnd.length;
    const head = this.#text.slice(0, at);
    assert.match(head, /^HTTP\/1\.1 \d{3} /, 'what follows an answer is the next one');
    const length = has_body ? Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0) : 0;
    await this.#until(() => this.#text.length >= at + length);
    const body = this.#text.slice(at, at + length);
    this.#text = this.#text.slice(at + length);
    return { head, body };
  }

  async #until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      assert.equal(this.#closed, false, `the connection has ended after ${JSON.stringify(this.#text)}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  end(): void {
    this.#socket.destroy();
  }
}

describe('a connection after an answer without a body', () => {
  let shop: TestGateway;
  let orders: Upstream;
  let token: string;
  /** Of the connections on which requests came to the service. */
  const ports = new Set<number | undefined>();
  before(async () => {
    shop = await aGateway({ rate_limit: 'off', upstream_connections_max: 1 });
    orders = await anUpstream((request, response, body) => {
      const { method, headers, url = '', socket } = request;
      ports.add(socket.remotePort);
      if (method === 'POST') sendJson(response, 201, { took: body }, { 'content-length': String(JSON.stringify({ took: body }).length) });
      else if (headers['if-none-match'] !== undefined) response.writeHead(304, { etag: '"1"' }).end();
      else if (url.includes('none')) response.writeHead(204).end();
      // Without a length: only the method says that nothing follows.
      else if (url.includes('open')) response.writeHead(200, { 'content-type': 'application/json' }).end('{"a":1}');
      else response.writeHead(200, { 'content-type': 'application/json', 'content-length': '7' }).end('{"a":1}');
    });
    await shop.register('orders', orders);
    token = await shop.keys.tokenFor();
  });
  after(async () => {
    await shop.stop();
    await orders.close();
  });

  const signedIn = (): string => `Host: a\r\nAuthorization: Bearer ${token}\r\n`;
  const cases: readonly (readonly [string, () => string, number, boolean])[] = [
    ['HEAD', () => `HEAD /api/orders HTTP/1.1\r\n${signedIn()}`, 200, false],
    ['HEAD of what has no length', () => `HEAD /api/orders?q=open HTTP/1.1\r\n${signedIn()}`, 200, false],
    ['HEAD of what the client has', () => `HEAD /api/orders HTTP/1.1\r\n${signedIn()}If-None-Match: "1"\r\n`, 304, false],
    ['GET of what the client has', () => `GET /api/orders HTTP/1.1\r\n${signedIn()}If-None-Match: "1"\r\n`, 304, false],
    ['GET of nothing', () => `GET /api/orders?q=none HTTP/1.1\r\n${signedIn()}`, 204, false],
    ['HEAD of nothing', () => `HEAD /api/orders?q=none HTTP/1.1\r\n${signedIn()}`, 204, false],
    ['HEAD that is refused', () => 'HEAD /api/orders HTTP/1.1\r\nHost: a\r\n', 401, false],
    ['HEAD of no address', () => 'HEAD /api/nothing HTTP/1.1\r\nHost: a\r\n', 404, false],
    ['GET that is refused', () => 'GET /api/orders HTTP/1.1\r\nHost: a\r\n', 401, true],
    ['a method that is not taken', () => 'DELETE /api/orders HTTP/1.1\r\nHost: a\r\n', 405, true],
    ['OPTIONS', () => 'OPTIONS /api/orders HTTP/1.1\r\nHost: a\r\n', 204, false],
    ['HEAD of what the gateway answers itself', () => 'HEAD /health/live HTTP/1.1\r\nHost: a\r\n', 200, false],
  ];
  for (const [what, request, status, has_body] of cases)
    it(`takes a POST: ${what}`, async () => {
      const line = new Line(shop.port);
      line.send(`${request()}\r\n`);
      const first = await line.answer(has_body);
      assert.match(first.head, new RegExp(`^HTTP/1\\.1 ${status} `));
      assert.doesNotMatch(first.head, /\r\nconnection: close/i);
      line.send(`POST /api/orders HTTP/1.1\r\n${signedIn()}Content-Type: application/json\r\nContent-Length: 3\r\n\r\n{ }`);
      const second = await line.answer(true);
      assert.match(second.head, /^HTTP\/1\.1 201 /);
      assert.equal(second.body, '{"took":"{ }"}');
      line.end();
    });

  it('takes them pipelined as well, in their order', async () => {
    const line = new Line(shop.port);
    line.send(cases.map(([, request]) => `${request()}\r\n`).join(''));
    for (const [what, , status, has_body] of cases) {
      const { head } = await line.answer(has_body);
      assert.match(head, new RegExp(`^HTTP/1\\.1 ${status} `), what);
    }
    line.end();
  });

  it('is the same one to the service for all of them', async () => {
    ports.clear();
    for (const [, request] of cases) {
      const line = new Line(shop.port);
      line.send(`${request()}\r\n`);
      await line.answer(false);
      line.end();
    }
    assert.equal(ports.size, 1);
  });
});
