import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { auditRecordsRoute, instanceStatusRoute, type RouteDeclaration, readChaosRoute, republishRoute, routes } from '@souk/contracts';
import { compileSerialiser } from '../src/http/serialisation.ts';

interface Schema {
  type?: string;
  const?: unknown;
  anyOf?: readonly Schema[];
  properties?: Readonly<Record<string, Schema>>;
  patternProperties?: Readonly<Record<string, Schema>>;
  items?: Schema;
}

/** Values a careless serialiser would change: of unions each branch in turn, texts to be escaped, decimals where a schema says integer. */
function samplesOf(schema: Schema): unknown[] {
  const { type, anyOf, properties, patternProperties, items } = schema;
  if (anyOf) return anyOf.flatMap(samplesOf);
  if ('const' in schema) return [schema.const];
  if (type === 'object') {
    const named = Object.entries(properties ?? {}).map(([name, member]) => [name, samplesOf(member)] as const);
    const [free] = Object.values(patternProperties ?? {});
    if (free) named.push(['a free "name"', samplesOf(free)]);
    const most = Math.max(1, ...named.map(([, samples]) => samples.length));
    return Array.from({ length: most }, (_, index) =>
      Object.fromEntries(named.map(([name, samples]) => [name, samples[index % samples.length]])),
    );
  }
  if (type === 'array') return [[], samplesOf(items ?? {})];
  if (type === 'integer' || type === 'number') return [0, 12.5, -1e21];
  if (type === 'boolean') return [true, false];
  if (type === 'null') return [null];
  return ['', 'say "so"\n\u2028\\ \ud83d\ude00 and on and on, for longer than forty characters'];
}

describe('a declared answer', () => {
  const declared: readonly Pick<RouteDeclaration, 'method' | 'path' | 'responses'>[] = [
    ...routes,
    auditRecordsRoute,
    instanceStatusRoute,
    readChaosRoute,
    republishRoute,
  ];
  const schemas = declared.flatMap(({ method, path, responses }) =>
    Object.entries(responses).flatMap(([status, schema]) =>
      schema === null ? [] : [{ name: `${method} ${path} ${status}`, schema, path, method }],
    ),
  );
  const serialiserOf = (schema: object) => compileSerialiser({ schema, method: 'GET', url: '/', httpStatus: '200' });

  it('is sent with every member its handler gives, unchanged', () => {
    assert.ok(schemas.length > 50, String(schemas.length));
    for (const { name, schema } of schemas) {
      const serialise = serialiserOf(schema);
      for (const sample of samplesOf(schema as Schema))
        assert.deepEqual(JSON.parse(serialise(sample)), JSON.parse(JSON.stringify(sample)), name);
    }
  });

  it('is sent although a member is missing', () => {
    for (const { name, schema } of schemas) {
      if ((schema as Schema).properties === undefined) continue;
      assert.equal(serialiserOf(schema)({}), '{}', name);
    }
  });

  it('lacks what its route does not declare', () => {
    const schema = {
      type: 'object',
      properties: { id: { type: 'string' }, tags: { type: 'object', patternProperties: { '^a': { type: 'string' } } } },
    };
    const row = { id: '1', password_hash: 'secret', tags: { a: 'b', z: 'kept' } };
    assert.equal(serialiserOf(schema)(row), '{"id":"1","tags":{"a":"b","z":"kept"}}');
  });
});
