import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { slipsBetween } from '@souk/kernel';
import fc from 'fast-check';
import { bestCorrections, oneSlipAway } from './typos.ts';

const word = fc.string({ unit: fc.constantFrom(...'abcde'), minLength: 1, maxLength: 8 });

describe('slips between words', () => {
  const pairs: [string, string, number][] = [
    ['jacket', 'jacket', 0],
    ['jackett', 'jacket', 1],
    ['varsty', 'varsity', 1],
    ['jakcet', 'jacket', 1],
    ['jakcett', 'jacket', 2],
    ['', 'abc', 3],
  ];
  for (const [left, right, slips] of pairs)
    it(`are ${slips} from "${left}" to "${right}"`, () => assert.equal(slipsBetween(left, right), slips));

  it('are as many in one direction as in the other', () => {
    fc.assert(fc.property(word, word, (left, right) => slipsBetween(left, right) === slipsBetween(right, left)));
  });
});

describe('words one slip away', () => {
  it('are exactly those at distance one', () => {
    fc.assert(fc.property(word, word, (left, right) => new Set(oneSlipAway(left)).has(right) === (slipsBetween(left, right) === 1)));
  });
});

describe('corrections', () => {
  it('have the fewest slips first, and the same first letter before others', () => {
    assert.deepEqual(bestCorrections('shrit', ['shirts', 'skirt', 'shirt', 'spirit']), ['shirt']);
    assert.deepEqual(bestCorrections('bowll', ['howll', 'bowl', 'bowls']), ['bowl', 'bowls', 'howll']);
  });

  it('forgive short words less', () => {
    assert.deepEqual(bestCorrections('mgu', ['mug', 'ago']), ['mug']);
    assert.deepEqual(bestCorrections('xy', ['xyz']), []);
    assert.deepEqual(bestCorrections('cats', ['dots']), []);
  });
});
