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
  type ServiceName,
  switchChaosRoute,
} from '@souk/contracts';
import type { DeclaredQuery } from './domain/catalogue-key.ts';

export interface RouteEntry {
  readonly method: Method;
  /** Path with parameters in braces. */
  readonly path: string;
  /** Who answers it; `gateway` answers itself. */
  readonly service: ServiceName;
  readonly access: Access;
  /** What an API key needs for it; undefined: it is closed to them. */
  readonly scope: RouteDeclaration['scope'];
  /** A mailed link opens it, in place of a token. */
  readonly order_link: boolean;
  readonly limit: LimitClass;
  readonly idempotent: boolean;
  /** A page for browsers: its refusals are pages too, for those that prefer HTML. */
  readonly page: boolean;
  /** It gets the cookies of the shop, and changes something only for pages of the shop. */
  readonly cookies: boolean;
  /** Its answers say as how many requests they count. */
  readonly weighs: boolean;
  /** Its answer may stay open as a stream of events. */
  readonly streams: boolean;
  /** Undefined: the gateway's general limit. */
  readonly timeout_ms: number | undefined;
  /** Undefined: the gateway's general limit. */
  readonly body_bytes_max: number | undefined;
  /** Its answers to strangers may be kept for a second: what its query may hold. Undefined: they may not. */
  readonly cached: DeclaredQuery | undefined;
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
    order_link: false,
    limit: 'none',
    idempotent: false,
    page: false,
    cookies: false,
    weighs: false,
    streams: false,
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
  const { method, path, service, access, scope, limit, weighs = false, timeout_ms, body_bytes_max } = route;
  const { idempotent = false, streams = false, order_link = false, page = false, cookies = page } = route;
  const cached = route.cache === 'public' ? declaredQuery(route) : undefined;
  const deprecation = route.deprecated === undefined ? undefined : deprecationHeaders(route).flat();
  const limits = { limit, timeout_ms, body_bytes_max };
  return { method, path, service, access, scope, order_link, ...limits, page, cookies, weighs, idempotent, streams, cached, deprecation };
}

function declaredQuery(route: RouteDeclaration): DeclaredQuery {
  const { properties = {}, patternProperties = {} } = (route.query ?? {}) as { properties?: object; patternProperties?: object };
  return {
    names: new Set(Object.keys(properties)),
    patterns: Object.keys(patternProperties).map((pattern) => new RegExp(pattern, 'u')),
  };
}
