/** The headers of requests and answers, described once; which of them a route has follows from its declaration. */

import type { RouteDeclaration } from '../define-route.ts';
import { deprecationHeaders } from '../deprecation.ts';
import { type Json, referTo } from './json-schema.ts';

const text = (description: string, example: string, more: Json = {}): Json => ({
  description,
  schema: { type: 'string', ...more },
  example,
});
const asked = (name: string, header: Json): Json => ({ name, in: 'header', required: false, ...header });

const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const correlation = text('Names the request in answers, problems, logs and events; made where none is sent.', 'checkout-2026-11-29', {
  pattern: '^[A-Za-z0-9._-]{8,64}$',
});
const tag = '"7~k3Jx0aQeZ1"';

/** Of requests, by component name. */
export const requestHeaders = {
  correlation_id: asked('X-Correlation-Id', correlation),
  trace_context: asked('traceparent', text('W3C Trace Context of the caller.', traceparent)),
  idempotency_key: asked(
    'Idempotency-Key',
    text('One for each thing you want done, kept through all attempts: it is done once, and each repeat gets its answer.', 'cart-8812', {
      minLength: 1,
      maxLength: 255,
      pattern: '^[\\x21-\\x7e]{1,255}$',
    }),
  ),
  prefer: asked(
    'Prefer',
    text('wait=N holds the answer until the work has ended, for at most N seconds (RFC 7240); 30 at most.', 'wait=10'),
  ),
  last_event_id: asked(
    'Last-Event-ID',
    text('Id of the last event that was seen; those after it follow.', '1042', { pattern: '^[0-9]{1,15}$' }),
  ),
  if_match: asked('If-Match', text('Entity tags; the change is made only while the resource has one of them.', tag)),
  range: asked(
    'Range',
    text('One part of the answer (RFC 9110, section 14); several at once are answered with the whole.', 'bytes=0-1023'),
  ),
  if_range: asked('If-Range', text('The part is sent while the answer still has this entity tag, otherwise the whole.', tag)),
  if_none_match: asked('If-None-Match', text('Entity tags at hand; 304 when the resource has one of them still.', tag)),
} as const satisfies Record<string, Json>;

/** Of answers, by component name; `name` is the header. */
const answerHeaders = {
  correlation_id: { name: 'X-Correlation-Id', ...correlation },
  trace_context: { name: 'traceparent', ...text('W3C Trace Context of the request here.', traceparent) },
  cache_control: {
    name: 'Cache-Control',
    ...text('What caches may keep; answers for one caller are private, no-store.', 'private, no-store'),
  },
  rate_limit: { name: 'RateLimit', ...text('r is what is left, t the seconds until the whole quota is there again.', '"read";r=599;t=60') },
  rate_limit_policy: { name: 'RateLimit-Policy', ...text('q requests in w seconds.', '"read";q=600;w=60') },
  etag: { name: 'ETag', ...text('Names this state of the resource.', tag) },
  accept_ranges: { name: 'Accept-Ranges', ...text('Parts may be asked for with Range.', 'bytes', { enum: ['bytes'] }) },
  content_range: {
    name: 'Content-Range',
    ...text('Which part it is, of how many bytes; with 416 the bytes there are.', 'bytes 0-1023/2148'),
  },
  age: { name: 'Age', ...text('Seconds since the service was asked for this copy (RFC 9111).', '0') },
  cache_status: {
    name: 'Cache-Status',
    ...text(
      'Only while the service does not answer: this copy is older than a second (RFC 9211).',
      'souk; hit; ttl=-12; detail=service-away',
    ),
  },
  link: {
    name: 'Link',
    ...text('rel="next" is the address of the next page; absent on the last (RFC 8288).', '</api/orders?cursor=WyJ4Il0>; rel="next"'),
  },
  total_count: {
    name: 'Total-Count',
    ...text('With count=1: how many there are in all; 1000+ where they were counted up to there.', '312', { pattern: '^[0-9]+\\+?$' }),
  },
  vary: { name: 'Vary', ...text('Fields of the request on which the form of the answer depends.', 'Accept, Accept-Encoding') },
  content_language: { name: 'Content-Language', ...text('The language of the page, by Accept-Language.', 'en') },
  content_disposition: {
    name: 'Content-Disposition',
    ...text('The name under which it is kept as a file.', 'attachment; filename="products.csv"'),
  },
  accept_encoding: {
    name: 'Accept-Encoding',
    ...text('The coding in which a body is taken, where the one that was sent is refused.', 'identity', { enum: ['identity'] }),
  },
  upgrade: { name: 'Upgrade', ...text('The protocol that is spoken at this address.', 'websocket', { enum: ['websocket'] }) },
  location: { name: 'Location', ...text('Address of what was created.', '/api/orders/0198c5a4-7be2-7f19-93c4-0d5e6f708192') },
  idempotency_replayed: {
    name: 'Idempotency-Replayed',
    ...text('true: the answer to an earlier request with this key.', 'true', { enum: ['true'] }),
  },
  retry_after: {
    name: 'Retry-After',
    description: 'Seconds to wait before another attempt.',
    schema: { type: 'integer', minimum: 1 },
    example: 1,
  },
  www_authenticate: { name: 'WWW-Authenticate', ...text('How to prove who you are (RFC 6750).', 'Bearer error="invalid_token"') },
  deprecation: {
    name: 'Deprecation',
    ...text('Since when the route is deprecated: seconds since 1970 after an @ (RFC 9745).', '@1764374400'),
  },
  sunset: { name: 'Sunset', ...text('From when on the route may be gone (RFC 8594).', 'Sun, 29 Nov 2026 00:00:00 GMT') },
} as const satisfies Record<string, Json>;
type AnswerHeader = keyof typeof answerHeaders;

/** The components of all answer headers. */
export function answerHeaderComponents(): Json {
  return Object.fromEntries(Object.entries(answerHeaders).map(([name, { name: _header, ...described }]) => [name, described]));
}

/** References to the headers a request of this route may carry. */
export function requestHeadersOf(route: RouteDeclaration): Json[] {
  const isRead = route.method === 'GET';
  const names: (keyof typeof requestHeaders)[] = [
    ...(route.idempotent ? (['idempotency_key'] as const) : []),
    ...(route.waits ? (['prefer'] as const) : []),
    ...(route.errors?.includes('precondition_failed') ? (['if_match'] as const) : []),
    ...((route.etag && isRead) || route.cache ? (['if_none_match'] as const) : []),
    ...(route.ranges ? (['range', 'if_range'] as const) : []),
    ...(route.streams ? (['last_event_id'] as const) : []),
    'correlation_id',
    'trace_context',
  ];
  return names.map((name) => referTo(`#/components/parameters/${name}`));
}

/** The header fields of the request are too large. */
const unread = 431;

/** A route with one of these says with it where else to go; others say where they have put what was sent. */
const elsewhere: readonly number[] = [303, 308];

/** References to the headers of an answer with this status. */
export function answerHeadersOf(route: RouteDeclaration, status: number): Json {
  const succeeds = status < 400;
  const deprecation = deprecationHeaders(route).map(([name]) => name);
  // It is refused before it is known what for.
  if (status === unread) return headersOf(['correlation_id', 'cache_control']);
  const names: AnswerHeader[] = [
    'correlation_id',
    'trace_context',
    'cache_control',
    ...(route.limit === 'none' ? [] : (['rate_limit', 'rate_limit_policy'] as const)),
    ...((route.etag || route.cache) && succeeds && !elsewhere.includes(status) ? (['etag'] as const) : []),
    ...(route.ranges && (status === 200 || status === 206) ? (['accept_ranges'] as const) : []),
    ...(route.ranges && (status === 206 || status === 416) ? (['content_range'] as const) : []),
    ...(route.cache && succeeds ? (['age', 'cache_status'] as const) : []),
    ...((succeeds && hasMember(route, 'cursor')) || deprecation.includes('link') ? (['link'] as const) : []),
    ...(succeeds && hasMember(route, 'count') ? (['total_count'] as const) : []),
    ...(route.location && (elsewhere.some((one) => one in route.responses) ? elsewhere.includes(status) : succeeds)
      ? (['location'] as const)
      : []),
    ...(varies(route, status) ? (['vary'] as const) : []),
    ...(route.page && !elsewhere.includes(status) ? (['content_language'] as const) : []),
    ...(route.response_types?.includes('text/csv') && status === 200 ? (['content_disposition'] as const) : []),
    ...(status === 415 ? (['accept_encoding'] as const) : []),
    ...(status === 101 || status === 426 ? (['upgrade'] as const) : []),
    ...(route.idempotent && succeeds ? (['idempotency_replayed'] as const) : []),
    ...(status === 429 || status === 503 ? (['retry_after'] as const) : []),
    ...(status === 401 ? (['www_authenticate'] as const) : []),
    ...(deprecation.includes('deprecation') ? (['deprecation'] as const) : []),
    ...(deprecation.includes('sunset') ? (['sunset'] as const) : []),
  ];
  return headersOf(names);
}

/** By codings any answer of some length, by its type what there is in several; a refusal of a page is a page too. */
function varies(route: RouteDeclaration, status: number): boolean {
  if (status < 400) return status === 200 || status === 206 || status === 304;
  return status === 406 || route.page === true;
}

function headersOf(names: readonly AnswerHeader[]): Json {
  return Object.fromEntries(names.map((name) => [answerHeaders[name].name, referTo(`#/components/headers/${name}`)]));
}

function hasMember({ query }: RouteDeclaration, name: string): boolean {
  return Object.hasOwn((query as { properties?: object } | undefined)?.properties ?? {}, name);
}
