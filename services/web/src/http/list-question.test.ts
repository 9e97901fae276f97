import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { listQuestion } from './list-question.ts';

describe('what the address of a list asks for', () => {
  test('is read where it can be, and left aside otherwise', () => {
    const read = listQuestion({
      q: '  blue\u0007 lamp ',
      min_price: '0012,50',
      max_price: 'cheap',
      in_stock: 'yes',
      sort: 'colour',
      cursor: '',
    });
    assert.deepEqual(read, {
      q: 'blue  lamp',
      category: undefined,
      min_price: '12.50',
      max_price: undefined,
      in_stock: false,
      matches: [],
      sort: undefined,
      cursor: undefined,
    });
  });

  test('names what products say of themselves, in one order, as often as the list takes it', () => {
    const many = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`attribute.n${String(index).padStart(2, '0')}`, 'x']));
    assert.deepEqual(
      listQuestion(many).matches.map(({ name }) => name),
      Object.keys(many).slice(0, 8),
    );
    const { matches } = listQuestion({
      'option.Size': ['M', 'S', 'M', '', ['nested'], 7],
      'attribute.wood': ' Eiche\u0301 ',
      'option.': 'x',
      'option.a\u0000': 'x',
      [`option.${'n'.repeat(61)}`]: 'x',
      'attribute.empty': '  ',
      elsewhere: 'x',
    });
    assert.deepEqual(matches, [
      { name: 'attribute.wood', values: ['Eiché'] },
      { name: 'option.Size', values: ['M', 'S'] },
    ]);
    const values = Array.from({ length: 30 }, (_, index) => String(index));
    assert.equal(listQuestion({ 'option.Size': values }).matches[0]?.values.length, 20);
  });
});
