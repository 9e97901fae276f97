import type { IncomingMessage } from 'node:http';

const lingerMs = 1_000;
const lingerBytesMax = 33_554_432;

/**
 * Reads what is still coming of a refused body and throws it away, within limits. Closing at once would reset the
 * connection, and a client that is still sending would never see why it was refused.
 */
export function discardRest(request: IncomingMessage, done: () => void): void {
  let bytes = 0;
  const end = (): void => {
    clearTimeout(timer);
    request.off('data', count).off('end', end).off('close', end);
    done();
  };
  const count = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes > lingerBytesMax) end();
  };
  const timer = setTimeout(end, lingerMs);
  request.on('data', count).on('end', end).on('close', end);
  request.resume();
}
