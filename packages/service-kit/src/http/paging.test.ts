import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeCursor, encodeCursor } from './paging.ts';

describe('a cursor', () => {
  it('gives back what it was made of, also a name with a backslash that looks like an escape', () => {
    for (const value of ['tea', 'C:\\u0041', 'a\\\\u0000b', { name: '\\u00', id: 1 }])
      assert.deepEqual(decodeCursor(encodeCursor(value)), value);
  });

  it('with a control character was not made here', () => {
    for (const value of ['a\u0000b', '\\\u0001', ['\u001f']])
      assert.throws(() => decodeCursor(encodeCursor(value)), { code: 'cursor_invalid' });
  });
});
