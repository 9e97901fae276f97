/** How a request is answered: what its handler gave, or the problem document of an error. */
import type { OutgoingHttpHeaders } from 'node:http';
import { eventStreamType, type RouteDeclaration } from '@souk/contracts';
import type { Log } from '@souk/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Answer } from './answer.ts';
import { type ByteRange, byteRangeOf } from './byte-range.ts';
import { personalCaching } from './caching.ts';
import { discardRest } from './discard-rest.ts';
import { namesTag } from './preconditions.ts';
import { problemOf, problemType } from './problem.ts';
import { resourceScope, resourceTag } from './resource-tag.ts';

const jsonType = 'application/json; charset=utf-8';

/** Sets status and headers of an answer; what it answers is for Fastify to serialise and send. */
export function answerWith(route: RouteDeclaration, request: FastifyRequest, reply: FastifyReply, answer: Answer): unknown {
  const { text, options } = answer;
  let { body } = answer;
  let status = options === undefined ? answer.status : applyOptions(route, request, reply, answer);
  if (route.ranges === true) ({ status, body } = partOf(request, reply, { status, body }));
  const { method, headers } = request;
  const caching = personalCaching({ access: route.access, page: route.page, method, authorization: headers.authorization, status });
  if (caching !== undefined) reply.header('cache-control', caching);
  reply.code(status);
  if (status === 304 || status === 204) return undefined;
  if (text === undefined) return body ?? undefined;
  reply.type(jsonType);
  return text;
}

interface Sent {
  status: number;
  body: unknown;
}

/** The part that `Range` asks for, otherwise what it was given. Throws `range_not_satisfiable`. */
function partOf(request: FastifyRequest, reply: FastifyReply, whole: Sent): Sent {
  if (whole.status !== 200 || !(typeof whole.body === 'string' || Buffer.isBuffer(whole.body))) return whole;
  // HEAD is about the whole: parts are defined for GET only.
  const range = request.method === 'GET' ? request.headers.range : undefined;
  const bytes = Buffer.from(range === undefined ? '' : whole.body);
  const part = range === undefined ? undefined : rangeOf(request, reply, range, bytes.length);
  reply.header('accept-ranges', 'bytes');
  if (part === undefined) return whole;
  reply.header('content-range', `bytes ${part.first}-${part.last}/${bytes.length}`);
  return { status: 206, body: bytes.subarray(part.first, part.last + 1) };
}

function rangeOf(request: FastifyRequest, reply: FastifyReply, range: string, length: number): ByteRange | undefined {
  try {
    return byteRangeOf({ range, if_range: request.header('if-range') }, length, String(reply.getHeader('etag') ?? ''));
  } catch (error) {
    // The tag is that of what was asked for, not of what is wrong with the range.
    reply.removeHeader('etag');
    throw error;
  }
}

/** Sets the headers of an answer; 304 when the client has this version already. */
function applyOptions(route: RouteDeclaration, request: FastifyRequest, reply: FastifyReply, { status, body, options }: Answer): number {
  if (options === undefined) return status;
  if (options.headers) reply.headers(options.headers);
  if (options.cookies) reply.header('set-cookie', [...options.cookies]);
  if (options.headers?.['content-type'] === eventStreamType) request.streams_since = performance.now();
  if (options.location !== undefined) reply.header('location', options.location);
  if (options.replayed) reply.header('idempotency-replayed', 'true');
  if (options.next_cursor) addLink(reply, `<${nextUrl(request.url, options.next_cursor)}>; rel="next"`);
  if (options.etag === undefined) return status;
  const tag = resourceTag(options.etag, resourceScope(route, request.params, body));
  reply.header('etag', tag);
  const known = request.headers['if-none-match'];
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  return status === 200 && isRead && known !== undefined && namesTag(known, tag) ? 304 : status;
}

/** One more link beside those that are there, such as that of a deprecated route. */
function addLink(reply: FastifyReply, link: string): void {
  const before = reply.getHeader('link');
  reply.header('link', before === undefined ? link : `${before}, ${link}`);
}

/** The request's own address with the cursor of the next page; `skip` has been used up by the first. */
function nextUrl(url: string, cursor: string): string {
  const [path = '', query = ''] = url.split('?', 2);
  const members = query.split('&').filter((pair) => pair !== '' && !/^(cursor|skip)=/.test(pair));
  return `${path}?${[...members, `cursor=${encodeURIComponent(cursor)}`].join('&')}`;
}

/** Answers with the problem document of an error; a fault of ours is logged with its stack and not disclosed. */
export function sendFailure(log: Log, request: FastifyRequest, reply: FastifyReply, error: unknown): void {
  const { correlation_id } = request;
  const { status, headers, problem, fault } = problemOf(error, pathOf(request.url), correlation_id);
  const route = request.routeOptions.url;
  // A client that went away in the middle of its request is no fault of ours.
  const gone = request.raw.destroyed && !request.raw.complete;
  if (fault && !gone) log.error({ err: error, correlation_id, route }, 'a request failed because of a fault');
  else log.debug({ code: problem.code, detail: problem.detail, correlation_id, route }, 'a request was refused');
  // Half an answer may be out already: breaking off is the only honest end.
  if (reply.raw.headersSent) {
    reply.raw.destroy();
    return;
  }
  reply.code(status).headers(headers).type(problemType);
  const content = JSON.stringify(problem);
  if (headers['connection'] === 'close' && isStillSending(request)) sendAndLinger(request, reply, content);
  else reply.send(content);
}

function isStillSending({ raw }: FastifyRequest): boolean {
  return !raw.complete && (raw.headers['transfer-encoding'] !== undefined || Number(raw.headers['content-length'] ?? 0) > 0);
}

/** The connection ends with this answer, but only after the client had the chance to read it. */
function sendAndLinger(request: FastifyRequest, reply: FastifyReply, content: string): void {
  const { raw } = reply.hijack();
  raw.writeHead(reply.statusCode, { ...(reply.getHeaders() as OutgoingHttpHeaders), 'content-length': Buffer.byteLength(content) });
  raw.write(content);
  discardRest(request.raw, () => raw.end());
}

/** The path of an address, without its query, which may hold what must not be repeated. */
function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}
