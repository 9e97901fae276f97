import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { type ErrorCode, type ErrorEntry, errorEntry, errorTable, isPassing, refusal, routes } from '@souk/contracts';
import { AppError } from '@souk/kernel';
import { root, sources } from './_support.ts';

const entries = Object.entries(errorTable) as [ErrorCode, ErrorEntry][];

test('every code is a snake_case word with a title and a sentence of advice', () => {
  for (const [code, entry] of entries) {
    assert.match(code, /^[a-z]+(_[a-z]+)*$/);
    assert.match(entry.title, /^\S.*[^.]$/, code);
    assert.match(entry.advice, /\.$/, code);
    assert.ok(entry.status >= 400 && entry.status < 600, code);
  }
});

test('passing errors have a status that invites another attempt', () => {
  for (const [code, entry] of entries) {
    if (entry.kind === 'passing') assert.ok([429, 502, 503, 504].includes(entry.status), code);
    if ([429, 503].includes(entry.status)) assert.equal(entry.kind, 'passing', code);
  }
});

test('the error page has exactly the codes of the table', async () => {
  const page = await readFile(join(root, 'docs/reference/errors.md'), 'utf8');
  const [general] = page.split('\n## ');
  const documented = [...(general ?? '').matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1]);
  assert.deepEqual(
    documented,
    entries.map(([code]) => code),
  );
});

test('every code that the source refuses with is in the table', async () => {
  const used = new Map<string, string>();
  for (const { path, text } of await sources()) {
    for (const match of text.matchAll(/\b(?:refusal|new AppError)\(\s*'([^']*)'/g)) used.set(match[1] as string, path);
  }
  assert.ok(used.size > 40, `only ${used.size} codes were found: the scan is blind`);
  assert.deepEqual(
    [...used].filter(([code]) => errorEntry(code) === undefined),
    [],
  );
});

test('every code of the table is used somewhere', async () => {
  const text = (await sources())
    .filter(({ path }) => !path.endsWith('contracts/src/errors.ts'))
    .map((source) => source.text)
    .join('\n');
  const unused = entries.map(([code]) => code).filter((code) => !text.includes(`'${code}'`) && !text.includes(`"${code}"`));
  assert.deepEqual(unused, []);
});

test('every route refuses with registered codes, each named once', () => {
  for (const route of routes) {
    for (const code of route.errors ?? []) assert.ok(errorEntry(code), `${route.path}: ${code}`);
    assert.equal(new Set(route.errors).size, route.errors?.length ?? 0, route.path);
  }
});

test('a refusal carries its code, its sentence and its values', () => {
  const cause = new Error('why');
  const error = refusal('total_changed', 'It is 12 EUR now.', { total: 12 }, cause);
  assert.ok(error instanceof AppError);
  assert.equal(error.code, 'total_changed');
  assert.equal(error.message, 'It is 12 EUR now.');
  assert.deepEqual(error.details, { total: 12 });
  assert.equal(error.cause, cause);
  assert.equal(refusal('not_found').message, 'Not found.');
});

test('what is not registered may pass by itself; what is permanent does not', () => {
  assert.equal(isPassing(new Error('a bug')), true);
  assert.equal(isPassing(new AppError('never_heard_of', 'What?')), true);
  assert.equal(isPassing(refusal('database_unavailable')), true);
  assert.equal(isPassing(refusal('event_invalid')), false);
  for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) assert.equal(errorEntry(name), undefined, name);
});
