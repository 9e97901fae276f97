/** A client of the WebSocket that reads one message after the other. */
import type { LiveMessage } from '@souk/contracts';
import { WebSocket } from 'ws';

export interface SocketClient {
  socket: WebSocket;
  send(message: unknown): void;
  next(): Promise<LiveMessage>;
  closed: Promise<[number, string]>;
}

/** Rejects with status and code when the handshake is refused. */
export async function connectSocket(
  address: string,
  headers: Record<string, string>,
  protocols: string[] = ['souk.v1'],
): Promise<SocketClient> {
  const socket = new WebSocket(address, protocols, { headers });
  const messages: LiveMessage[] = [];
  let arrived: () => void = () => undefined;
  socket.on('message', (data) => {
    messages.push(JSON.parse(String(data)) as LiveMessage);
    arrived();
  });
  const closed = new Promise<[number, string]>((resolve) => socket.on('close', (code, reason) => resolve([code, String(reason)])));
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
    socket.once('unexpected-response', (_request, response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => reject(new Error(`${response.statusCode} ${(JSON.parse(body) as { code: string }).code}`)));
    });
  });
  const next = async (): Promise<LiveMessage> => {
    while (messages.length === 0) {
      const more = Promise.withResolvers<void>();
      arrived = more.resolve;
      await Promise.race([more.promise, closed.then(([code]) => Promise.reject(new Error(`closed with ${code}`)))]);
    }
    return messages.shift() as LiveMessage;
  };
  return { socket, closed, next, send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)) };
}

export function summaryOf(message: LiveMessage): unknown[] {
  const { type, id, event, code } = message as Record<string, unknown>;
  return [type, id, event ?? code].filter((word) => word !== undefined);
}
