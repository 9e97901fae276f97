/** What holds for every request before its address is looked up. */
import type { IncomingMessage } from 'node:http';
import { refusal } from '@souk/contracts';

/** The address as a path; a client may write it whole, with scheme and host. */
export function originForm(request: IncomingMessage): string {
  const url = request.url ?? '';
  if (url.charCodeAt(0) === 0x2f) return url;
  const path = /^https?:\/\/[^/?#]+([/?].*)?$/i.exec(url)?.[1] ?? (/^https?:/i.test(url) ? '/' : url);
  request.url = path.startsWith('?') ? `/${path}` : path;
  return request.url;
}

const oddUrl = /[^\x21-\x7e]|#/;
const oneHost = /^[A-Za-z0-9._~%!$&'()*+;=:[\]-]{1,255}$/;

/** Refuses what no route could take. */
export function checkLimits(request: IncomingMessage, url_length_max: number): void {
  const url = request.url ?? '';
  if (url.length > url_length_max) throw refusal('validation_failed', `The address may have at most ${url_length_max} characters.`);
  if (oddUrl.test(url)) throw refusal('validation_failed', 'The address is not encoded correctly.');
  const { host } = request.headers;
  if (host === undefined ? request.httpVersion !== '1.0' : !oneHost.test(host))
    throw refusal('header_invalid', 'The Host header is missing or not valid.');
  if (host !== undefined && request.rawHeaders.length > 2 && hostsOf(request.rawHeaders) > 1)
    throw refusal('header_invalid', 'There is more than one Host header.');
}

function hostsOf(rawHeaders: readonly string[]): number {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts;
}
