/** A client of every declared route: the compiler knows what goes in and what comes out. */

import type { BodyOf, ParamsOf, Problem, QueryOf, ResponseOf, RouteDeclaration } from '@souk/contracts';
import { createTransport } from '#default-transport';
import { ProblemError } from './problem-error.ts';
import { routeAddress } from './route-address.ts';
import type { Transport } from './transport.ts';

export interface ClientOptions {
  /** Origin of a gateway or service. */
  base_url: string;
  /** Access token sent with every call, or where to get it. */
  token?: string | (() => string | undefined | Promise<string | undefined>);
  /** Sent with every call; without it the server makes one for each. */
  correlation_id?: string;
  transport?: Transport;
  /** Longest wait for a whole answer, in milliseconds; default 30,000. */
  timeout_ms?: number;
}

/** The members a route declares; those it does not are not accepted. */
export type CallOptions<R extends RouteDeclaration> = Member<'params', ParamsOf<R>> &
  OptionalMember<'query', QueryOf<R>> &
  OptionalMember<'body', BodyOf<R>> &
  CallSettings;

type Member<Name extends string, Value> = [Value] extends [undefined] ? { [K in Name]?: undefined } : { [K in Name]: Value };
type OptionalMember<Name extends string, Value> = [Value] extends [undefined] ? { [K in Name]?: undefined } : { [K in Name]?: Value };

export interface CallSettings {
  headers?: Readonly<Record<string, string>>;
  /** Instead of the client's; null sends none. */
  token?: string | null;
  idempotency_key?: string;
  /** `Prefer: wait=N`. */
  prefer_wait_s?: number;
  correlation_id?: string;
  /** Body of a route that takes something else than JSON. */
  content?: string | AsyncIterable<Uint8Array>;
  timeout_ms?: number;
  signal?: AbortSignal;
}

export interface ApiAnswer<Body> {
  status: number;
  /** The declared body of a success; a problem document otherwise (see `must` and `expect`). */
  body: Body;
  headers: Readonly<Record<string, string>>;
  /** The code of the problem document; undefined for a success. */
  code: string | undefined;
  /** Address of the next page, from the Link header. */
  next: string | undefined;
  text: string;
}

export interface ApiClient {
  /** Calls a route and answers whatever came, refusals included. Throws only when nothing came. */
  call<R extends RouteDeclaration>(route: R, options?: CallOptions<R>): Promise<ApiAnswer<ResponseOf<R>>>;
  /** The body of a success; throws `ProblemError` for anything else. */
  must<R extends RouteDeclaration>(route: R, options?: CallOptions<R>): Promise<ResponseOf<R>>;
  /** The answer when it has this status; throws `ProblemError` otherwise. */
  expect<R extends RouteDeclaration, Status extends keyof R['responses'] & number>(
    status: Status,
    route: R,
    options?: CallOptions<R>,
  ): Promise<ApiAnswer<ResponseOf<R, Status>>>;
  /** The problem document of a refusal with this status; throws `ProblemError` when it was no refusal or another one. */
  refused<R extends RouteDeclaration>(status: number, route: R, options?: CallOptions<R>): Promise<Problem>;
  /** The same client with other options, such as another token. */
  with(options: Partial<ClientOptions>): ApiClient;
  readonly base_url: string;
}

const timeoutDefaultMs = 30_000;

/**
 * A client for one origin. Nothing is connected before the first call; each call is made once, never repeated. `call`
 * answers refusals as they are and throws only when no readable answer came within `timeout_ms`.
 */
export function createClient(options: ClientOptions): ApiClient {
  const transport = options.transport ?? createTransport();
  const call = async (route: RouteDeclaration, settings: AnySettings = {}): Promise<ApiAnswer<never>> => {
    const url = new URL(routeAddress(route, settings.params, settings.query), options.base_url).href;
    const limit = AbortSignal.timeout(settings.timeout_ms ?? options.timeout_ms ?? timeoutDefaultMs);
    const { status, headers, text } = await transport({
      method: route.method,
      url,
      headers: await headersOf(options, settings, route),
      body: settings.content ?? (settings.body === undefined ? undefined : JSON.stringify(settings.body)),
      signal: settings.signal ? AbortSignal.any([settings.signal, limit]) : limit,
    });
    const body = bodyOf(headers['content-type'], text);
    const code = status >= 400 ? ((body as Partial<Problem> | undefined)?.code ?? 'unknown') : undefined;
    return { status, body: body as never, headers, code, next: nextOf(headers['link']), text };
  };
  const held = async (
    route: RouteDeclaration,
    settings: AnySettings | undefined,
    holds: (status: number) => boolean,
  ): Promise<ApiAnswer<never>> => {
    const answer = await call(route, settings);
    if (holds(answer.status)) return answer;
    const problem = answer.code === undefined ? { detail: answer.text.slice(0, 500) } : (answer.body as Partial<Problem>);
    throw new ProblemError(`${route.method} ${route.path}`, answer.status, problem, answer.headers);
  };
  return {
    base_url: options.base_url,
    call: (route, settings) => call(route, settings as AnySettings | undefined),
    must: async (route, settings) => (await held(route, settings as AnySettings | undefined, (status) => status < 300)).body,
    expect: (status, route, settings) => held(route, settings as AnySettings | undefined, (came) => came === status),
    refused: async (status, route, settings) =>
      (await held(route, settings as AnySettings | undefined, (came) => came === status && came >= 400)).body,
    with: (more) => createClient({ ...options, ...more }),
  };
}

interface AnySettings extends CallSettings {
  params?: unknown;
  query?: unknown;
  body?: unknown;
}

async function headersOf(options: ClientOptions, settings: AnySettings, route: RouteDeclaration): Promise<Record<string, string>> {
  const token = settings.token === undefined ? await tokenOf(options) : settings.token;
  const correlation_id = settings.correlation_id ?? options.correlation_id;
  return {
    ...(settings.body === undefined && settings.content === undefined ? {} : { 'content-type': route.body_type ?? 'application/json' }),
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(correlation_id === undefined ? {} : { 'x-correlation-id': correlation_id }),
    ...(settings.idempotency_key === undefined ? {} : { 'idempotency-key': settings.idempotency_key }),
    ...(settings.prefer_wait_s === undefined ? {} : { prefer: `wait=${settings.prefer_wait_s}` }),
    ...settings.headers,
  };
}

async function tokenOf({ token }: ClientOptions): Promise<string | undefined> {
  return typeof token === 'function' ? token() : token;
}

function bodyOf(content_type: string | undefined, text: string): unknown {
  if (text === '') return undefined;
  return /[/+]json\b/.test(content_type ?? '') ? JSON.parse(text) : text;
}

function nextOf(link: string | undefined): string | undefined {
  return /<([^<>]*)>\s*;\s*rel="?next"?/.exec(link ?? '')?.[1];
}
