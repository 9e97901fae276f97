/** A route is declared once, here; the service serves it, the gateway routes it, the reference and the client are derived. */
import type { Static, TSchema } from 'typebox';
import type { DeprecationNotice } from './deprecation.ts';
import type { ErrorCode } from './errors.ts';
import type { Scope } from './scopes.ts';
import type { ServiceName } from './services.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * Who may call: `public` needs no token (one that is sent must be valid), `authenticated` any person (the service
 * checks whose resource it is), `staff` and `admin` a role, `internal` the internal token (never through the gateway),
 * `chaos` the token of fault injection (each process for itself).
 */
export type Access = 'public' | 'authenticated' | 'staff' | 'admin' | 'internal' | 'chaos';

/** Which rate limit counts the request; `asset` is for files that pages bring along by the dozen. */
export type LimitClass = 'auth' | 'write' | 'read' | 'asset' | 'none';

export interface RouteDeclaration {
  method: Method;
  /** Path with parameters in braces, such as `/api/orders/{order_id}`. */
  path: string;
  service: ServiceName;
  summary: string;
  access: Access;
  /**
   * What an API key needs to call it; without one it is closed to API keys. Of several any lets it in, and each part that is asked for
   * needs its own.
   */
  scope?: Scope | readonly Scope[];
  /** Opened by `Authorization: OrderLink` with a link that was mailed, in place of an access token; its access is `public`. */
  order_link?: boolean;
  limit: LimitClass;
  /** An answer counts as as many requests as the service says, not as one. */
  weighs?: boolean;
  /** Honours `Idempotency-Key`: the effect happens once for each key. */
  idempotent?: boolean;
  /** Caches, the gateway's own among them, may keep what is answered without a token, for a second. */
  cache?: 'public';
  /** Honours `Prefer: wait=N`: the answer is held until the work it starts has ended, at most so long. */
  waits?: boolean;
  /** The answer is a stream of server-sent events that stays open, or may be one where JSON is there too; `Last-Event-ID` takes it up again. */
  streams?: boolean;
  /** Answers with an `ETag`; a read honours `If-None-Match`. */
  etag?: boolean;
  /** Parts may be asked for with `Range`; 206 is declared beside 200. */
  ranges?: boolean;
  /** Answers with the `Location` of what was created, or, where 308 is declared, of what is elsewhere now. */
  location?: boolean;
  /** A page of the shop for browsers: those that prefer HTML get its refusals as pages too. */
  page?: boolean;
  /**
   * It reads or sets cookies of the shop, such as the session: it gets the `Cookie` header, and where it changes something it is taken from pages of
   * this shop only. Pages are such in any case.
   */
  cookies?: boolean;
  /** It is to go: since when, until when, what takes its place. */
  deprecated?: DeprecationNotice;
  /** Longest time the gateway waits for the answer, in milliseconds (default 10,000). */
  timeout_ms?: number;
  /** Most bytes of the body, where it is not the usual limit; beyond that one only a body with `body_type`, which is streamed, may go. */
  body_bytes_max?: number;
  params?: TSchema;
  query?: TSchema;
  body?: TSchema;
  /** Content type of the body when it is not JSON; `image/*` for all of a kind. */
  body_type?: string;
  /** Content types of the answers when they are not only JSON; the first is sent to clients without a preference. */
  response_types?: readonly string[];
  /** Schema for each success status; null for an empty answer. */
  responses: Record<number, TSchema | null>;
  /** Codes this route refuses with beside the general ones. */
  errors?: readonly ErrorCode[];
}

/** The declaration as it is, with its literal types kept. */
export function defineRoute<const R extends RouteDeclaration>(route: R): R {
  return route;
}

/** The scopes of which an API key needs one; none: the route is closed to API keys. */
export function scopesOf({ scope }: { readonly scope?: RouteDeclaration['scope'] | undefined }): readonly Scope[] {
  return scope === undefined ? [] : typeof scope === 'string' ? [scope] : scope;
}

type SchemaType<S> = S extends TSchema ? Static<S> : undefined;
export type BodyOf<R extends RouteDeclaration> = SchemaType<R['body']>;
export type QueryOf<R extends RouteDeclaration> = SchemaType<R['query']>;
export type ParamsOf<R extends RouteDeclaration> = SchemaType<R['params']>;
/** Body of a success with this status; without one, the union of all. */
export type ResponseOf<R extends RouteDeclaration, Status extends keyof R['responses'] = keyof R['responses']> = SchemaType<
  R['responses'][Status]
>;
