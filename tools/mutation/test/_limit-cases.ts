/** Run by smoke.test.ts, with mutants and without; named so that nothing else runs it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countDown, isWithin, label } from './_limit.ts';

test('the limit may be reached, not passed', () => {
  assert.deepEqual([isWithin(2, 3), isWithin(3, 3), isWithin(4, 3)], [true, true, false]);
});

test('it counts down to nothing', () => {
  assert.equal(countDown(3), 3);
});

test('a label is a text', () => {
  assert.equal(typeof label(1), 'string');
});
