/** A mail server that takes some mail, refuses some for good and some for now, and repeats the address when it refuses. */
import { createServer, type Socket } from 'node:net';

export interface MailServer {
  url: string;
  /** Texts of the mails taken, as they came. */
  taken: string[];
  /** How often a recipient was refused. */
  refusals(): number;
  close(): Promise<void>;
}

export async function startMailServer(): Promise<MailServer> {
  const taken: string[] = [];
  const sockets = new Set<Socket>();
  let refusals = 0;
  const answerTo = (line: string): string => {
    const [, address = ''] = /^RCPT TO:<(.*)>/i.exec(line) ?? [];
    if (!address.includes('refused') && !address.includes('later')) return '250 ok';
    refusals += 1;
    return `${address.includes('refused') ? 550 : 451} <${address}> does not want mail`;
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    converse(socket, answerTo, taken);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `smtp://127.0.0.1:${port}`,
    taken,
    refusals: () => refusals,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function converse(socket: Socket, answerTo: (line: string) => string, taken: string[]): void {
  let waiting = '';
  let mail: string[] | undefined;
  socket.write('220 mail.example\r\n');
  socket.on('data', (chunk) => {
    const lines = `${waiting}${chunk.toString('utf8')}`.split('\r\n');
    waiting = lines.pop() ?? '';
    for (const line of lines) {
      if (mail !== undefined && line === '.') {
        taken.push(mail.join('\n'));
        mail = undefined;
        socket.write('250 taken\r\n');
      } else if (mail !== undefined) mail.push(line);
      else if (/^DATA/i.test(line)) {
        mail = [];
        socket.write('354 go on\r\n');
      } else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n');
      else socket.write(`${answerTo(line)}\r\n`);
    }
  });
}
