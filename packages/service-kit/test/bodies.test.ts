import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Agent, request } from 'undici';
import { type EdgeUnderTest, refusalOf, startEdge } from './edge-support.ts';

let shop: EdgeUnderTest;
let token: string;

before(async () => {
  shop = await startEdge();
  token = await shop.keys.tokenFor();
});
after(() => shop.edge.close(1_000));

const refused = (path: string, init?: RequestInit) => refusalOf(shop, path, init);

function post(body: NonNullable<RequestInit['body']>, headers: Record<string, string> = {}): RequestInit {
  return { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers }, body };
}

describe('a body', () => {
  const good = { name: 'cup', price: 2.5 };

  it('is refused with a pointer for each missing, unknown and wrong member', async () => {
    const { status, problem } = await refused(
      '/api/things',
      post(JSON.stringify({ price: '2', 'n/~ame': 1, kind: 'huge', note: 'too long', parts: [{ id: 1.5 }, { di: 2 }] })),
    );
    assert.equal(status, 400);
    assert.equal(problem.code, 'validation_failed');
    assert.deepEqual(
      problem.errors?.toSorted((left, right) => left.pointer.localeCompare(right.pointer)),
      [
        { pointer: '/kind', detail: 'must be one of small, large' },
        { pointer: '/n~1~0ame', detail: 'is not known here' },
        { pointer: '/name', detail: 'is missing' },
        { pointer: '/note', detail: 'must have at most 5 characters' },
        { pointer: '/parts/0/id', detail: 'must be a whole number' },
        { pointer: '/parts/1/di', detail: 'is not known here' },
        { pointer: '/parts/1/id', detail: 'is missing' },
        { pointer: '/price', detail: 'must be a number' },
      ],
    );
  });

  it('is never converted: the text "2.5" is no number', async () => {
    const { problem } = await refused('/api/things', post(JSON.stringify({ name: 'cup', price: '2.5' })));
    assert.deepEqual(problem.errors, [{ pointer: '/price', detail: 'must be a number' }]);
  });

  for (const [what, body] of [
    ['broken JSON', '{"name":'],
    ['nothing', ''],
    ['white space', '  '],
    ['a repeated member', '{"name":"a","price":1,"name":"b"}'],
    ['a repeated member deep inside', '{"name":"a","price":1,"parts":[{"id":1,"id":2}]}'],
    ['a prototype member', '{"name":"a","price":1,"__proto__":{"price":0}}'],
    ['an escaped prototype member', '{"name":"a","price":1,"\\u005f_proto__":{}}'],
    ['NUL in a text', '{"name":"a\\u0000b","price":1}'],
    ['NUL in a name', '{"name\\u0000":"a","price":1}'],
    ['half of a surrogate pair', '{"name":"\\ud800","price":1}'],
    ['nesting without end', `{"name":${'['.repeat(60)}${']'.repeat(60)}}`],
  ] as const) {
    it(`with ${what} is refused as JSON`, async () => {
      const { status, problem } = await refused('/api/things', post(body));
      assert.equal(status, 400);
      assert.equal(problem.code, 'json_invalid');
    });
  }

  it('survives nesting deep enough to break a naive reader', async () => {
    const { status, problem } = await refused('/api/things', post('['.repeat(500_000) + ']'.repeat(500_000)));
    assert.deepEqual([status, problem.code], [400, 'json_invalid']);
  });

  it('that is not UTF-8 is refused', async () => {
    const { problem } = await refused('/api/things', post(new Uint8Array([0x22, 0xc3, 0x28, 0x22])));
    assert.equal(problem.code, 'json_invalid');
  });

  it('with colons and quotes inside of texts is one of single members', async () => {
    const body = JSON.stringify({ a: '":"', b: '\\":', 'c"': { d: '\\\\', 'e:': [':', { f: '"a":1' }] } });
    const response = await fetch(`${shop.url}/api/echo`, { ...post(body) });
    assert.equal(response.status, 200);
  });

  it('of another type is refused', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonp']) {
      const { status, problem } = await refused('/api/things', post(JSON.stringify(good), { 'content-type': type }));
      assert.deepEqual([status, problem.code], [415, 'media_type_unsupported']);
    }
  });

  it('that is compressed is refused', async () => {
    const coded = await fetch(`${shop.url}/api/things`, post(JSON.stringify(good), { 'content-encoding': 'gzip' }));
    assert.deepEqual([coded.status, coded.headers.get('accept-encoding')], [415, 'identity'], 'and what is taken is named');
    const typed = await fetch(`${shop.url}/api/things`, post('{}', { 'content-type': 'text/plain' }));
    assert.deepEqual([typed.status, typed.headers.get('accept-encoding')], [415, null], 'there it is the type');
  });

  it('may say its character set', async () => {
    const response = await fetch(
      `${shop.url}/api/things`,
      post(JSON.stringify(good), { 'content-type': 'application/json; charset=UTF-8' }),
    );
    assert.equal(response.status, 201);
  });

  it('in another character set is refused', async () => {
    for (const charset of ['utf-16', 'latin1', '"iso-8859-1"']) {
      const { status, problem } = await refused(
        '/api/things',
        post(JSON.stringify(good), { 'content-type': `application/json; charset=${charset}` }),
      );
      assert.deepEqual([status, problem.code], [415, 'media_type_unsupported'], charset);
    }
  });

  it('may be left out where no member is needed', async () => {
    const response = await fetch(`${shop.url}/api/cancel`, { method: 'POST' });
    assert.deepEqual([response.status, await response.json()], [200, {}]);
  });

  it('must be there where members are needed', async () => {
    const { status, problem } = await refused('/api/things', { method: 'POST', headers: { authorization: `Bearer ${token}` } });
    assert.deepEqual([status, problem.code], [400, 'json_invalid']);
  });

  it('above one MiB is refused, whether its length is said or not', async () => {
    const large = JSON.stringify({ name: 'x'.repeat(1_100_000), price: 1 });
    const said = await refused('/api/things', post(large));
    assert.deepEqual([said.status, said.problem.code], [413, 'body_too_large']);
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(Buffer.from(large));
        controller.close();
      },
    });
    const unsaid = await refused('/api/things', { ...post(stream), duplex: 'half' } as RequestInit);
    assert.deepEqual([unsaid.status, unsaid.problem.code], [413, 'body_too_large']);
  });

  it('far too large is refused to a client that goes on sending it', async () => {
    const { status, problem } = await refused('/api/things', post('x'.repeat(10_000_000)));
    assert.deepEqual([status, problem.code], [413, 'body_too_large']);
  });

  it('that is answered before its end does not hold up the next request of the connection', async () => {
    const agent = new Agent({ connections: 1 });
    const ask = (path: string, body: string | null) =>
      request(`${shop.url}${path}`, {
        method: body === null ? 'GET' : 'POST',
        headers: { 'content-type': 'text/csv' },
        body,
        dispatcher: agent,
        headersTimeout: 5_000,
      });
    assert.deepEqual(await (await ask('/api/glance', 'x'.repeat(1_900_000))).body.json(), { first: 'x' });
    const next = await ask('/api/things', null);
    assert.equal(next.statusCode, 200);
    await next.body.dump();
    await agent.close();
  });

  it('that is streamed ends at its own limit', async () => {
    const csv = (bytes: number) =>
      fetch(`${shop.url}/api/upload`, { method: 'POST', headers: { 'content-type': 'text/csv' }, body: 'x'.repeat(bytes) });
    assert.deepEqual(await (await csv(1_500_000)).json(), { bytes: 1_500_000 });
    assert.equal((await csv(2_000_001)).status, 413);
    const json = await refused('/api/upload', post('{}'));
    assert.equal(json.status, 415);
  });
});
