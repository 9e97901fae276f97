/** What a process writes, in whole lines: as many at once as have come, since looking at each costs more than passing them on. */
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** A line that is longer, or never ends, is cut by force. */
const lineLengthMost = 65_536;
const tailLinesMost = 12;

/** Calls `onLine` with one line or several, without the end of the last; with the rest when the stream is over. */
export function wholeLines(stream: Readable, onLine: (lines: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  stream.on('data', (chunk: Buffer) => {
    const text = rest + decoder.write(chunk);
    const end = text.lastIndexOf('\n');
    if (end >= 0) onLine(text.slice(0, end));
    rest = text.slice(end + 1);
    if (rest.length > lineLengthMost) {
      onLine(rest);
      rest = '';
    }
  });
  stream.on('end', () => {
    rest += decoder.end();
    if (rest !== '') onLine(rest);
    rest = '';
  });
}

/** Keeps the last lines of a process, to report why it did not start. */
export function createTail(): { add(lines: string): void; text(): string } {
  let kept: string[] = [];
  return {
    add(lines) {
      kept = [...kept, ...lines.split('\n')].slice(-tailLinesMost);
    },
    text: () => kept.map((line) => line.trimEnd()).join('\n'),
  };
}
