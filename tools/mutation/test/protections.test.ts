/** Whether the lists still fit the sources: a protection that was rewritten, or a survivor that is gone, is noticed here. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { protections } from '../src/protections/index.ts';
import { rootFolder } from '../src/run-stage.ts';
import { edited } from '../src/source-edits.ts';
import { mutantsOf } from '../src/source-mutants.ts';
import { listedSurvivors } from '../src/survivors.ts';

const sourceOf = (file: string): string => readFileSync(join(rootFolder, file), 'utf8');

test('the text of each protection is in its file once, and something else stands there without it', () => {
  for (const protection of protections)
    assert.notEqual(edited(sourceOf(protection.file), protection), sourceOf(protection.file), protection.name);
});

test('each protection has a name of its own, tests that are there, and says what it protects', () => {
  assert.equal(new Set(protections.map(({ name }) => name)).size, protections.length);
  for (const { name, tests, protects } of protections) {
    assert.ok(tests.length > 0, name);
    for (const path of tests) assert.ok(existsSync(join(rootFolder, path)), `${name}: ${path}`);
    assert.match(protects, /^[A-Z].*\.$/, name);
  }
});

test('each listed survivor is a mutant that there is, once, with a reason', () => {
  const listed = listedSurvivors.flatMap(({ file, mutants }) => mutants.map((name) => `${file} ${name}`));
  assert.equal(new Set(listed).size, listed.length);
  for (const { file, mutants, reason } of listedSurvivors) {
    const known = new Set([
      ...(file.includes('/domain/') ? mutantsOf(file, sourceOf(file)) : protections.filter((one) => one.file === file)).map(
        ({ name }) => name,
      ),
    ]);
    for (const name of mutants) assert.ok(known.has(name), `${file} has no mutant ${name}`);
    assert.match(reason, /\.$/, file);
  }
});
