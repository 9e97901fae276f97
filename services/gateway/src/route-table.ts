/**
 * Where each address goes: the one page that answers it. Every declared route but the internal ones of services is
 * reachable here; who may call, which limit counts it and how long it may take are said in its declaration.
 */
import {
  type Access,
  deprecationHeaders,
  endChaosRoute,
  gatewayRoutes,
  type LimitClass,
  type Method,
  type RouteDeclaration,
  readChaosRoute,
  routes,
  type Scope,
  type ServiceName,
  switchChaosRoute,
} from '@souk/contracts';

export interface RouteEntry {
  readonly method: Method;
  /** Path with parameters in braces. */
  readonly path: string;
  /** Who answers it; `gateway` answers itself. */
  readonly service: ServiceName;
  readonly access: Access;
  /** What an API key needs for it; undefined: it is closed to them. */
  readonly scope: Scope | undefined;
  readonly limit: LimitClass;
  readonly idempotent: boolean;
  /** Undefined: the gateway's general limit. */
  readonly timeout_ms: number | undefined;
  /** Undefined: the gateway's general limit. */
  readonly body_bytes_max: number | undefined;
  /** Its answers to strangers may be kept for a second: the names of its query. Undefined: they may not. */
  readonly cached: { readonly query: ReadonlySet<string> } | undefined;
  /** Headers of a deprecated route, for what the gateway answers itself; undefined for one that stays. */
  readonly deprecation: readonly string[] | undefined;
}

/** What every process answers about itself. */
const aboutItself = (
  [
    ['/health', 'public'],
    ['/health/live', 'public'],
    ['/health/ready', 'public'],
    ['/metrics', 'internal'],
  ] as const
).map(
  ([path, access]): RouteEntry => ({
    method: 'GET',
    path,
    service: 'gateway',
    access,
    scope: undefined,
    limit: 'none',
    idempotent: false,
    timeout_ms: undefined,
    body_bytes_max: undefined,
    cached: undefined,
    deprecation: undefined,
  }),
);

/** Internal routes of services stay between services. */
const isReachable = (route: RouteDeclaration): boolean =>
  !route.path.startsWith('/internal/') && (route.access !== 'internal' || (gatewayRoutes as readonly RouteDeclaration[]).includes(route));

/** Served where `CHAOS_TOKEN` is set. */
const faultInjection = [readChaosRoute, switchChaosRoute, endChaosRoute].map((route) => entryOf({ ...route, service: 'gateway' }));

export const routeTable: readonly RouteEntry[] = [...aboutItself, ...faultInjection, ...routes.filter(isReachable).map(entryOf)];

/** A declared route as the gateway treats it. */
export function entryOf(route: RouteDeclaration): RouteEntry {
  const { method, path, service, access, scope, limit, idempotent = false, timeout_ms, body_bytes_max, cache, query, deprecated } = route;
  const names = Object.keys((query as { properties?: object } | undefined)?.properties ?? {});
  const cached = cache === 'public' ? { query: new Set(names) } : undefined;
  const deprecation = deprecated === undefined ? undefined : deprecationHeaders(route).flat();
  return { method, path, service, access, scope, limit, idempotent, timeout_ms, body_bytes_max, cached, deprecation };
}
