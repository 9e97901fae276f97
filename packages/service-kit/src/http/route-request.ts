/** What a handler is given: everything of the request that is checked already, the rest on demand. */
import type { Readable } from 'node:stream';
import { type BodyOf, type ParamsOf, type QueryOf, type RouteDeclaration, refusal } from '@souk/contracts';
import type { Span } from '@souk/kernel';
import type { Cause } from '@souk/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../auth/caller.ts';

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
  readonly if_match: string | undefined;
  readonly if_none_match: string | undefined;
  /** Aborted when the client has gone before the answer. */
  readonly signal: AbortSignal;
  /** Address of the client: of the connection, or what a gateway that shows the internal token says. */
  readonly client_address: string;
  header(name: string): string | undefined;
}

/** What the edge keeps of a request while it is under way. */
export interface RequestState {
  correlation_id: string;
  span: Span;
  caller: Caller | undefined;
  /** The request came through a gateway that showed the internal token. */
  fromGateway: boolean;
  /** It has been counted and written down, which happens once however it ended. */
  observed: boolean;
}

const waitMsMax = 30_000;
const idempotencyKeyPattern = /^[\x21-\x7e]{1,255}$/;

export interface RequestParts {
  route: RouteDeclaration;
  request: FastifyRequest;
  reply: FastifyReply;
  state: RequestState;
  cause: Cause;
  params: unknown;
  query: unknown;
  body: unknown;
  body_text: string;
  raw_body: Readable;
}

/** One object for each request; what few handlers ask for is worked out when it is asked for. */
export class EdgeRequest {
  readonly #parts: RequestParts;
  readonly route: RouteDeclaration;
  readonly body: unknown;
  readonly query: unknown;
  readonly params: unknown;
  readonly caller: Caller | undefined;
  readonly cause: Cause;
  readonly correlation_id: string;

  constructor(parts: RequestParts) {
    this.#parts = parts;
    this.route = parts.route;
    this.body = parts.body;
    this.query = parts.query;
    this.params = parts.params;
    this.caller = parts.state.caller;
    this.cause = parts.cause;
    this.correlation_id = parts.state.correlation_id;
  }

  get url(): string {
    return this.#parts.request.url;
  }

  get body_text(): string {
    return this.#parts.body_text;
  }

  get raw_body(): Readable {
    return this.#parts.raw_body;
  }

  get idempotency_key(): string | undefined {
    const key = this.header('idempotency-key');
    if (key !== undefined && !idempotencyKeyPattern.test(key)) throw refusal('idempotency_key_invalid');
    return key;
  }

  get prefer_wait_ms(): number {
    const prefer = this.header('prefer');
    const seconds = prefer === undefined ? undefined : /(?:^|[,;\s])wait\s*=\s*"?(\d{1,9})"?\s*(?:$|[,;])/i.exec(prefer)?.[1];
    return seconds === undefined ? 0 : Math.min(Number(seconds) * 1_000, waitMsMax);
  }

  get if_match(): string | undefined {
    return this.header('if-match');
  }

  get if_none_match(): string | undefined {
    return this.header('if-none-match');
  }

  get signal(): AbortSignal {
    return abortedWith(this.#parts.reply);
  }

  get client_address(): string {
    const { request, state } = this.#parts;
    const forwarded = state.fromGateway ? this.header('x-forwarded-for') : undefined;
    const nearest = forwarded?.split(',').at(-1)?.trim();
    return nearest || (request.raw.socket.remoteAddress ?? '');
  }

  header(name: string): string | undefined {
    const value = this.#parts.request.headers[name.toLowerCase()];
    return Array.isArray(value) ? value.join(', ') : value;
  }
}

function abortedWith(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
