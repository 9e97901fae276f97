import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type EdgeUnderTest, rawRequest, startEdge } from './edge-support.ts';

describe('a service', () => {
  let shop: EdgeUnderTest;
  before(async () => {
    shop = await startEdge();
  });
  after(() => shop.edge.close(1_000));

  it('keeps a connection after answers without a body, whatever the client takes of types', async () => {
    const etag = (await fetch(`${shop.url}/api/things/5`)).headers.get('etag') ?? '';
    const first = ['HEAD /api/things/5', 'HEAD /api/nothing', 'HEAD /api/admin', 'OPTIONS /api/things'].map(
      (line) => `${line} HTTP/1.1\r\nHost: a\r\n`,
    );
    const conditional = ['HEAD', 'GET'].map((method) => `${method} /api/things/5 HTTP/1.1\r\nHost: a\r\nIf-None-Match: ${etag}\r\n`);
    const content = '{"name":"vase","price":1}';
    const last =
      `POST /api/things HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${await shop.keys.tokenFor()}\r\nAccept: */*;q=0, text/html\r\nConnection: close\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${content.length}\r\n\r\n${content}`;
    const text = await rawRequest(shop.port, `${[...first, ...conditional].map((head) => `${head}\r\n`).join('')}${last}`);
    const answers = text.split(/(?=HTTP\/1\.1 \d{3} )/);
    assert.deepEqual(
      answers.map((answer) => answer.slice(9, 12)),
      ['200', '404', '405', '204', '304', '304', '201'],
    );
    for (const answer of answers.slice(0, -1)) assert.match(answer, /^[\s\S]*?\r\n\r\n$/, 'nothing follows the head');
    assert.equal(answers.filter((answer) => /\r\nconnection: close/i.test(answer)).length, 1);
  });
});
