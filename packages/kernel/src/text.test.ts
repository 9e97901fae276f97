import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { beginningOf, normalCode, normalText } from './text.ts';

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

test('the normal form of a text is its own normal form, and never longer to look at', () => {
  const unit = fc.constantFrom(
    ...'a ',
    '\u00a0',
    '\u200b',
    '\u200d',
    '\ufe0f',
    '\u0301',
    'é',
    '😀',
    '\u3164',
    '\ufeff',
    'カ',
    '\u3099',
    '\n',
  );
  for (const normal of [normalText, normalCode]) {
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 12 }), (text) => {
        const once = normal(text);
        return normal(once) === once && once === once.trim() && once === once.normalize('NFC');
      }),
    );
  }
});

test('two codes that look alike are one', () => {
  for (const code of ['AB 12', ' AB 12', 'AB  12', 'AB\u00a012', 'AB\u200b 12', 'AB \u200d12', 'A\u00adB 12\ufe0f', 'AB\t12\n'])
    assert.equal(normalCode(code), 'AB 12', JSON.stringify(code));
  assert.notEqual(normalCode('AB12'), 'AB 12');
  assert.notEqual(normalCode('ab 12'), 'AB 12');
  assert.equal(normalCode('Cafe\u0301'), normalCode('Café'));
});
