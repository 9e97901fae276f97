import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '@souk/kernel';
import { byteRangeOf } from './byte-range.ts';

describe('a part of an answer', () => {
  const of = (range: string | undefined, if_range?: string) => byteRangeOf({ range, if_range }, 100, '"a"');
  for (const [range, first, last] of [
    ['bytes=0-0', 0, 0],
    ['bytes=0-99', 0, 99],
    ['bytes=99-', 99, 99],
    ['bytes=10-', 10, 99],
    ['bytes=10-1000', 10, 99],
    ['bytes=-1', 99, 99],
    ['bytes=-100', 0, 99],
    ['bytes=-1000', 0, 99],
    ['BYTES=5-6', 5, 6],
  ] as const)
    it(`is ${first} to ${last} for ${range}`, () => assert.deepEqual(of(range), { first, last }));

  for (const range of [
    undefined,
    '',
    'bytes=',
    'bytes=-',
    'bytes=0-1,5-6',
    'bytes=6-5',
    'items=0-1',
    'bytes=a-b',
    'bytes 0-1',
    `bytes=${'9'.repeat(20)}-`,
  ])
    it(`is the whole for ${range}`, () => assert.equal(of(range), undefined));

  for (const range of ['bytes=100-', 'bytes=100-200', 'bytes=-0'])
    it(`is nothing for ${range}`, () =>
      assert.throws(
        () => of(range),
        (error) => error instanceof AppError && error.code === 'range_not_satisfiable' && error.details['length'] === 100,
      ));

  it('is the whole when the client has another state, or says so weakly or by date', () => {
    assert.deepEqual(of('bytes=0-1', '"a"'), { first: 0, last: 1 });
    for (const other of ['"b"', 'W/"a"', '"a-gz"', 'Sun, 29 Nov 2026 00:00:00 GMT']) assert.equal(of('bytes=0-1', other), undefined, other);
    assert.equal(of('bytes=500-', '"b"'), undefined);
  });
});
