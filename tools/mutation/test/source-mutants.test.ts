import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { mutantsOf } from '../src/source-mutants.ts';

/** What stands in the place of `source`, once each; white space apart. */
const changesOf = (source: string): string[] => mutantsOf('sample.ts', source).map(({ edit }) => edit.to.replaceAll(/\s+/g, ' ').trim());
const has = (source: string, ...changes: readonly string[]): void => {
  const made = changesOf(source);
  for (const change of changes) assert.ok(made.includes(change), `${change} is not among\n${made.join('\n')}`);
};

describe('the mutants of a source', () => {
  test('comparisons get other bounds and the opposite', () => {
    has('const a = b < c;', 'const a = b <= c;', 'const a = b >= c;');
    has('const a = b === c;', 'const a = b !== c;');
  });

  test('conditions are always and never so', () => {
    has('if (a) b();', 'if (true) b();', 'if (false) b();', 'if (a) ;');
    has('const a = b ? c : d;', 'const a = true ? c : d;', 'const a = false ? c : d;');
    has('while (a) b();', 'while (false) b();');
  });

  test('and, or, not and a default are exchanged or left out', () => {
    has('const a = b && c;', 'const a = b || c;');
    has('const a = b ?? c;', 'const a = (b && c);');
    has('const a = !b;', 'const a = b;');
  });

  test('sums, signs, truths and words are changed', () => {
    has('const a = b + c;', 'const a = b - c;');
    has('a += b;', 'a -= b;');
    has('const a = -1;', 'const a = +1;');
    has('const a = true;', 'const a = false;');
    has("const a = 'out_of_stock';", "const a = '';");
  });

  test('statements, bodies, answers, members, elements and calls are left out', () => {
    has('function a() { b(); c(); }', 'function a() {}', 'function a() { ; c(); }');
    has('function a() { return b; }', 'function a() { return undefined; }');
    has('const a = (b) => c(b);', 'const a = (b) => undefined;');
    has('const a = { b, c: 1 };', 'const a = { c: 1 };', 'const a = { b };');
    has('const a = [b, c];', 'const a = [c];', 'const a = [b];');
    has('const a = b.filter(c);', 'const a = b;');
    has('const a = b.some(c);', 'const a = b.every(c);');
    has('const a = b?.c;', 'const a = b.c;');
  });

  test('types, imports, sentences and names of members are left alone', () => {
    assert.deepEqual(changesOf("import { a } from './a.ts';"), []);
    assert.deepEqual(changesOf("type A = 'one' | 'two'; interface B { c: 'three' }"), []);
    assert.deepEqual(changesOf("const a = { 'inventory.reserved': b };"), ['const a = { };']);
    assert.deepEqual(changesOf("const a = 'There is no such order.';"), []);
  });

  test('each has a name of its own that does not depend on its line', () => {
    const source = 'function a() { b = c && d; b = c && d; }';
    const names = mutantsOf('sample.ts', source).map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    assert.deepEqual(
      mutantsOf('sample.ts', `\n\n${source}`).map(({ name }) => name),
      names,
    );
  });
});
