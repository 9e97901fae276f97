import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fields } from '@souk/contracts';
import Type from 'typebox';
import { createSchemaCheck } from './findings.ts';

const details = (schema: object, value: unknown) => createSchemaCheck(schema)(value)?.map(({ detail }) => detail);

test('an id that is none is said to be no UUID', () => {
  assert.deepEqual(details(Type.Object({ order_id: fields.OrderId }), { order_id: '12' }), ['must be a UUID']);
});

test('a text of another form is told the form, as one sentence', () => {
  assert.deepEqual(details(Type.Object({ currency: fields.Currency }), { currency: 'eur' }), [
    'does not have the right form: ISO 4217 code',
  ]);
});

test('an instant that does not exist is refused, and one in another form for its form', () => {
  const since = Type.Object({ since: fields.GivenTimestamp });
  assert.equal(details(since, { since: '2024-02-29T12:00:00Z' }), undefined);
  assert.deepEqual(details(since, { since: '2026-02-29T12:00:00Z' }), ['is not an instant that exists']);
  assert.deepEqual(details(since, { since: '2026-02-01' })?.[0], 'does not have the right form: RFC 3339 in UTC');
});

test('one is told in the singular', () => {
  assert.deepEqual(details(Type.Array(Type.String(), { minItems: 1 }), []), ['must have at least 1 entry']);
  assert.deepEqual(details(Type.Object({}, { minProperties: 1 }), {}), ['must have at least 1 member']);
  assert.deepEqual(details(Type.Array(Type.String(), { minItems: 2 }), []), ['must have at least 2 entries']);
});
