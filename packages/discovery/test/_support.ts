import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HttpProbe {
  port: number;
  seen: { method: string; url: string; authorization: string | undefined; body: string }[];
  /** The status of the next answers; 0 never answers. */
  answer(status: number): void;
  close(): Promise<void>;
}

/** An HTTP server on a free port that notes what it is asked. */
export async function httpProbe(port = 0): Promise<HttpProbe> {
  let status = 200;
  const seen: HttpProbe['seen'] = [];
  const server: Server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    seen.push({ method: request.method ?? '', url: request.url ?? '', authorization: request.headers.authorization, body });
    if (status !== 0) response.writeHead(status).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    answer(next) {
      status = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Waits until `holds`, at most `limit_ms`; fails with what is still missed. */
export async function eventually(what: string, holds: () => boolean, limit_ms = 3_000): Promise<void> {
  const end = performance.now() + limit_ms;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`still missing after ${limit_ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
