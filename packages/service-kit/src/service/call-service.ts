/** Calls of one service to another, by the declared route, carrying correlation and trace context along. */
import { type BodyOf, type ParamsOf, type QueryOf, type ResponseOf, type RouteDeclaration, refusal } from '@souk/contracts';
import { platformKeys } from '@souk/kernel/platform-keys';
import type { Cause } from '@souk/messaging';
import { traced } from '@souk/telemetry/tracing';
import { request } from 'undici';
import type { ProcessContext } from './context.ts';

export interface CallOptions<R extends RouteDeclaration> {
  params?: ParamsOf<R>;
  query?: QueryOf<R>;
  body?: BodyOf<R>;
  /** Shows the internal token. */
  internal?: boolean;
  /** Passes on the Authorization header of the request at hand. */
  authorization?: string | undefined;
  headers?: Readonly<Record<string, string>>;
  /** The correlation of the call. */
  cause?: Cause | undefined;
  /** Its trace, where no more of the correlation is known. */
  traceparent?: string | undefined;
  /** A 429 with its body is an answer; else it counts as away. */
  returns_429?: boolean;
  /** Default 2000. */
  timeout_ms?: number;
  signal?: AbortSignal;
}

export interface ServiceAnswer<Body> {
  status: number;
  /** The declared body for a success, the problem document for a refusal. */
  body: Body;
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** What a call needs of the service that makes it. */
export type CallContext = Pick<ProcessContext, 'config' | 'dispatcher' | 'peers' | 'tracer'>;

const timeoutDefaultMs = 2_000;
const answerBytesMax = 33_554_432;

/** Calls a route of another service. Whatever keeps it from answering (away, late, 429, 5xx) is `service_unavailable`; refusals come back as they are. */
export async function callService<R extends RouteDeclaration>(
  context: CallContext,
  base_url: string,
  route: R,
  options: CallOptions<R> = {},
): Promise<ServiceAnswer<ResponseOf<R>>> {
  const { traceparent = options.cause?.traceparent } = options;
  const attributes = { 'http.request.method': route.method, 'http.route': route.path, 'souk.upstream': route.service };
  return traced(context.tracer, `${route.method} ${route.path}`, { kind: 'client', parent: traceparent, attributes }, async (span) => {
    const answer = await ask(context, base_url, route, { ...options, traceparent: span?.traceparent ?? traceparent });
    span?.set({ 'http.response.status_code': answer.status });
    return answer;
  });
}

async function ask<R extends RouteDeclaration>(
  context: CallContext,
  base_url: string,
  route: R,
  options: CallOptions<R>,
): Promise<ServiceAnswer<ResponseOf<R>>> {
  const { timeout_ms = timeoutDefaultMs, signal } = options;
  const limit = AbortSignal.timeout(timeout_ms);
  try {
    await context.peers.need(route.service, base_url, signal ? AbortSignal.any([signal, limit]) : limit);
    const answer = await request(new URL(addressOf(route, options.params, options.query), base_url), {
      method: route.method,
      dispatcher: context.dispatcher,
      headers: headersOf(platformKeys(context.config.internal_token).internalToken(route.service), options),
      body: options.body === undefined ? null : JSON.stringify(options.body),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    const text = await textOf(answer.body);
    if (answer.statusCode >= 500 || (answer.statusCode === 429 && !options.returns_429))
      throw new Error(`${route.service} answered ${answer.statusCode}`);
    return { status: answer.statusCode, body: (text === '' ? undefined : JSON.parse(text)) as ResponseOf<R>, headers: answer.headers };
  } catch (error) {
    context.peers.forget(base_url);
    throw refusal('service_unavailable', `${route.service} does not answer at the moment.`, { service: route.service }, error);
  }
}

async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > answerBytesMax) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function headersOf<R extends RouteDeclaration>(
  internal_token: string,
  { internal, authorization, body, cause, traceparent, headers }: CallOptions<R>,
): Record<string, string> {
  const credentials = internal ? `Bearer ${internal_token}` : authorization;
  return {
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(credentials === undefined ? {} : { authorization: credentials }),
    ...(cause && { 'x-correlation-id': cause.correlation ?? cause.correlation_id }),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...headers,
  };
}

/** The path of a route with its members filled in. */
function addressOf(route: RouteDeclaration, params: unknown, query: unknown): string {
  const path = route.path.replaceAll(/\{([a-z_]+)\}/g, (_all, name: string) =>
    encodeURIComponent(String((params as Record<string, unknown>)[name])),
  );
  const members = Object.entries((query ?? {}) as Record<string, unknown>)
    .filter(([, value]) => value !== undefined)
    .flatMap(([name, value]) => [value].flat().map((item) => `${encodeURIComponent(name)}=${encodeURIComponent(String(item))}`));
  return members.length === 0 ? path : `${path}?${members.join('&')}`;
}
