/** Reads of other services in the name of the caller: who may see what is decided there. */
import type { BodyOf, ParamsOf, QueryOf, ResponseOf, RouteDeclaration } from '@souk/contracts';
import {
  askService,
  type CallContext,
  type Caller,
  type CallOptions,
  checkScope,
  type InstanceDirectory,
  type ProcessContext,
  recordRefusedRequest,
} from '@souk/service-kit';

/** Of the request that is answered. */
export interface RequestContext {
  /** An API key may ask what its scopes allow it at the routes themselves. */
  caller: Caller | undefined;
  client_address: string;
  authorization: string | undefined;
  cause: NonNullable<CallOptions<RouteDeclaration>['cause']>;
  signal: AbortSignal;
}

export interface ReadOptions<R extends RouteDeclaration> {
  params?: ParamsOf<R>;
  query?: QueryOf<R>;
  /** Of a POST that changes nothing, such as a quote. */
  body?: BodyOf<R>;
}

export interface Read<Body> {
  body: Body;
  /** Where a list goes on; null on its last page. */
  next_cursor: string | null;
  /** Where what was asked for is now; undefined where it is what was asked for. */
  location: string | undefined;
}

/** Throws the refusal of the service, or `service_unavailable`. */
export type ServiceReader = <R extends RouteDeclaration>(route: R, options?: ReadOptions<R>) => Promise<Read<ResponseOf<R>>>;

/** The longest a part of an answer is waited for; another instance gets as long once more. */
const partTimeoutMs = 2_000;

export function createServiceReader(
  context: CallContext & KeyCheckContext & { readonly directory: InstanceDirectory },
  request: RequestContext,
): ServiceReader {
  return async (route, options = {}) => {
    checkKey(context, request, route);
    const { body, headers } = await askService(context, route, { ...options, ...request, timeout_ms: partTimeoutMs });
    return { body, next_cursor: nextCursor(headers['link']), location: [headers['location'] ?? []].flat()[0] };
  };
}

export type KeyCheckContext = Pick<ProcessContext, 'security'>;

/** An API key is refused what its scopes do not open before anything is asked in its name. Throws `scope_missing`. */
export function checkKey({ security }: KeyCheckContext, { caller, cause, client_address }: RequestContext, route: RouteDeclaration): void {
  try {
    checkScope(caller, route.scope);
  } catch (error) {
    const { correlation_id } = cause;
    recordRefusedRequest(security, error, {
      client_address,
      correlation_id,
      user_id: caller?.user_id,
      api_key: caller?.key?.id,
      object: route.path,
    });
    throw error;
  }
}

function nextCursor(link: string | string[] | undefined): string | null {
  const next = /<([^<>]*)>; rel="next"/.exec([link ?? ''].flat().join(','))?.[1];
  return next === undefined ? null : new URL(next, 'http://service').searchParams.get('cursor');
}
