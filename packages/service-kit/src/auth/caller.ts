import type { Scope } from '@souk/contracts';

/** Who is asking: taken from a verified access token. */
export interface Caller {
  readonly user_id: string;
  readonly role: Role;
  /** `user:<id>` for customers, `staff:<id>` for staff and administrators: what events and histories say. A key follows its account: `staff:<id>/key:<id>`. */
  readonly actor: string;
  readonly isStaff: boolean;
  /** The same for all accounts and guests with one address; absent for API keys, and in tokens of older versions. Personal: never logged. */
  readonly customer_key?: string;
  /** The API key that asks in the name of the account; absent for people. */
  readonly key?: CallingKey;
}

export interface CallingKey {
  readonly id: string;
  readonly scopes: ReadonlySet<Scope>;
}

export type Role = 'customer' | 'staff' | 'admin';

const ranks: Readonly<Record<Role, number>> = { customer: 0, staff: 1, admin: 2 };

/** Whether the value is the name of a role. */
export function isRole(value: unknown): value is Role {
  return typeof value === 'string' && Object.hasOwn(ranks, value);
}

/** The caller with this account and role; with an API key of the account that one. */
export function callerOf(user_id: string, role: Role, key?: CallingKey): Caller {
  const isStaff = ranks[role] >= ranks.staff;
  const actor = `${isStaff ? 'staff' : 'user'}:${user_id}`;
  return key === undefined ? { user_id, role, actor, isStaff } : { user_id, role, actor: `${actor}/key:${key.id}`, isStaff, key };
}

/** Whether a role includes another: an administrator may do what staff may. */
export function includesRole(role: Role, needed: Role): boolean {
  return ranks[role] >= ranks[needed];
}

/** What limits are counted for and idempotency keys belong to: each API key is one, and so is each account. */
export function callerId({ user_id, key }: Pick<Caller, 'user_id' | 'key'>): string {
  return key?.id ?? user_id;
}
