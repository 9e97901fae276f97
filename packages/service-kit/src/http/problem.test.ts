import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ErrorCode, errorTable, refusal } from '@souk/contracts';
import { toMinor } from '@souk/kernel';
import { decodeCursor } from './paging.ts';
import { problemOf } from './problem.ts';

const codes = Object.entries(errorTable) as [ErrorCode, { status: number }][];
const pointersOf = (work: () => unknown): string[] | undefined => {
  try {
    work();
  } catch (error) {
    return problemOf(error, '/', 'story-0001').problem.errors?.map(({ pointer }) => pointer);
  }
  return assert.fail('nothing was refused');
};

describe('a problem document', () => {
  it('of whatever is not valid lists what is wrong, with a pointer', () => {
    for (const [code] of codes.filter(([, { status }]) => status === 400)) {
      const { problem } = problemOf(refusal(code, 'It is wrong.'), '/', 'story-0001');
      assert.deepEqual(problem.errors, [{ pointer: '', detail: 'It is wrong.' }], code);
      const pointed = problemOf(refusal(code, 'It is wrong.', { pointer: '/price' }), '/', 'story-0001').problem;
      assert.deepEqual(pointed.errors, [{ pointer: '/price', detail: 'It is wrong.' }], code);
    }
  });

  it('names the member that held an amount, a currency or a cursor', () => {
    assert.deepEqual(
      pointersOf(() => toMinor(1.999, 'EUR', '/price')),
      ['/price'],
    );
    assert.deepEqual(
      pointersOf(() => toMinor(1, 'XXQ', '/price')),
      ['/currency'],
    );
    assert.deepEqual(
      pointersOf(() => decodeCursor('nonsense')),
      ['/cursor'],
    );
  });

  it('is kept by no cache', () => {
    for (const [code] of codes)
      assert.equal(problemOf(refusal(code), '/', 'story-0001').headers['cache-control'], 'private, no-store', code);
  });
});
