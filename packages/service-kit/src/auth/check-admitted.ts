import { type Access, type RouteDeclaration, refusal, scopesOf } from '@souk/contracts';
import { type Caller, includesRole, type Role } from './caller.ts';

/**
 * Refuses a caller whom the declaration of a route does not admit: with `forbidden` who has too little of a role, with `scope_missing`
 * an API key without a scope of the route, and any key where the route names none. `details` go with the refusal.
 */
export function checkAdmitted(
  caller: Caller,
  { access, scope }: { readonly access: Access; readonly scope?: RouteDeclaration['scope'] | undefined },
  details: object = {},
): void {
  checkScope(caller, scope, details);
  const needed: Role = access === 'staff' || access === 'admin' ? access : 'customer';
  if (!includesRole(caller.role, needed)) throw refusal('forbidden', `This needs the role ${needed}.`, { ...details });
}

/** Refuses with `scope_missing` an API key that has none of the scopes, and any key where there are none. People have no scopes. */
export function checkScope(caller: Caller | undefined, scope: RouteDeclaration['scope'], details: object = {}): void {
  const key = caller?.key;
  if (key === undefined) return;
  const needed = scopesOf({ scope });
  if (needed.some((one) => key.scopes.has(one))) return;
  const words = needed.length > 1 ? `one of the scopes ${needed.join(', ')}` : `the scope ${needed[0]}`;
  const detail = needed.length === 0 ? 'This is for people only, not for API keys.' : `This needs an API key with ${words}.`;
  throw refusal('scope_missing', detail, { ...details });
}
