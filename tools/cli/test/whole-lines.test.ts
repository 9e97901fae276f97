import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { createLastWords, wholeLines } from '../src/up/whole-lines.ts';

function heardOf(chunks: readonly (string | Buffer)[]): string[] {
  const stream = new PassThrough();
  const heard: string[] = [];
  wholeLines(stream, (lines) => heard.push(lines));
  for (const chunk of chunks) stream.emit('data', Buffer.from(chunk));
  stream.emit('end');
  return heard;
}

describe('what a process writes', () => {
  it('is passed on in whole lines, several at once, the rest at the end', () => {
    assert.deepEqual(heardOf(['one\ntwo\nth', 'ree\n', 'four']), ['one\ntwo', 'three', 'four']);
  });

  it('keeps its empty lines and may break within a character', () => {
    const euro = Buffer.from('5 €\n\n6 €\n');
    assert.deepEqual(heardOf([euro.subarray(0, 3), euro.subarray(3)]), ['5 €\n\n6 €']);
  });

  it('is cut by force where a line never ends', () => {
    const heard = heardOf(['x'.repeat(60_000), 'x'.repeat(60_000), 'end\n']);
    assert.deepEqual(
      heard.map((line) => line.length),
      [120_000, 3],
    );
  });

  it('leaves its last twelve lines for whoever asks why it did not start', () => {
    const words = createLastWords();
    for (let line = 0; line < 20; line += 2) words.hear(`line ${line}\nline ${line + 1}\r`);
    assert.deepEqual(
      words.tell(),
      Array.from({ length: 12 }, (_, line) => `line ${line + 8}`),
    );
  });
});
