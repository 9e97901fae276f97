/** Reads of other services in the name of the caller: who may see what is decided there. */
import type { ParamsOf, QueryOf, ResponseOf, RouteDeclaration } from '@souk/contracts';
import { askService, type CallContext, type CallOptions, type InstanceDirectory } from '@souk/service-kit';

/** Of the request that is answered. */
export interface RequestContext {
  authorization: string | undefined;
  cause: NonNullable<CallOptions<RouteDeclaration>['cause']>;
  signal: AbortSignal;
}

export interface ReadOptions<R extends RouteDeclaration> {
  params?: ParamsOf<R>;
  query?: QueryOf<R>;
}

export interface Read<Body> {
  body: Body;
  /** Where a list goes on; null on its last page. */
  next_cursor: string | null;
}

/** Throws the refusal of the service, or `service_unavailable`. */
export type ServiceReader = <R extends RouteDeclaration>(route: R, options?: ReadOptions<R>) => Promise<Read<ResponseOf<R>>>;

/** The longest a part of an answer is waited for; another instance gets as long once more. */
const partTimeoutMs = 2_000;

export function createServiceReader(
  context: CallContext & { readonly directory: InstanceDirectory },
  request: RequestContext,
): ServiceReader {
  return async (route, options = {}) => {
    const { body, headers } = await askService(context, route, { ...options, ...request, timeout_ms: partTimeoutMs });
    return { body, next_cursor: nextCursor(headers['link']) };
  };
}

function nextCursor(link: string | string[] | undefined): string | null {
  const next = /<([^<>]*)>; rel="next"/.exec([link ?? ''].flat().join(','))?.[1];
  return next === undefined ? null : new URL(next, 'http://service').searchParams.get('cursor');
}
