import type { RouteDeclaration } from '@souk/contracts';

/** The path of a declared route with its members filled in: `/api/orders/0190…?limit=5`. Undefined query members are left out. */
export function routeAddress(route: Pick<RouteDeclaration, 'path'>, params?: unknown, query?: unknown): string {
  const given = (params ?? {}) as Record<string, unknown>;
  const path = route.path.replaceAll(/\{([a-z_]+)\}/g, (_all, name: string) => {
    if (given[name] === undefined) throw new TypeError(`${route.path} needs the member ${name}`);
    return encodeURIComponent(String(given[name]));
  });
  const members = Object.entries((query ?? {}) as Record<string, unknown>)
    .filter(([, value]) => value !== undefined)
    .flatMap(([name, value]) => [value].flat().map((item) => `${encodeURIComponent(name)}=${encodeURIComponent(String(item))}`));
  return members.length === 0 ? path : `${path}?${members.join('&')}`;
}
