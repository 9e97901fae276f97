import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Agent, type IncomingHttpHeaders, request, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { brotliDecompressSync, createGunzip, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { aGateway, anUpstream, type TestGateway, type Upstream, until } from './_support.ts';

const decoded = { gzip: gunzipSync, br: brotliDecompressSync, zstd: zstdDecompressSync } as const;
const suffixes = { gzip: ';gz', br: ';br', zstd: ';zs' } as const;
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

interface Came {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Text that codes as lists do: half of it repeated, half of it not. */
function listOf(bytes: number): string {
  let state = (seed % 2_147_483_646) + 1;
  let text = '[';
  while (text.length < bytes - 1) {
    state = (state * 48_271) % 2_147_483_647;
    text += `{"name":"Clay teapot","number":${state}},`;
  }
  return `${text.slice(0, bytes - 1)}]`;
}

describe(`answers on their way (seed ${seed})`, () => {
  let shop: TestGateway;
  let products: Upstream;
  let users: Upstream;
  let react: (response: ServerResponse, headers: IncomingHttpHeaders) => void;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });

  before(async () => {
    shop = await aGateway({ rate_limit: 'off', route_timeout_ms: 5_000 });
    products = await anUpstream((asked, response) => react(response, asked.headers));
    users = await anUpstream((_asked, response) => sendLong(response, listOf(100_000)));
    await shop.register('products', products);
    await shop.register('users', users);
  });
  after(async () => {
    agent.destroy();
    await shop.stop();
    await products.close();
    await users.close();
  });

  const sendLong = (response: ServerResponse, text: string, headers: Record<string, string> = {}, status = 200): void => {
    response.writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(text),
      ...headers,
    });
    response.end(text);
  };
  const answerWith = (text: string, headers: Record<string, string> = {}, status = 200): void => {
    react = (response) => sendLong(response, text, headers, status);
  };
  /** What comes over the wire, not decoded; rejects when the answer is broken off. */
  const ask = (headers: Record<string, string>, { method = 'GET', path = '/api/products' } = {}): Promise<Came> =>
    new Promise((resolve, reject) => {
      const sent = request(`${shop.url}${path}`, { method, headers, agent }, (answer) => {
        const pieces: Buffer[] = [];
        answer.on('data', (piece: Buffer) => pieces.push(piece));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(pieces) }));
        answer.on('error', reject);
      });
      sent.on('error', reject).end();
    });

  it('come in the coding the client likes best, byte for byte, with a tag of that form', async () => {
    for (const bytes of [32_769, 200_000, 3_000_000]) {
      const text = listOf(bytes);
      answerWith(text, { etag: '"5~x"' });
      for (const [accept, coding] of [
        ['gzip', 'gzip'],
        ['gzip, deflate, br', 'br'],
        ['gzip, deflate, br, zstd', 'zstd'],
        ['gzip;q=0.9, zstd;q=0.5', 'gzip'],
        ['zstd;q=0, br;q=0, *', 'gzip'],
        ['identity;q=0, gzip', 'gzip'],
        ['identity;q=0.5, gzip;q=0.8', 'gzip'],
      ] as const) {
        const { status, headers, body } = await ask({ 'accept-encoding': accept });
        assert.deepEqual(
          [status, headers['content-encoding'], headers['content-length'], headers.vary, headers.etag],
          [200, coding, undefined, 'Accept-Encoding', `"5~x${suffixes[coding]}"`],
          accept,
        );
        assert.ok(body.length < bytes / 2, `${body.length} of ${bytes}`);
        assert.equal(decoded[coding](body).toString(), text);
      }
    }
  });

  it('come as they are to who takes no coding, and say that another would get another form', async () => {
    const text = listOf(100_000);
    answerWith(text, { etag: '"5~x"', vary: 'Origin' });
    for (const accept of ['', 'identity', 'gzip;q=0', '*;q=0', 'identity, gzip;q=0.5', 'identity;q=0', 'deflate', 'gzip;q=x']) {
      const { headers, body } = await ask({ 'accept-encoding': accept });
      assert.deepEqual(
        [headers['content-encoding'], headers['content-length'], headers.vary, headers.etag],
        [undefined, '100000', 'Origin, Accept-Encoding', '"5~x"'],
        accept,
      );
      assert.equal(body.toString(), text, accept);
    }
  });

  it('are left alone when they are small, coded already, no text, parts, refusals, or about signing in', async () => {
    const long = listOf(100_000);
    const type = (name: string): Record<string, string> => ({ 'content-type': name });
    for (const [text, headers, status] of [
      [listOf(32_768), {}, 200],
      [long, { 'content-encoding': 'x-own' }, 200],
      [long, { 'cache-control': 'private, no-transform' }, 200],
      [long, { 'content-digest': 'sha-256=:AAAA:' }, 200],
      [long, type('image/svg+xml'), 200],
      [long, type('text/event-stream'), 200],
      [long, { 'content-range': 'bytes 0-99999/200000' }, 206],
      [long, {}, 404],
    ] as const) {
      answerWith(text, headers, status);
      const came = await ask({ 'accept-encoding': 'gzip' });
      const own = 'content-encoding' in headers ? headers['content-encoding'] : undefined;
      assert.deepEqual(
        [came.status, came.headers['content-encoding'], came.headers.vary],
        [status, own, undefined],
        JSON.stringify(headers),
      );
      assert.equal(came.body.toString(), text);
    }
    answerWith(long);
    assert.equal((await ask({ 'accept-encoding': 'gzip', 'cache-control': 'no-transform' })).headers['content-encoding'], undefined);
    const signed_in = await ask({ 'accept-encoding': 'gzip' }, { method: 'POST', path: '/api/auth/login' });
    assert.deepEqual([signed_in.status, signed_in.headers['content-encoding'], signed_in.body.length], [200, undefined, 100_000]);
  });

  it('say 304 with the tag that the client has, and take it where a write names a version', async () => {
    react = (response, { 'if-none-match': known }) => {
      if (known === '"5~x"') response.writeHead(304, { etag: '"5~x"' }).end();
      else sendLong(response, listOf(50_000), { etag: '"5~x"' });
    };
    for (const [known, tag] of [
      ['"5~x;gz"', '"5~x;gz"'],
      ['"5~x"', '"5~x"'],
    ] as const) {
      const { status, headers, body } = await ask({ 'accept-encoding': 'gzip', 'if-none-match': known });
      assert.deepEqual([status, headers.etag, body.length], [304, tag, 0]);
      assert.equal(products.seen.at(-1)?.headers['if-none-match'], '"5~x"');
    }
    assert.equal((await ask({ 'accept-encoding': 'gzip', 'if-none-match': '"4~x;gz"' })).status, 200);
    const authorization = `Bearer ${await shop.keys.tokenFor({ role: 'staff' })}`;
    await ask(
      { authorization, 'if-match': '"5~x;zs", "4~x;br"' },
      { method: 'DELETE', path: '/api/products/0190a0b0-0000-7000-8000-000000000001' },
    );
    assert.equal(products.seen.at(-1)?.headers['if-match'], '"5~x", "4~x"');
  });

  it('keep the tags of services, also those that end in the name of a coding', async () => {
    for (const tag of ['"5~x-gz"', '"5~x-br"', '"abc-zs"']) {
      react = (response, { 'if-none-match': known }) => {
        if (known === tag) response.writeHead(304, { etag: tag }).end();
        else sendLong(response, listOf(50_000), { etag: tag });
      };
      const plain = await ask({});
      const coded = await ask({ 'accept-encoding': 'gzip' });
      assert.deepEqual([plain.headers.etag, coded.headers.etag], [tag, tag.replace(/"$/, ';gz"')]);
      for (const { headers } of [plain, coded]) {
        const again = await ask({ 'accept-encoding': 'gzip', 'if-none-match': headers.etag ?? '' });
        assert.deepEqual([again.status, again.headers.etag], [304, headers.etag]);
      }
      const other = await ask({ 'accept-encoding': 'br', 'if-none-match': coded.headers.etag ?? '' });
      assert.deepEqual([other.status, other.headers['content-encoding']], [200, 'br'], 'it has no form that it takes now');
    }
    const authorization = `Bearer ${await shop.keys.tokenFor({ role: 'staff' })}`;
    await ask({ authorization, 'if-match': '"5~x-gz"' }, { method: 'DELETE', path: '/api/products/0190a0b0-0000-7000-8000-000000000001' });
    assert.equal(products.seen.at(-1)?.headers['if-match'], '"5~x-gz"');
  });

  it('say the same to HEAD, whose connection goes on', async () => {
    answerWith(listOf(100_000), { etag: '"5~x"' });
    for (const accept of ['zstd', 'identity']) {
      const { date: _, ...got } = (await ask({ 'accept-encoding': accept })).headers;
      const head = await ask({ 'accept-encoding': accept }, { method: 'HEAD' });
      const mine = ['content-type', 'content-encoding', 'content-length', 'vary', 'etag', 'connection'] as const;
      assert.equal(head.body.length, 0);
      for (const name of mine) assert.equal(head.headers[name], got[name], `${name} with ${accept}`);
      assert.equal(head.headers.connection, 'keep-alive');
    }
  });

  it('are broken off, not ended, when the service breaks off in the middle', async () => {
    for (const headers of [{ 'content-length': '900000' }, {}] as Record<string, string>[])
      for (const accept of ['gzip', 'br', 'zstd']) {
        react = (response) => {
          response.writeHead(200, { 'content-type': 'application/x-ndjson', ...headers });
          response.write(listOf(400_000), () => response.destroy());
        };
        await assert.rejects(ask({ 'accept-encoding': accept }), `${accept} ${JSON.stringify(headers)}`);
      }
    answerWith(listOf(50_000));
    assert.equal((await ask({ 'accept-encoding': 'gzip' })).status, 200, 'and the gateway goes on');
  });

  it('leave line by line where their length is not known', async () => {
    let more: ServerResponse | undefined;
    react = (response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' }).write('{"line":1}\n');
      more = response;
    };
    const text = await new Promise<string>((resolve, reject) => {
      const sent = request(`${shop.url}/api/products`, { headers: { 'accept-encoding': 'gzip' } }, (answer) => {
        let came = '';
        answer
          .pipe(createGunzip())
          .on('error', reject)
          .on('end', () => resolve(came))
          .on('data', (piece: Buffer) => {
            came += piece.toString();
            // The next line is only written when the first has arrived.
            if (came === '{"line":1}\n') more?.end('{"line":2}\n');
          });
      });
      sent.on('error', reject).end();
    });
    assert.equal(text, '{"line":1}\n{"line":2}\n');
  });

  it('are held back by a client that does not read, within the memory for one answer, and cost it its place', async () => {
    const small = await aGateway({ rate_limit: 'off', answer_buffer_bytes_max: 100_000, stall_timeout_ms: 1_000, route_timeout_ms: 5_000 });
    await small.register('products', products);
    let closed = false;
    let written = 0;
    // Does not get smaller, so that the client is what is slow.
    react = (response) => {
      response.writeHead(200, { 'content-type': 'text/csv' }).on('close', () => {
        closed = true;
      });
      const go = (): void => {
        for (;;) {
          const block = randomBytes(65_536);
          written += block.length;
          if (response.destroyed) return;
          if (!response.write(block)) break;
        }
        response.once('drain', go);
      };
      go();
    };
    const socket = connect(small.port, '127.0.0.1', () =>
      socket.pause().write('GET /api/products HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n'),
    );
    socket.on('error', () => undefined);
    await until(() => closed, 'the client has lost its place');
    // What the systems between the three hold, and no more.
    assert.ok(written < 40_000_000, `${written} bytes were taken from the service`);
    await until(() => small.gateway.context.buffers.used() === 0 && small.gateway.context.pools.busy() === 0, 'nothing is held');
    socket.destroy();
    await small.stop();
  });

  it('are as they are beyond a few at once, and coded again when those have ended', async () => {
    const text = listOf(40_000);
    const held: ServerResponse[] = [];
    react = (response) => {
      response.writeHead(200, { 'content-type': 'text/csv' }).write(text);
      held.push(response);
    };
    const sockets = Array.from({ length: 64 }, () => {
      const socket = connect(shop.port, '127.0.0.1', () =>
        socket.write('GET /api/products HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n'),
      );
      return socket.on('error', () => undefined);
    });
    const begun = sockets.map((socket) => new Promise((resolve) => socket.once('data', resolve)));
    await until(() => held.length === 64, 'all are under way');
    await Promise.all(begun);
    answerWith(text);
    const { headers, body } = await ask({ 'accept-encoding': 'gzip' });
    assert.deepEqual([headers['content-encoding'], headers.vary, body.toString()], [undefined, 'Accept-Encoding', text]);
    for (const response of held) response.end();
    await until(async () => (await ask({ 'accept-encoding': 'gzip' })).headers['content-encoding'] === 'gzip', 'there is a place again');
    for (const socket of sockets) socket.destroy();
  });
});
