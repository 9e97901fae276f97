import type { IncomingMessage } from 'node:http';

/** The address as a path; a client may write it whole, with scheme and host. */
export function originForm(request: IncomingMessage): string {
  const url = request.url ?? '';
  if (url.charCodeAt(0) === 0x2f) return url;
  const path = /^https?:\/\/[^/?#]+([/?].*)?$/i.exec(url)?.[1] ?? (/^https?:/i.test(url) ? '/' : url);
  request.url = path.startsWith('?') ? `/${path}` : path;
  return request.url;
}
