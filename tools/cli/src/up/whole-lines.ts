/** What a process writes, in whole lines: as many at once as have come, since looking at each costs more than passing them on. */
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** A line that is longer, or never ends, is cut by force. */
const lineLengthMost = 65_536;
const lastWordsMost = 12;

/** Calls `hear` with one line or several, without the end of the last; with the rest when the stream is over. */
export function wholeLines(stream: Readable, hear: (lines: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  stream.on('data', (chunk: Buffer) => {
    const text = rest + decoder.write(chunk);
    const end = text.lastIndexOf('\n');
    if (end >= 0) hear(text.slice(0, end));
    rest = text.slice(end + 1);
    if (rest.length > lineLengthMost) {
      hear(rest);
      rest = '';
    }
  });
  stream.on('end', () => {
    rest += decoder.end();
    if (rest !== '') hear(rest);
    rest = '';
  });
}

/** The last lines of a process that could not start. */
export interface LastWords {
  hear(lines: string): void;
  tell(): string[];
}

export function createLastWords(): LastWords {
  let heard: string[] = [];
  return {
    hear: (lines) => {
      heard = [...heard, ...lines.split('\n')].slice(-lastWordsMost);
    },
    tell: () => heard.map((line) => line.trimEnd()),
  };
}
