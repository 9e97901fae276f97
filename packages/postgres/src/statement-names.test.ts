import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStatementNames } from './statement-names.ts';

test('a text keeps its name, another text has another, and names fit PostgreSQL', () => {
  const nameOf = createStatementNames();
  assert.equal(nameOf('select 1'), nameOf('select 1'));
  assert.notEqual(nameOf('select 1'), nameOf('select 2'));
  assert.match(nameOf('select 3') ?? '', /^souk_[\w-]{20}$/);
});

test('texts beyond the limit are not remembered, those before are', () => {
  const nameOf = createStatementNames(2);
  const first = nameOf('select 1');
  assert.ok(first);
  assert.ok(nameOf('select 2'));
  assert.equal(nameOf('select 3'), undefined);
  assert.equal(nameOf('select 1'), first);
});
