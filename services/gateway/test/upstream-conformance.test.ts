/** What any way to the instances must do, tried on the gateway's own connections and on undici's alike. */
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { after, afterEach, before, describe, it } from 'node:test';
import { isConnectFailure, required } from '@souk/kernel';
import type { Flight, UpstreamRequest } from '../src/domain/upstream.ts';
import { until } from './_support.ts';
import { Collected, type Outcome, own, RawServer, randomOf, seed, undici, type Way } from './_upstream-ways.ts';

for (const [name, open, isOwn] of [
  ['own connections', own, true],
  ['undici', undici, false],
] as const)
  describe(`the way to the instances by ${name}`, () => {
    const server = new RawServer();
    let way: Way;
    before(() => server.open());
    after(() => server.close());
    afterEach(async () => {
      await way?.close();
      server.reset();
    });
    const usesOneConnection = (): void => {
      if (isOwn) assert.equal(server.sockets.length, 1);
    };
    const start = (): void => {
      way = open(server.port);
    };
    const begin = (request: Partial<UpstreamRequest> = {}): { handler: Collected; flight: Flight } => {
      const handler = new Collected();
      const flight = way.send({ method: 'GET', path: '/', headers: [], body: undefined, body_length: undefined, ...request }, handler);
      return { handler, flight };
    };
    const ask = (request: Partial<UpstreamRequest> = {}): Promise<Outcome> => begin(request).handler.outcome;

    it('passes head and body of each form, however they are cut, and uses the connection again', async (t) => {
      start();
      t.diagnostic(`SEED=${seed}`);
      const random = randomOf(seed);
      const big = 'x'.repeat(70_000);
      const forms: [text: string, status: number, body: string, method?: string][] = [
        ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-One: a\r\nX-Two:  b c \r\n\r\nhello', 200, 'hello'],
        [
          'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5;name=value\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\nX-Trailer: t\r\n\r\n',
          200,
          'hello world',
        ],
        ['HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n', 404, ''],
        ['HTTP/1.1 204 No Content\r\n\r\n', 204, ''],
        ['HTTP/1.1 304 Not Modified\r\netag: "1"\r\ncontent-length: 5\r\n\r\n', 304, ''],
        ['HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n', 200, '', 'HEAD'],
        [`HTTP/1.1 200 OK\r\ncontent-length: 70000\r\n\r\n${big}`, 200, big],
        [`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n11170\r\n${big}\r\n0\r\n\r\n`, 200, big],
      ];
      const rounds = Array.from({ length: 40 }, (_, index) => required(forms[index % forms.length], 'a form'));
      const inPieces = (text: string) => (socket: Socket) => {
        const cuts = [...new Set(Array.from({ length: 3 }, () => Math.floor(random() * Math.min(text.length, 400))))].sort((a, b) => a - b);
        const pieces = [...cuts, text.length].map((cut, index, all) => text.slice(all[index - 1] ?? 0, cut));
        const next = (): void => {
          const piece = pieces.shift();
          if (piece !== undefined) socket.write(piece, 'latin1', () => setImmediate(next));
        };
        next();
      };
      server.script(...rounds.map(([text]) => inPieces(text)));
      for (const [index, [text, status, body, method = 'GET']] of rounds.entries()) {
        const outcome = await ask({ method });
        assert.deepEqual(
          [outcome.error, outcome.status, outcome.body.length, outcome.body],
          [undefined, status, body.length, body],
          `${index}: ${text.slice(0, 100)}`,
        );
        if (index === 0) assert.deepEqual([outcome.fields['x-one'], outcome.fields['x-two']?.trim()], ['a', 'b c']);
      }
      usesOneConnection();
    });

    it('ends a body without a length with its connection', async () => {
      start();
      server.script((socket) => socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nuntil the end'), 'HTTP/1.1 204 No Content\r\n\r\n');
      assert.equal((await ask()).body, 'until the end');
      assert.equal((await ask()).status, 204);
      assert.equal(server.sockets.length, 2);
    });

    it('writes a request as it was given: without a body, from memory, from a stream with and without a length', async () => {
      start();
      const done = 'HTTP/1.1 204 No Content\r\n\r\n';
      let bodies = 0;
      server.answer = (socket) => {
        const text = server.received.join('');
        const ends = ['|end1', '|end2', '|end3', '|end4\r\n0\r\n\r\n'].filter((end) => text.includes(end)).length;
        while (bodies < ends) {
          bodies += 1;
          socket.write(done);
        }
      };
      const headers = ['x-one', 'a', 'x-one', 'b', 'cookie', 'caf\u00e9'];
      await ask({ method: 'PUT', path: '/a?b=%20c', headers, body: Buffer.from('{"é":1}|end1', 'utf8') });
      const large = `${'y'.repeat(100_000)}|end2`;
      await ask({ method: 'POST', body: Buffer.from(large) });
      const stream = (text: string) => Readable.from([Buffer.from(text.slice(0, 3)), Buffer.from(text.slice(3))], { objectMode: false });
      await ask({ method: 'POST', body: stream('streamed|end3'), body_length: 13 });
      await ask({ method: 'POST', body: stream('streamed|end4') });
      const text = server.received.join('').replace(large, '(large)');
      assert.match(text, /^PUT \/a\?b=%20c HTTP\/1\.1\r\nhost: 127\.0\.0\.1:\d+\r\n/i);
      assert.match(text, /x-one: a\r\nx-one: b\r\ncookie: caf\u00e9\r\n/i);
      assert.match(text, /content-length: 13\r\n[\s\S]*\{"\u00c3\u00a9":1\}\|end1POST/i);
      assert.ok(text.includes('(large)'), 'the large body is there');
      assert.match(text, /content-length: 13\r\n[\s\S]*\r\n\r\nstreamed\|end3POST/i);
      assert.match(text, /transfer-encoding: chunked\r\n[\s\S]*\r\n3\r\nstr\r\na\r\neamed\|end4\r\n0\r\n\r\n$/i);
      usesOneConnection();
    });

    it('says that a POST without a body has none', async () => {
      start();
      server.script('HTTP/1.1 204 No Content\r\n\r\n');
      await ask({ method: 'POST' });
      assert.match(server.received[0] ?? '', /content-length: 0\r\n/i);
    });

    it('fails when the connection is lost before or within the answer, and the next request gets another one', async () => {
      start();
      server.script(
        (socket) => void socket.destroy(),
        (socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf', () => socket.destroy()),
        (socket) => void socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n'),
        'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok',
      );
      for (let turn = 0; turn < 3; turn += 1) {
        const { error } = await ask();
        assert.ok(error instanceof Error, `turn ${turn}`);
        assert.equal(isConnectFailure(error), false);
      }
      assert.equal((await ask()).body, 'ok');
    });

    it('does not use a connection again that was closed while it was idle', async () => {
      start();
      server.script('HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\none', 'HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\ntwo');
      await ask();
      const [first] = server.sockets;
      const closed = new Promise((resolve) => first?.once('close', resolve));
      first?.end();
      await closed;
      assert.equal((await ask()).body, 'two');
      assert.equal(server.sockets.length, 2);
    });

    it('never takes for the next answer what a service sent beyond the last one', async () => {
      start();
      server.script(
        'HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\noneHTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil',
        'HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\ntwo',
      );
      const first = await ask();
      assert.equal(first.body, 'one');
      assert.equal((await ask()).body, 'two');
      assert.equal(server.sockets.length, 2);
    });

    it('refuses heads and chunks that can be read in two ways', async () => {
      start();
      const bad = [
        'HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabcd',
        'HTTP/1.1 200 OK\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
        'HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n',
        'HTTP/1.1 200 OK\r\ncontent-length: 0x3\r\n\r\nabc',
        'HTTP/1.1 200 OK\r\ncontent-length : 3\r\n\r\nabc',
        'HTTP/1.1 200 OK\r\nno colon here\r\n\r\n',
        'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n',
        'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabcdef\r\n0\r\n\r\n',
        'SMTP ready\r\n\r\n',
        'HTTP/1.1 99 Early\r\n\r\n',
        // What undici lets pass, services of ours never send.
        ...(isOwn
          ? [
              'HTTP/1.1 200 OK\r\nx-one: a\r\n folded\r\ncontent-length: 0\r\n\r\n',
              'HTTP/1.1 200 OK\nx-one: a\r\ncontent-length: 0\r\n\r\n',
              'HTTP/1.1 200 OK\r\nx-one: a\0b\r\ncontent-length: 0\r\n\r\n',
              'HTTP/1.1 200 OK\r\nx-one: a\x01b\r\ncontent-length: 0\r\n\r\n',
              'HTTP/1.1 200 OK\r\nx-one: a\x7fb\r\ncontent-length: 0\r\n\r\n',
              'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n',
              'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n',
              'HTTP/2.0 200 OK\r\ncontent-length: 0\r\n\r\n',
            ]
          : []),
        `HTTP/1.1 200 OK\r\nx-long: ${'a'.repeat(70_000)}\r\n\r\n`,
      ];
      for (const text of bad) {
        server.script(text);
        const { error } = await ask();
        assert.ok(error instanceof Error, JSON.stringify(text.slice(0, 100)));
        assert.equal(isConnectFailure(error), false);
      }
      server.script('HTTP/1.1 204 No Content\r\n\r\n');
      assert.equal((await ask()).status, 204);
    });

    it('gives a request up while it waits and while it is answered, and does not use that connection again', async () => {
      start();
      const reason = new Error('given up');
      const open = [begin(), begin()];
      await until(() => server.received.filter((text) => text !== '').length === 2, 'two are sent');
      const waiting = begin();
      assert.equal(waiting.handler.was_sent, false);
      waiting.flight.abort(reason);
      open[0]?.flight.abort(reason);
      assert.equal((await (open[0] as { handler: Collected }).handler.outcome).error, reason);
      assert.equal((await waiting.handler.outcome).error, reason);
      server.script('HTTP/1.1 204 No Content\r\n\r\n');
      assert.equal((await ask()).status, 204);
      open[1]?.flight.abort(reason);
      await open[1]?.handler.outcome;
      for (const text of server.received.slice(0, 2)) assert.equal(text.split('\r\n\r\n').length - 1, 1);
    });

    it('holds the service up while the answer is paused, and loses nothing', async () => {
      start();
      const bytes = 30_000_000;
      let written = 0;
      server.script((socket) => {
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${bytes}\r\n\r\n`);
        const piece = Buffer.alloc(100_000, 'z');
        const go = (): void => {
          while (written < bytes) {
            written += piece.length;
            if (!socket.write(piece)) {
              socket.once('drain', go);
              return;
            }
          }
        };
        go();
      });
      const { handler, flight } = begin();
      let held = false;
      handler.onData = () => {
        if (held || handler.bytes < 1_000_000) return;
        held = true;
        flight.pause();
      };
      await until(() => held, 'it is held');
      const at_pause = handler.bytes;
      // The buffers of the system are full when nothing more is written for a while.
      let before = -1;
      await until(() => {
        const same = before === written;
        before = written;
        return same;
      }, 'the service writes no more');
      assert.ok(written < bytes, `${written} written`);
      assert.ok(handler.bytes - at_pause < 500_000, 'a paused answer hands on nothing more');
      flight.resume();
      const { body, error } = await handler.outcome;
      assert.deepEqual([error, body.length], [undefined, bytes]);
    });

    it('says that nobody listens as what it is: nothing was sent', async () => {
      const closed = new RawServer();
      await closed.open();
      const { port } = closed;
      await closed.close();
      way = open(port);
      const { handler } = begin();
      const { error } = await handler.outcome;
      assert.equal(isConnectFailure(error), true);
      assert.equal(handler.was_sent, false);
    });

    it('ends the connection when the answer comes before the request has ended', async () => {
      start();
      server.script('HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n', 'HTTP/1.1 204 No Content\r\n\r\n');
      const body = new Readable({ read: () => undefined });
      body.push('beginning');
      assert.equal((await ask({ method: 'POST', body, body_length: 1_000 })).status, 413);
      body.destroy();
      assert.equal((await ask()).status, 204);
      assert.equal(server.sockets.length, 2);
    });

    if (isOwn)
      it('refuses beyond its places, and each that waits gets its turn', async () => {
        start();
        const asked = [begin(), begin(), begin(), begin()];
        assert.throws(() => begin(), { code: 'overloaded' });
        await until(() => server.received.filter((text) => text !== '').length === 2, 'two are sent');
        server.answer = (socket, text) => {
          const heads = text.split('\r\n\r\n').length - 1;
          socket.write('HTTP/1.1 204 No Content\r\n\r\n'.repeat(heads > 1 ? 1 : 0));
        };
        for (const socket of server.sockets) socket.write('HTTP/1.1 204 No Content\r\n\r\n');
        const statuses = await Promise.all(asked.map(async ({ handler }) => (await handler.outcome).status));
        assert.deepEqual(statuses, [204, 204, 204, 204]);
        assert.equal(server.sockets.length, 2);
      });
  });
