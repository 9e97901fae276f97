/** Cuts what a process writes into lines; a line that never ends is cut by force. */
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

const lineLengthMost = 65_536;

/** Calls `hear` for each line without its end; the rest when the stream is over. */
export function splitLines(stream: Readable, hear: (line: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const drain = (): void => {
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) hear(line.trimEnd());
    if (rest.length > lineLengthMost) {
      hear(rest);
      rest = '';
    }
  };
  stream.on('data', (chunk: Buffer) => {
    rest += decoder.write(chunk);
    drain();
  });
  stream.on('end', () => {
    rest += decoder.end();
    drain();
    if (rest !== '') hear(rest);
    rest = '';
  });
}
