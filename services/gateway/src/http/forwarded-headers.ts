/** Which headers pass through the gateway, in both directions, and which it sets itself. */
import type { IncomingHttpHeaders } from 'node:http';
import { challengeHeader } from '@souk/discovery';
import type { Fields } from '../domain/answer-fields.ts';
import { codingsOf, withoutCoding } from '../domain/encoding.ts';
import { hopByHop } from '../domain/returned-headers.ts';

/** Set by the gateway, or believed by services only because the gateway set them. */
const setHere = [
  'host',
  'expect',
  'content-length',
  'cookie',
  'x-correlation-id',
  'traceparent',
  'forwarded',
  'x-real-ip',
  'x-souk-gateway',
  challengeHeader,
];
const notForwarded = new Set([...hopByHop, ...setHere]);

/** What a Connection header names beside its own words, lower-case. */
function namedBy(connection: string | string[] | undefined): ReadonlySet<string> | undefined {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return undefined;
  const names = [connection]
    .flat()
    .join(',')
    .split(',')
    .map((name) => name.trim().toLowerCase());
  return new Set(names.filter((name) => name !== '' && name !== 'keep-alive' && name !== 'close'));
}

export interface ForwardedHeaders {
  correlation_id: string;
  traceparent: string;
  client_address: string;
  secure: boolean;
  /** Undefined where the service needs none. */
  cookie: string | undefined;
  /** As the client addressed the gateway. */
  host: string;
  /** What this service knows the gateway by. */
  gateway_token: string;
}

/** The headers of the request to the service, as a flat list of names and values. */
export function requestHeaders(headers: IncomingHttpHeaders, forwarded: ForwardedHeaders): string[] {
  const named = namedBy(headers.connection);
  const list: string[] = [];
  for (const name in headers) {
    if (notForwarded.has(name) || name.startsWith('x-forwarded-') || named?.has(name)) continue;
    const value = headers[name];
    if (typeof value !== 'string') for (const one of value ?? []) list.push(name, one);
    // Of an answer that was coded here the service knows the tag without that.
    else if (name === 'if-match') list.push(name, withoutCoding(value));
    else if (name === 'if-none-match') list.push(name, withoutCoding(value, codingsOf(headers['accept-encoding'])));
    else list.push(name, value);
  }
  list.push('x-correlation-id', forwarded.correlation_id, 'traceparent', forwarded.traceparent);
  list.push(
    'x-forwarded-for',
    forwarded.client_address,
    'x-forwarded-proto',
    forwarded.secure ? 'https' : 'http',
    'x-forwarded-host',
    forwarded.host,
  );
  if (forwarded.cookie !== undefined) list.push('cookie', forwarded.cookie);
  // Services believe x-forwarded-for only from who shows this.
  list.push('x-souk-gateway', forwarded.gateway_token);
  return list;
}

/** The same headers for another attempt, in whose trace context the service then acts. */
export function withTraceparent(headers: readonly string[], traceparent: string): string[] {
  const list = [...headers];
  for (let name = 0; name < list.length; name += 2) if (list[name] === 'traceparent') list[name + 1] = traceparent;
  return list;
}

/** Headers for every answer, unless the service has its own. */
const secured: readonly string[] = [
  'x-content-type-options',
  'nosniff',
  'referrer-policy',
  'no-referrer',
  'x-frame-options',
  'DENY',
  'content-security-policy',
  "default-src 'none'; frame-ancestors 'none'",
];
const securedNames: ReadonlySet<string> = new Set(secured.filter((_, index) => index % 2 === 0));
const transportSecurity = ['strict-transport-security', 'max-age=31536000'] as const;

export interface AnswerTraits {
  /** The client came by HTTPS. */
  secure: boolean;
  vary: string | undefined;
  /** Cache-Control of an answer for its caller alone, whatever the service says; undefined for any other. */
  caching: string | undefined;
}

/** The headers of an answer, as a flat list: those of the service (or of the gateway's own answer), then what every answer needs. */
export function answerHeaders(fields: Fields, { secure, vary, caching }: AnswerTraits): string[] {
  const list: string[] = [];
  let varies: string | undefined;
  let set: string[] | undefined;
  for (let at = 0; at < fields.length; at += 2) {
    const name = fields[at] as string;
    const value = fields[at + 1] as string;
    if (name === 'vary' && vary !== undefined) varies = varies === undefined ? value : `${varies}, ${value}`;
    else if (!(caching !== undefined && name === 'cache-control')) list.push(name, value);
    if (securedNames.has(name) || name === transportSecurity[0]) {
      set ??= [];
      set.push(name);
    }
  }
  if (set === undefined) list.push(...secured);
  else
    for (let at = 0; at < secured.length; at += 2)
      if (!set.includes(secured[at] as string)) list.push(secured[at] as string, secured[at + 1] as string);
  if (caching !== undefined) list.push('cache-control', caching);
  if (secure && set?.includes(transportSecurity[0]) !== true) list.push(...transportSecurity);
  if (vary !== undefined) list.push('vary', varies === undefined ? vary : `${varies}, ${vary}`);
  return list;
}
