import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { createTail, wholeLines } from './whole-lines.ts';

function linesOf(chunks: readonly (string | Buffer)[]): string[] {
  const stream = new PassThrough();
  const received: string[] = [];
  wholeLines(stream, (lines) => received.push(lines));
  for (const chunk of chunks) stream.emit('data', Buffer.from(chunk));
  stream.emit('end');
  return received;
}

describe('what a process writes', () => {
  it('is passed on in whole lines, several at once, the rest at the end', () => {
    assert.deepEqual(linesOf(['one\ntwo\nth', 'ree\n', 'four']), ['one\ntwo', 'three', 'four']);
  });

  it('keeps its empty lines and may break within a character', () => {
    const euro = Buffer.from('5 €\n\n6 €\n');
    assert.deepEqual(linesOf([euro.subarray(0, 3), euro.subarray(3)]), ['5 €\n\n6 €']);
  });

  it('is cut by force where a line never ends', () => {
    const received = linesOf(['x'.repeat(60_000), 'x'.repeat(60_000), 'end\n']);
    assert.deepEqual(
      received.map((line) => line.length),
      [120_000, 3],
    );
  });

  it('leaves its last twelve lines for whoever asks why it did not start', () => {
    const tail = createTail();
    for (let line = 0; line < 20; line += 2) tail.add(`line ${line}\nline ${line + 1}\r`);
    assert.equal(tail.text(), Array.from({ length: 12 }, (_, line) => `line ${line + 8}`).join('\n'));
  });
});
