import type { UpstreamRequest } from '../domain/upstream.ts';

const bodyless: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The head with its empty line. `authority` is host and port of the instance. */
export function requestHead({ method, path, headers, body, body_length }: UpstreamRequest, authority: string): string {
  let head = `${method} ${path} HTTP/1.1\r\nhost: ${authority}\r\n`;
  for (let at = 0; at < headers.length; at += 2) head += `${headers[at]}: ${headers[at + 1]}\r\n`;
  if (body === undefined) {
    if (!bodyless.has(method)) head += 'content-length: 0\r\n';
  } else if (Buffer.isBuffer(body)) head += `content-length: ${body.length}\r\n`;
  else head += body_length === undefined ? 'transfer-encoding: chunked\r\n' : `content-length: ${body_length}\r\n`;
  return `${head}\r\n`;
}
