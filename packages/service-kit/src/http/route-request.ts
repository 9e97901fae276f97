/** What a handler is given: Fastify's request, everything of it checked, with what an API asks of it beside. */
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { type BodyOf, type ParamsOf, type QueryOf, type RouteDeclaration, refusal } from '@souk/contracts';
import type { Cause } from '@souk/messaging';
import type { Span } from '@souk/telemetry/tracing';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Caller } from '../auth/caller.ts';
import { requestCause } from './correlation.ts';
import { resourceScope, versionsOf } from './resource-tag.ts';

/** Public routes may have a caller, internal ones have none, all others always have one. */
export type CallerOf<R extends RouteDeclaration> = R['access'] extends 'public'
  ? Caller | undefined
  : R['access'] extends 'internal' | 'chaos'
    ? undefined
    : R['access'] extends 'authenticated' | 'staff' | 'admin'
      ? Caller
      : Caller | undefined;

export interface RouteRequest<R extends RouteDeclaration = RouteDeclaration> {
  readonly route: R;
  readonly method: string;
  readonly body: BodyOf<R>;
  readonly query: QueryOf<R>;
  readonly params: ParamsOf<R>;
  readonly caller: CallerOf<R>;
  /** Why whatever is done because of this request happens; goes into event drafts. */
  readonly cause: Cause;
  /** As the client sent it, or made. */
  readonly correlation_id: string;
  readonly url: string;
  /** The body as it came, for signatures; empty without a JSON body. */
  readonly body_text: string;
  /** The body of a route with `body_type`, limited to its `body_bytes_max`. */
  readonly raw_body: Readable;
  /** Validated `Idempotency-Key`; throws `idempotency_key_invalid`. */
  readonly idempotency_key: string | undefined;
  /** `Prefer: wait=N` in milliseconds, at most 30,000; 0 when not asked for. */
  readonly prefer_wait_ms: number;
  /** The versions that the header names, as `"<version>"`; the tag of another resource matches none. */
  readonly if_match: string | undefined;
  readonly if_none_match: string | undefined;
  /** Aborted when the client has gone before the answer. */
  readonly signal: AbortSignal;
  /** Address of the client: of the connection, or what a gateway that shows the internal token says. */
  readonly client_address: string;
  header(name: string): string | undefined;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Undefined at an address that is not declared. */
    route: RouteDeclaration | undefined;
    correlation_id: string;
    /** Undefined until the request is begun. */
    span: Span | undefined;
    caller: Caller | undefined;
    /** It came through a gateway that showed its token. */
    from_gateway: boolean;
    /** Moment (of performance.now) at which its answer became a stream that stays open; undefined for any other. */
    streams_since: number | undefined;
    body_text: string;
    response: ServerResponse | undefined;
    readonly client_address: string;
    header(name: string): string | undefined;
  }
}

const waitMsMax = 30_000;
const idempotencyKeyPattern = /^[\x21-\x7e]{1,255}$/;
const preferredWait = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,9})"?\s*(?:$|[,;])/i;
const nothing = Readable.from([]);

/** What few handlers ask for is worked out when it is asked for. */
const derived: Readonly<Record<string, (request: FastifyRequest) => unknown>> = {
  cause: ({ correlation_id, span, caller }) => requestCause(correlation_id, span?.traceparent ?? '', caller?.actor),
  raw_body: ({ body }) => (body instanceof Readable ? body : nothing),
  idempotency_key(request) {
    const key = request.header('idempotency-key');
    if (key !== undefined && !idempotencyKeyPattern.test(key)) throw refusal('idempotency_key_invalid');
    return key;
  },
  prefer_wait_ms(request) {
    const seconds = preferredWait.exec(request.header('prefer') ?? '')?.[1];
    return seconds === undefined ? 0 : Math.min(Number(seconds) * 1_000, waitMsMax);
  },
  if_match(request) {
    const { route, params, caller } = request;
    const header = request.header('if-match');
    // An address without parameters, such as `/api/users/me`, stands for its caller.
    if (header === undefined || route === undefined) return header;
    return versionsOf(header, resourceScope(route, params, { id: caller?.user_id }));
  },
  if_none_match: (request) => request.header('if-none-match'),
  client_address({ from_gateway, raw, headers }) {
    const forwarded = from_gateway ? headers['x-forwarded-for'] : undefined;
    const nearest = (Array.isArray(forwarded) ? forwarded.join(', ') : forwarded)?.split(',').at(-1)?.trim();
    return nearest || (raw.socket.remoteAddress ?? '');
  },
};

/** Gives the requests of a server what `RouteRequest` promises beyond Fastify's own. */
export function decorateRequests(app: FastifyInstance): void {
  for (const name of ['route', 'span', 'caller', 'response', 'streams_since']) app.decorateRequest(name, undefined);
  app.decorateRequest('correlation_id', '').decorateRequest('body_text', '').decorateRequest('from_gateway', false);
  for (const [name, derive] of Object.entries(derived)) {
    app.decorateRequest(name, {
      getter(this: FastifyRequest) {
        return derive(this);
      },
    });
  }
  app.decorateRequest('header', function header(this: FastifyRequest, name: string) {
    const value = this.headers[name.toLowerCase()];
    return Array.isArray(value) ? value.join(', ') : value;
  });
  // Fastify's own signal reports the end of the request, which Node reports once its body is read.
  app.decorateRequest('signal', { getter: disconnectSignal });
}

function disconnectSignal(this: FastifyRequest): AbortSignal {
  const gone = new AbortController();
  const { response } = this;
  response?.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  return gone.signal;
}
