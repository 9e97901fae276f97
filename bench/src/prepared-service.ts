/**
 * A service that costs next to nothing: it answers each address with the bytes that a real one gave for it. What is measured before it is
 * the proxy, and not how a service and a proxy share two cores. Reads its answers from standard input, and writes its port.
 */
import { createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';

export interface PreparedAnswers {
  /** By path; the whole answer, each character one byte. */
  answers: Readonly<Record<string, string>>;
  /** For every other path. */
  otherwise: string;
}

const { answers, otherwise } = JSON.parse(await text(process.stdin)) as PreparedAnswers;
const prepared = new Map(Object.entries(answers).map(([path, answer]) => [path, Buffer.from(answer, 'latin1')]));
const rest = Buffer.from(otherwise, 'latin1');

function serve(socket: Socket): void {
  let waiting = '';
  socket.on('error', () => socket.destroy());
  socket.on('data', (piece: Buffer) => {
    waiting += piece.toString('latin1');
    for (let end = waiting.indexOf('\r\n\r\n'); end >= 0; end = waiting.indexOf('\r\n\r\n')) {
      const head = waiting.slice(0, end);
      const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
      if (waiting.length < end + 4 + length) return;
      waiting = waiting.slice(end + 4 + length);
      const path = head.slice(head.indexOf(' ') + 1, head.indexOf(' HTTP/'));
      socket.write(prepared.get(path) ?? rest);
    }
  });
}

const server = createServer({ noDelay: true }, serve);
server.listen(0, '127.0.0.1', () => process.stdout.write(`${JSON.stringify(server.address())}\n`));
process.on('SIGTERM', () => process.exit(0));
