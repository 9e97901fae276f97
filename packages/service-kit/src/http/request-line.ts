/** What holds for every request before its address is looked up: at the gateway and at each service alike. */
import type { IncomingMessage } from 'node:http';
import { refusal } from '@souk/contracts';

const oddUrl = /[^\x21-\x7e]|#/;
const hostName = 'host';
const authorizationName = 'authorization';
const oneHost = /^[A-Za-z0-9._~%!$&'()*+;=:[\]-]{1,255}$/;

/** Refuses what no route could take; throws `validation_failed` or `header_invalid`. */
export function checkRequestLine(request: IncomingMessage, url_length_max: number): void {
  const { url = '', httpVersion, headers } = request;
  if (url.length > url_length_max) throw refusal('validation_failed', `The address may have at most ${url_length_max} characters.`);
  // The router would take it for the root; it is for OPTIONS of the server as a whole only (RFC 9112, section 3.2.4).
  if (url === '*') throw refusal('validation_failed', 'The address must begin with a slash.');
  if (oddUrl.test(url)) throw refusal('validation_failed', 'The address is not encoded correctly.');
  const { host } = headers;
  if (host === undefined ? httpVersion !== '1.0' : !oneHost.test(host))
    throw refusal('header_invalid', 'The Host header is missing or not valid.');
  if (request.rawHeaders.length > 2) checkSingle(request.rawHeaders);
  // The parser refuses what is ambiguous about lengths; a coding that is not supported it lets pass.
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && coding.toLowerCase() !== 'chunked')
    throw refusal('validation_failed', 'Transfer-Encoding may only be chunked.');
}

/** Of several values one reader takes the first and another the last: where it decides who asks or for what, neither is right. */
function checkSingle(rawHeaders: readonly string[]): void {
  let hosts = 0;
  let authorizations = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.length === hostName.length && name.toLowerCase() === hostName) hosts += 1;
    else if (name.length === authorizationName.length && name.toLowerCase() === authorizationName) authorizations += 1;
  }
  if (hosts > 1) throw refusal('header_invalid', 'There is more than one Host header.');
  if (authorizations > 1) throw refusal('header_invalid', 'There is more than one Authorization header.');
}
