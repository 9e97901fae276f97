/** What the graph refuses, and that refusing costs little. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { createTestKeys, type TestKeys } from '@souk/service-kit/testing';
import { getIntrospectionQuery } from 'graphql';
import { documentId } from '../src/clients/registered-documents.ts';
import { aReference, codeOf, post, type Web } from './_support.ts';

/** Far above what any of these takes, far below what they would take without limits. */
const slowMs = 1_000;
const id = '0190a0b0-0000-7000-8000-000000000001';
const many = (count: number, part: (index: number) => string): string => Array.from({ length: count }, (_, index) => part(index)).join(' ');

describe('a document that asks for too much', () => {
  let web: Web;
  let keys: TestKeys;
  before(async () => {
    keys = await createTestKeys();
    web = await aReference({}, { fetchKeys: async () => keys.key_set });
    await post(web, { query: getIntrospectionQuery() });
  });
  after(() => web.stop());

  const nested = (levels: number): string => 'items { product { stock { available } } } '.repeat(levels);
  const tooCostly: readonly (readonly [string, string, RegExp])[] = [
    ['nine levels', '{ orders { nodes { items { product { stock { a { b { c { d } } } } } } } } }', /8 levels; this has 9/],
    [
      'nine levels by fragments',
      'fragment C on Product { stock { a { b { c { d } } } } } fragment B on OrderItem { product { ...C } } { orders { nodes { items { ...B } } } }',
      /8 levels; this has 9/,
    ],
    ['100 levels of the schema', `{ __schema { types ${'{ ofType '.repeat(100)}{ name }${' }'.repeat(100)} } }`, /16 introspection levels/],
    ['21 aliases', `{ ${many(21, (index) => `a${index}: categories { name }`)} }`, /20 aliases; this has 21/],
    ['21 aliases inside', `{ orders { nodes { ${many(21, (index) => `a${index}: id`)} } } }`, /20 aliases/],
    ['21 fields at the top', `{ ${'categories { name } '.repeat(21)} }`, /20 root fields; this has 21/],
    ['21 fields at the top by fragments', `fragment T on Query { ${'__typename '.repeat(7)} } { ...T ...T ...T }`, /20 root fields/],
    ['one field 900 times', `{ orders { nodes { ${'id '.repeat(900)} } } }`, /300 fields; this has 902/],
    ['51 directives', `{ orders { nodes { ${'id @include(if: true) '.repeat(51)} } } }`, /50 directives/],
    ['51 directives at one field', `{ __typename ${'@skip(if: false) '.repeat(51)} }`, /50 directives/],
    [
      '101 fragments',
      `${many(51, (index) => `fragment F${index} on Order { id }`)} { orders { nodes { ${many(51, (index) => `...F${index}`)} } } }`,
      /100 fragments/,
    ],
    ['101 inline fragments', `{ ${'... on Query { __typename } '.repeat(101)} }`, /100 fragments/],
    ['a page of 1,000', '{ orders(limit: 1000) { nodes { id } } }', /costs 1051 points/],
    ['20 pages of 100', `{ ${many(20, (index) => `a${index}: products(limit: 100) { nodes { id } }`)} }`, /costs 2120 points/],
    ['pages within lists', '{ orders(limit: 100) { nodes { items { product { stock { available } } } } } }', /costs 1626 points/],
    [
      'long texts under many names, by a fragment',
      `{ products(limit: 100) { ...P } ${many(8, (index) => `a${index}: products(limit: 100) { ...P }`)} } fragment P on ProductPage { nodes { description ${many(11, (index) => `b${index}: description`)} } }`,
      /costs 11709 points/,
    ],
    ['the schema eleven times', `{ ${many(11, (index) => `a${index}: __schema { queryType { name } }`)} }`, /costs 1100 points/],
    ['fields that are one field', `{ orders { nodes { ${nested(70)} } } }`, /costs \d+ points/],
  ];
  for (const [what, query, message] of tooCostly)
    test(`is refused before it is executed: ${what}`, async () => {
      const reply = await post(web, { query });
      assert.deepEqual([reply.status, codeOf(reply)], [200, 'graphql_too_costly'], JSON.stringify(reply.body));
      assert.match(reply.body.errors?.[0]?.message ?? '', message);
      assert.equal('data' in reply.body, false);
      assert.ok(reply.took_ms < slowMs, `${reply.took_ms} ms`);
    });

  test('cannot say that a list has no size', async () => {
    const inline = await post(web, { query: '{ products(limit: null) { nodes { id } } }' });
    assert.equal(codeOf(inline), 'graphql_invalid');
    const query = 'query($limit: Int) { products(limit: $limit) { nodes { id } } }';
    const reply = await post(web, { query, variables: { limit: null } });
    assert.match(String(codeOf(reply)), /graphql_invalid|validation_failed/, JSON.stringify(reply.body));
  });

  test('is refused by the size that its variables give a list', async () => {
    const query = 'query($limit: Int, $ids: [ID!]!) { products(limit: $limit) { nodes { id } } stock(product_ids: $ids) { available } }';
    assert.equal(codeOf(await post(web, { query, variables: { limit: 20, ids: [id] } })), 'service_unavailable');
    assert.equal(codeOf(await post(web, { query, variables: { limit: 999, ids: [id] } })), 'graphql_too_costly');
    assert.equal(codeOf(await post(web, { query, variables: { limit: 1, ids: Array(800).fill(id) } })), 'service_unavailable');
    assert.equal(codeOf(await post(web, { query, variables: { limit: 201, ids: Array(800).fill(id) } })), 'graphql_too_costly');
  });

  test('cannot hide ids from its cost by joining them to one', async () => {
    const joined = Array(100).fill(id).join(',');
    const headers = { authorization: `Bearer ${await keys.tokenFor()}` };
    const query = (field: string): string => `query($one: [ID!]) { ${field}(ids: $one) { nodes { id } } }`;
    for (const field of ['products', 'orders'])
      for (const one of [joined, [joined], [id, `${id},${id}`]]) {
        const reply = await post(web, { query: query(field), variables: { one } }, headers);
        assert.equal(codeOf(reply), 'validation_failed', `${field} ${JSON.stringify(reply.body)}`);
      }
    const literal = await post(web, { query: `{ products(ids: "${joined}") { nodes { id } } }` });
    assert.equal(codeOf(literal), 'validation_failed');
    assert.equal(codeOf(await post(web, { query: query('orders'), variables: { one: [id] } }, headers)), 'service_unavailable');
  });

  test('is told of the size of its own parts, not of addresses and headers made of them', async () => {
    const headers = { authorization: `Bearer ${await keys.tokenFor()}` };
    for (const query of [
      `{ products(q: "${'x'.repeat(30_000)}") { nodes { id } } }`,
      `{ products(limit: 1, category: "${'é'.repeat(1_500)}") { nodes { id } } }`,
      `{ orders(email: "${'x'.repeat(9_000)}") { nodes { id } } }`,
      `{ orders(ids: [${many(300, () => `"${id}"`)}]) { nodes { id } } }`,
    ]) {
      const reply = await post(web, { query }, headers);
      assert.deepEqual([reply.status, codeOf(reply)], [200, 'validation_failed'], JSON.stringify(reply.body).slice(0, 300));
      assert.match(reply.body.errors?.[0]?.message ?? '', /arguments of a field may have at most/);
    }
    const fits = await post(web, { query: `{ products(q: "${'x'.repeat(7_000)}") { nodes { id } } }` });
    assert.equal(codeOf(fits), 'service_unavailable', 'it is for the service to judge');
  });

  const invalid: readonly (readonly [string, string, RegExp])[] = [
    ['1,001 words', `{ ${'a '.repeat(1_000)} }`, /1000 tokens/],
    ['101 comments', `${'# a\n'.repeat(101)}{ __typename }`, /comments/i],
    [
      'fragments in a circle',
      'fragment A on Query { ...B } fragment B on Query { ...C } fragment C on Query { ...A } { ...A }',
      /within itself/,
    ],
    ['a fragment in itself', 'fragment A on Order { id ...A } { orders { nodes { ...A } } }', /within itself/],
    [
      'a circle through fields',
      'fragment A on Order { items { product { id } } ...B } fragment B on Order { id ...A } { orders { nodes { ...A } } }',
      /within itself/,
    ],
    ['a mutation', 'mutation { placeOrder }', /not supported/],
    ['a subscription without members', 'subscription { orderChanged(order_id: "x") }', /must have a selection/],
    ['an unknown field', '{ secrets }', /Cannot query field/],
    ['broken text', '{ orders { nodes { id } }', /Syntax Error/],
    ['a schema', 'type Query { x: Int }', /not executable/],
    [
      'introspection that goes round',
      `{ __schema { types { ${'fields { type { '.repeat(4)} name ${'} } '.repeat(4)} } } }`,
      /introspection depth/,
    ],
  ];
  for (const [what, query, message] of invalid)
    test(`is no document of the schema: ${what}`, async () => {
      const reply = await post(web, { query });
      assert.deepEqual([reply.status, codeOf(reply)], [200, 'graphql_invalid'], JSON.stringify(reply.body));
      assert.match(reply.body.errors?.[0]?.message ?? '', message);
      assert.ok((reply.body.errors?.length ?? 0) <= 11);
      assert.ok(reply.took_ms < slowMs, `${reply.took_ms} ms`);
    });

  test('that is as large as it may be takes no time worth speaking of', async () => {
    const worst = [
      `{ orders { nodes { ${'id '.repeat(298)} } } }`,
      `{ orders(limit: 1) { nodes { ${nested(60)} } } }`,
      `${many(33, (index) => `fragment F${index} on Order { items { product { id } } ...F${index + 1} ...F${index + 1} }`)} fragment F33 on Order { id } { orders(limit: 1) { nodes { ...F0 } } }`,
      `{ ${many(90, () => '... on Query { orders { nodes { id } } }')} }`,
    ];
    const took = [];
    for (const query of worst) took.push((await post(web, { query })).took_ms);
    assert.ok(Math.max(...took) < slowMs, `${took} ms`);
    process.stdout.write(`graph: the largest documents took ${took.map((ms) => ms.toFixed(1)).join(', ')} ms\n`);
  });

  test('does not arrive at all when its body is too large, coded, of another type or a list', async () => {
    const large = JSON.stringify({ query: `{ __typename ${'# '.repeat(500_000)} }` });
    const chunked = new ReadableStream({
      start(controller) {
        for (let sent = 0; sent < large.length; sent += 10_000)
          controller.enqueue(new TextEncoder().encode(large.slice(sent, sent + 10_000)));
        controller.close();
      },
    });
    const query = '{ __typename }';
    const refused: readonly (readonly [unknown, Record<string, string>, number, string])[] = [
      [large, {}, 413, 'body_too_large'],
      [chunked, {}, 413, 'body_too_large'],
      [gzipSync(JSON.stringify({ query })), { 'content-encoding': 'gzip' }, 415, 'media_type_unsupported'],
      [query, { 'content-type': 'application/graphql' }, 415, 'media_type_unsupported'],
      [Array(1_000).fill({ query }), {}, 400, 'validation_failed'],
      [{}, {}, 400, 'validation_failed'],
      [{ query, id: documentId(query) }, {}, 400, 'validation_failed'],
      ['{"query": 1', {}, 400, 'json_invalid'],
    ];
    for (const [body, headers, status, code] of refused) {
      const reply = await post(web, body, headers);
      assert.deepEqual([reply.status, codeOf(reply)], [status, code]);
      assert.ok(reply.took_ms < slowMs, `${reply.took_ms} ms`);
    }
  });

  test('and variables that do not fit are refused with what is wrong', async () => {
    const query = 'query Page($limit: Int!) { orders(limit: $limit) { nodes { id } } }';
    for (const more of [{ variables: { limit: 'x' } }, { variables: {} }, { variables: { limit: 1 }, operationName: 'Other' }])
      assert.equal(codeOf(await post(web, { query, ...more })), 'validation_failed', JSON.stringify(more));
    assert.equal(
      codeOf(await post(web, { query, variables: { limit: 1 }, operationName: 'Page', extensions: { client: 'x' } })),
      'token_missing',
    );
  });
});
