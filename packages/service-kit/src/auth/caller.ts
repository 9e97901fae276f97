/** Who is asking: taken from a verified access token. */
export interface Caller {
  readonly user_id: string;
  readonly role: Role;
  /** `user:<id>` for customers, `staff:<id>` for staff and administrators: what events and histories say. */
  readonly actor: string;
  readonly isStaff: boolean;
}

export type Role = 'customer' | 'staff' | 'admin';

const ranks: Readonly<Record<Role, number>> = { customer: 0, staff: 1, admin: 2 };

/** Whether the value is the name of a role. */
export function isRole(value: unknown): value is Role {
  return typeof value === 'string' && Object.hasOwn(ranks, value);
}

/** The caller with this account and role. */
export function callerOf(user_id: string, role: Role): Caller {
  const isStaff = ranks[role] >= ranks.staff;
  return { user_id, role, actor: `${isStaff ? 'staff' : 'user'}:${user_id}`, isStaff };
}

/** Whether a role includes another: an administrator may do what staff may. */
export function includesRole(role: Role, needed: Role): boolean {
  return ranks[role] >= ranks[needed];
}
