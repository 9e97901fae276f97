/** Every route that a client can reach through the gateway, with its name and the codes it may refuse with. */
import type { RouteDeclaration } from '../define-route.ts';
import { type ErrorCode, errorTable } from '../errors.ts';
import * as declarations from '../http/index.ts';
import { serviceEntry } from '../services.ts';

export interface Operation {
  /** Name of the declaration, such as `placeOrder`. */
  operation_id: string;
  route: RouteDeclaration;
  /** Codes of its own, then those that depend on access, body and limit. */
  codes: readonly ErrorCode[];
}

/** Whether clients reach the route: those of services and of fault injection are not for them. */
export function isPublished({ access, path }: RouteDeclaration): boolean {
  return access !== 'internal' && access !== 'chaos' && !path.startsWith('/internal/');
}

/** The operations of these routes in their order. Throws for a route that is not exported by the name of its declaration. */
export function operationsOf(
  routes: readonly RouteDeclaration[] = declarations.routes,
  named: Readonly<Record<string, unknown>> = declarations,
): Operation[] {
  const names = new Map(Object.entries(named).map(([name, declared]) => [declared, name]));
  return routes.filter(isPublished).map((route) => {
    const operation_id = names.get(route);
    if (operation_id === undefined) throw new TypeError(`The declaration of ${route.method} ${route.path} is not exported.`);
    return { operation_id, route, codes: problemCodesOf(route) };
  });
}

/** Any request through the gateway may be refused with these, whatever it is for. */
const always: readonly ErrorCode[] = [
  'validation_failed',
  'header_invalid',
  'token_invalid',
  'scope_missing',
  'headers_too_large',
  'internal',
  'upstream_failed',
  'keys_unavailable',
  'overloaded',
  'service_unavailable',
  'shutting_down',
  'upstream_timeout',
];
const ofBodies: readonly ErrorCode[] = ['client_left', 'request_timeout', 'body_too_large', 'media_type_unsupported'];

/** Every code the route may refuse with, by status; each once. */
function problemCodesOf(route: RouteDeclaration): ErrorCode[] {
  const { access, body, body_type, errors = [], limit, method, params, path, service } = route;
  const isReached = service !== 'gateway';
  const codes: readonly ErrorCode[] = [
    ...errors,
    ...always.filter((code) => isReached || code !== 'upstream_failed'),
    // Of a browser that is signed in by its cookies.
    ...(method === 'GET' ? [] : (['cross_origin_request'] as const)),
    ...(access === 'public' ? [] : (['token_missing'] as const)),
    ...(access === 'staff' || access === 'admin' ? (['forbidden'] as const) : []),
    ...(params === undefined ? [] : (['not_found'] as const)),
    ...(body === undefined ? [] : (['json_invalid'] as const)),
    ...(body === undefined && body_type === undefined ? [] : ofBodies),
    ...(limit === 'none' ? [] : (['rate_limited'] as const)),
    ...(serviceEntry(service)?.has_database ? (['database_unavailable', 'cache_load_timeout'] as const) : []),
    ...(path.startsWith('/api/') ? (['chaos_injected'] as const) : []),
  ];
  return [...new Set(codes)].sort((left, right) => errorTable[left].status - errorTable[right].status);
}
