/** Text is normalised at the edge for every field there is; the handler never sees two spellings of one thing. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type RouteDeclaration, routes } from '@souk/contracts';
import { createTextNormaliser } from '../src/http/text-normaliser.ts';
import { type EdgeUnderTest, refusalOf, startEdge } from './edge-support.ts';

let shop: EdgeUnderTest;
let headers: Record<string, string>;
before(async () => {
  shop = await startEdge();
  headers = { authorization: `Bearer ${await shop.keys.tokenFor()}`, 'content-type': 'application/json' };
});
after(() => shop.edge.close(1_000));

const post = (body: unknown) => fetch(`${shop.url}/api/things`, { method: 'POST', headers, body: JSON.stringify(body) });

describe('a text in a body', () => {
  const texts: [string, string, string][] = [
    ['blanks around it', '  Lamp \t', 'Lamp'],
    ['a no-break space and an ideographic one', '\u00a0Lamp\u3000', 'Lamp'],
    ['decomposed letters', 'Cafe\u0301', 'Café'],
    ['a zero-width space and a byte order mark', '\ufeffLa\u200bmp', 'Lamp'],
    ['a direction turned round', 'La\u202emp', 'Lamp'],
    ['an emoji made of several', '👩‍🔧', '👩‍🔧'],
    ['an emoji with a variation selector', '❤️', '❤️'],
    ['a line break behind it', 'Lamp\n', 'Lamp'],
  ];
  for (const [what, sent, kept] of texts) {
    it(`is kept in its normal form: ${what}`, async () => {
      const response = await post({ name: sent, price: 1 });
      assert.equal(response.status, 201);
      assert.equal(((await response.json()) as { name: string }).name, kept);
    });
  }

  for (const blank of [
    '',
    ' ',
    '\t\n',
    '\u00a0',
    '\u200b',
    '\u3000\u2003',
    '\u2800',
    '\u3164',
    '\u200d',
    '\ufe0f',
    '\u00ad',
    '\u2060 \u200e',
  ]) {
    it(`is refused when nothing of it can be seen: ${JSON.stringify(blank)} ${blank.codePointAt(0)?.toString(16) ?? ''}`, async () => {
      const { status, problem } = await refusalOf(shop, '/api/things', {
        method: 'POST',
        headers,
        body: JSON.stringify({ name: blank, price: 1 }),
      });
      assert.equal(status, 400);
      assert.deepEqual(problem.errors, [{ pointer: '/name', detail: 'must not be blank' }]);
    });
  }
});

it('a text in a query is normalised as well', async () => {
  const response = await fetch(`${shop.url}/api/things?q=${encodeURIComponent(' cafe\u0301 ')}`);
  assert.equal(((await response.json()) as { q: string }).q, 'café');
});

describe('every text of the contract', () => {
  interface Leaf {
    pointer: string;
    value: unknown;
    read(normal: unknown): unknown;
    schema: Schema;
  }
  interface Schema {
    type?: string;
    const?: unknown;
    text_form?: string;
    properties?: Record<string, Schema>;
    patternProperties?: Record<string, Schema>;
    items?: Schema;
    anyOf?: Schema[];
  }
  const spelt = ' e\u0301 ';

  function* leaves(schema: Schema): Generator<Leaf> {
    if (schema.type === 'string' && schema.const === undefined) yield { pointer: '', value: spelt, read: (normal) => normal, schema };
    for (const branch of schema.anyOf ?? []) yield* leaves(branch);
    for (const [name, member] of Object.entries(schema.properties ?? {})) {
      for (const leaf of leaves(member))
        yield below(leaf, name, { [name]: leaf.value }, (normal) => (normal as Record<string, unknown>)[name]);
    }
    for (const member of Object.values(schema.patternProperties ?? {})) {
      for (const leaf of leaves(member))
        yield below(leaf, '*', { [spelt]: leaf.value }, (normal) => (normal as Record<string, unknown>)['é']);
    }
    for (const leaf of schema.items ? leaves(schema.items) : []) yield below(leaf, '0', [leaf.value], (normal) => (normal as unknown[])[0]);
  }
  function below(leaf: Leaf, name: string, value: unknown, read: (normal: unknown) => unknown): Leaf {
    return { ...leaf, pointer: `/${name}${leaf.pointer}`, value, read: (normal) => leaf.read(read(normal)) };
  }

  it('is normalised, but for what is declared to be verbatim and for passwords', () => {
    const verbatim: string[] = [];
    let seen = 0;
    for (const { body, query, path, method } of routes as readonly RouteDeclaration[]) {
      for (const schema of [body, query]) {
        for (const leaf of schema ? leaves(schema as Schema) : []) {
          seen += 1;
          const normal = leaf.read(createTextNormaliser(schema as object)?.(structuredClone(leaf.value)) ?? leaf.value);
          if (normal === spelt) verbatim.push(`${method} ${path} ${leaf.pointer}`);
          else assert.equal(normal, 'é', `${method} ${path} ${leaf.pointer}`);
        }
      }
    }
    assert.ok(seen > 60, String(seen));
    assert.deepEqual(
      verbatim.filter(
        (place) =>
          !/password$|\/webhooks(?:\/\{webhook_id\})? \/url$|\/tracking_url$|\/cursor$|\/(?:\w+_)?ids$|\/topics$|\/graphql \//.test(place),
      ),
      [],
    );
    assert.ok(verbatim.length > 0);
  });

  it('of a record has one name once', () => {
    const schema = { type: 'object', patternProperties: { '^.{1,60}$': { type: 'string' } } };
    assert.throws(() => createTextNormaliser(schema)?.({ size: 'S', 'size ': 'M' }), /"size" is given twice/);
    assert.deepEqual(createTextNormaliser(schema)?.({ ' size': ' S' }), { size: 'S' });
  });
});
