/** Introspection, registered documents, and services that hang or fail. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createTestKeys } from '@souk/service-kit/testing';
import { getIntrospectionQuery } from 'graphql';
import { documentId } from '../src/clients/registered-documents.ts';
import { aGateway, aPeer, aReference, codeOf, type Peer, post, type Reply, sendJson, type Web } from './_support.ts';

const id = '0190a0b0-0000-7000-8000-000000000001';

describe('introspection', () => {
  const ask = async (variables: Record<string, string>): Promise<string | undefined> => {
    const web = await aReference(variables);
    const replies = [await post(web, { query: getIntrospectionQuery() }), await post(web, { query: '{ ordres { nodes { id } } }' })];
    await web.stop();
    return replies
      .map((reply) => `${codeOf(reply) ?? 'answered'}${reply.body.errors?.[0]?.message.includes('orders') ? ' with a hint' : ''}`)
      .join(', ');
  };

  test('is answered but in production, and as configured', async () => {
    assert.equal(await ask({}), 'answered, graphql_invalid with a hint');
    assert.equal(await ask({ NODE_ENV: 'production' }), 'graphql_invalid, graphql_invalid');
    assert.equal(await ask({ NODE_ENV: 'production', GRAPHQL_INTROSPECTION: 'on' }), 'answered, graphql_invalid with a hint');
    assert.equal(await ask({ GRAPHQL_INTROSPECTION: 'off' }), 'graphql_invalid, graphql_invalid');
  });
});

describe('registered documents', () => {
  const text = 'query Shelf($limit: Int) { products(limit: $limit) { nodes { name } } }';
  const private_text = '{ me { id } }';
  let folder: string;
  let products: Peer;
  let gateway: Peer;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'souk-documents-'));
    await writeFile(join(folder, 'shelf.graphql'), text);
    await writeFile(join(folder, 'me.graphql'), private_text);
    products = await aPeer((_request, response) => sendJson(response, [{ id, name: 'Kettle' }]));
    gateway = await aGateway({ products: [products.port] });
  });
  after(async () => {
    await rm(folder, { recursive: true });
    await products.close();
    await gateway.close();
  });

  test('are asked for by their hash, also by GET, which caches may keep when it is public', async () => {
    const web = await aReference({ GATEWAY_URL: gateway.url, GRAPHQL_DOCUMENTS_PATH: folder, GRAPHQL_DOCUMENTS: 'trusted' });
    const by = async (query: string): Promise<Reply> => {
      const answer = await fetch(`${web.url}/graphql?${query}`);
      return { status: answer.status, body: (await answer.json()) as Reply['body'], headers: answer.headers, took_ms: 0 };
    };
    const data = { products: { nodes: [{ name: 'Kettle' }] } };
    assert.deepEqual((await post(web, { id: documentId(text), variables: { limit: 2 } })).body.data, data);
    assert.equal(products.seen.at(-1)?.url, '/api/products?limit=2');
    assert.deepEqual((await post(web, { query: text })).body.data, data);
    const read = await by(`id=${documentId(text)}&variables=${encodeURIComponent('{"limit":3}')}&operationName=Shelf`);
    assert.deepEqual([read.status, read.body.data], [200, data]);
    assert.equal(read.headers.get('cache-control'), 'public, max-age=1, stale-while-revalidate=5');
    assert.match(read.headers.get('vary') ?? '', /Authorization/);
    assert.equal(products.seen.at(-1)?.url, '/api/products?limit=3');
    const personal = await by(`id=${documentId(private_text)}`);
    assert.deepEqual([codeOf(personal), personal.headers.get('cache-control')], ['token_missing', 'private, no-store']);
    assert.deepEqual([(await by(`id=${documentId('x')}`)).status, codeOf(await by(`id=${documentId('x')}`))], [200, 'document_unknown']);
    assert.equal(codeOf(await post(web, { id: documentId('x') })), 'document_unknown');
    assert.equal(codeOf(await post(web, { query: '{ __typename }' })), 'document_untrusted');
    for (const query of ['id=x', `id=${documentId(text)}&variables=[1]`, `id=${documentId(text)}&variables={`, `query=${text}`])
      assert.equal((await by(query)).status, 400, query);
    await web.stop();
  });

  test('may stand in a manifest; one that is not valid, too costly or not what its hash says keeps the service from starting', async () => {
    const manifest = join(folder, 'manifest.json');
    const start = async (content: string): Promise<Web> => {
      await writeFile(manifest, content);
      return aReference({ GATEWAY_URL: gateway.url, GRAPHQL_DOCUMENTS_PATH: manifest });
    };
    const web = await start(JSON.stringify({ [documentId(text)]: text }));
    assert.equal((await post(web, { id: documentId(text) })).body.errors, undefined);
    await web.stop();
    const broken = '{ nothing }';
    for (const content of ['{', JSON.stringify({ [documentId('x')]: text }), JSON.stringify({ [documentId(broken)]: broken })])
      await assert.rejects(start(content), { code: 'config_invalid' }, content);
    await assert.rejects(aReference({ GRAPHQL_DOCUMENTS_PATH: join(folder, 'none') }), { code: 'config_invalid' });
  });
});

describe('the services behind an answer', () => {
  test('get the token and the correlation of the request, in turn; one that hangs or fails takes only its part with it', async (t) => {
    const keys = await createTestKeys();
    const product = { id, name: 'Kettle' };
    const one = await aPeer((_request, response) => sendJson(response, [product]));
    const other = await aPeer((_request, response) => sendJson(response, [product]));
    const hanging = await aPeer(() => undefined);
    const failing = await aPeer((_request, response) => sendJson(response, { code: 'internal' }, 500));
    const gateway = await aGateway({ products: [one.port, other.port], inventory: [hanging.port], users: [failing.port, failing.port] });
    const web = await aReference({ GATEWAY_URL: gateway.url }, { fetchKeys: async () => keys.key_set });
    t.after(async () => {
      await web.stop();
      for (const peer of [gateway, one, other, hanging, failing]) await peer.close();
    });
    const token = await keys.tokenFor();
    const headers = { authorization: `Bearer ${token}`, 'x-correlation-id': 'of-this-test-1' };
    const query = `{ product(id: "${id}") { name stock { available } } me { id } }`;
    const reply = await post(web, { query }, headers);
    assert.deepEqual(reply.body.data, { product: { name: 'Kettle', stock: null }, me: null });
    assert.deepEqual(reply.body.errors?.map(({ path, extensions }) => [path?.join('.'), extensions.code]).sort(), [
      ['me', 'service_unavailable'],
      ['product.stock', 'service_unavailable'],
    ]);
    assert.ok(reply.took_ms < 4_000, `${reply.took_ms} ms`);
    const { authorization, 'x-correlation-id': correlation_id } = hanging.seen[0]?.headers ?? {};
    assert.deepEqual([authorization, correlation_id], [headers.authorization, headers['x-correlation-id']]);
    assert.equal(failing.seen.length, 2);
    for (let count = 0; count < 5; count += 1) await post(web, { query: `{ product(id: "${id}") { name } }` });
    assert.deepEqual([one.seen.length, other.seen.length], [3, 3]);
    const beside = await post(web, { query: `{ right: product(id: "${id}") { name } wrong: product(id: "${id},x") { name } }` });
    assert.deepEqual(beside.body.data, { right: { name: 'Kettle' }, wrong: null });
    assert.deepEqual([codeOf(beside), beside.body.errors?.[0]?.path], ['validation_failed', ['wrong']]);
    const given_up = new AbortController();
    const left = fetch(`${web.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: `{ stock(product_ids: ["${id}"]) { available } }` }),
      signal: given_up.signal,
    });
    const waiting = hanging.seen.length;
    while (hanging.seen.length === waiting) await new Promise((resolve) => setImmediate(resolve));
    const ended = new Promise((resolve) => hanging.seen.at(-1)?.once('close', resolve));
    const began = performance.now();
    given_up.abort();
    await assert.rejects(left);
    await ended;
    assert.ok(performance.now() - began < 1_500, 'the service is not asked any longer');
  });

  test('that are slow one after the other take no longer than the time of an answer', async (t) => {
    const keys = await createTestKeys();
    const order = { id, items: [{ product_id: id }] };
    let asked = 0;
    // Each part is slow as far as it may be: the first instance never answers, the second late.
    const slow = (body: unknown) => () =>
      aPeer((_request, response) => {
        asked += 1;
        if (asked % 2 === 0) setTimeout(() => sendJson(response, body), 1_500);
      });
    const peers = await Promise.all(
      [slow([order]), slow([order]), slow([{ id }]), slow([{ id }]), slow([]), slow([])].map((open) => open()),
    );
    const ports = peers.map(({ port }) => port);
    const gateway = await aGateway({ orders: ports.slice(0, 2), products: ports.slice(2, 4), inventory: ports.slice(4) });
    const web = await aReference({ GATEWAY_URL: gateway.url }, { fetchKeys: async () => keys.key_set });
    t.after(async () => {
      await web.stop();
      for (const peer of [gateway, ...peers]) await peer.close();
    });
    const query = '{ orders { nodes { items { product { stock { available } } } } } }';
    const reply = await post(web, { query }, { authorization: `Bearer ${await keys.tokenFor()}` });
    assert.deepEqual([reply.status, codeOf(reply), reply.body.data], [200, 'upstream_timeout', undefined]);
    assert.ok(reply.took_ms >= 7_900 && reply.took_ms < 12_000, `${reply.took_ms} ms`);
    assert.ok(asked >= 4, `${asked} requests`);
  });
});
