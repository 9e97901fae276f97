/** What came was no HTTP request that could be routed: it still gets a problem document, then the connection ends. */
import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type ErrorCode, refusal } from '@souk/contracts';
import type { IdSource } from '@souk/kernel';
import { uncached } from './caching.ts';
import { problemOf, problemType } from './problem.ts';

/** What answers on the bare socket; `refused` is given the status of each answer. */
export function createClientErrorHandler(
  ids: IdSource,
  refused: (status: number) => void = () => undefined,
): (error: Error & { code?: string }, socket: Socket) => void {
  return (error, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    // An answer that has begun goes out as far as it is; nothing may be written into it.
    const answering = (socket as unknown as Record<string, ServerResponse | null | undefined>)['_httpMessage'];
    if (answering?.headersSent) {
      socket.destroySoon();
      return;
    }
    const [code, detail] = refusalOf(error.code);
    const correlation_id = ids.uuid();
    const { status, problem } = problemOf(refusal(code, detail), '', correlation_id);
    refused(status);
    const body = JSON.stringify(problem);
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      `content-type: ${problemType}`,
      `content-length: ${Buffer.byteLength(body)}`,
      `x-correlation-id: ${correlation_id}`,
      `cache-control: ${uncached}`,
      'x-content-type-options: nosniff',
      'connection: close',
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
    // A peer that never closes its side must not keep the socket.
    socket.destroySoon();
  };
}

function refusalOf(code: string | undefined): [ErrorCode, string | undefined] {
  if (code === 'HPE_HEADER_OVERFLOW') return ['headers_too_large', undefined];
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return ['request_timeout', undefined];
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return ['body_too_large', undefined];
  return ['validation_failed', 'This is not a valid HTTP request.'];
}
