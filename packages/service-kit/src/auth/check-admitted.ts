import { type Access, refusal, type Scope } from '@souk/contracts';
import { type Caller, includesRole, type Role } from './caller.ts';

/**
 * Refuses a caller whom the declaration of a route does not admit: with `forbidden` who has too little of a role, with `scope_missing`
 * an API key without the scope of the route, and any key where the route names none. `details` go with the refusal.
 */
export function checkAdmitted(
  caller: Caller,
  { access, scope }: { readonly access: Access; readonly scope?: Scope | undefined },
  details: object = {},
): void {
  if (caller.key !== undefined && (scope === undefined || !caller.key.scopes.has(scope))) {
    const detail = scope === undefined ? 'This is for people only, not for API keys.' : `This needs an API key with the scope ${scope}.`;
    throw refusal('scope_missing', detail, { ...details });
  }
  const needed: Role = access === 'staff' || access === 'admin' ? access : 'customer';
  if (!includesRole(caller.role, needed)) throw refusal('forbidden', `This needs the role ${needed}.`, { ...details });
}
