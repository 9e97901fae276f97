/** Changes at other services in the name of the caller: who may change what is decided there. */
import type { BodyOf, ParamsOf, QueryOf, ResponseOf, RouteDeclaration } from '@souk/contracts';
import { askService, type CallContext, clientHeaders, type InstanceDirectory, type ServiceAnswer } from '@souk/service-kit';
import { checkKey, type KeyCheckContext, type RequestContext } from './service-reader.ts';

export interface WriteOptions<R extends RouteDeclaration> {
  params?: ParamsOf<R>;
  query?: QueryOf<R>;
  body?: BodyOf<R>;
  /** Such as Idempotency-Key and If-Match. */
  headers?: Readonly<Record<string, string>>;
}

/** Throws the refusal of the service, or `service_unavailable`: then it may have been done, or not. */
export type ServiceWriter = <R extends RouteDeclaration>(route: R, options?: WriteOptions<R>) => Promise<ServiceAnswer<ResponseOf<R>>>;

/** Longer than the hash of a password takes behind others, and shorter than the gateway waits for the page. */
const writeTimeoutMs = 8_000;

export function createServiceWriter(
  context: CallContext & KeyCheckContext & { readonly directory: InstanceDirectory },
  request: RequestContext,
): ServiceWriter {
  const { authorization, cause, signal, client_address } = request;
  return async (route, { headers, ...options } = {}) => {
    checkKey(context, request, route);
    return askService(context, route, {
      ...options,
      authorization,
      cause,
      signal,
      headers: { ...headers, ...clientHeaders(context, route.service, client_address) },
      timeout_ms: writeTimeoutMs,
    });
  };
}
