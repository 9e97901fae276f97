import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginningOf } from './text.ts';

test('the beginning of a text ends before a character that does not fit whole', () => {
  assert.equal(beginningOf('shirt', 5), 'shirt');
  assert.equal(beginningOf('shirts', 5), 'shirt');
  assert.equal(beginningOf('ab😀', 4), 'ab😀');
  assert.equal(beginningOf('ab😀', 3), 'ab');
  assert.equal(beginningOf('ab😀c', 4), 'ab😀');
  assert.equal(beginningOf('😀', 1), '');
  assert.equal(beginningOf('', 0), '');
});

test('whatever the length, a whole text has a whole beginning', () => {
  const text = 'a😀b𐐷é😀😀c';
  for (let length = 0; length <= text.length; length += 1) {
    const beginning = beginningOf(text, length);
    assert.ok(beginning.isWellFormed() && beginning.length <= length && text.startsWith(beginning), `${length}`);
  }
});
