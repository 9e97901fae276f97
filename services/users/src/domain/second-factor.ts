/** Who is asked for a second factor, and what a session may do without the one its role needs. */
import type { AccountRole } from './account.ts';

/** From which role on a second factor is required; `off` leaves it to each person. */
export type SecondFactorPolicy = 'off' | 'admin' | 'staff';

/** A row of `second_factors`. */
export interface SecondFactorRow {
  user_id: string;
  sealed_secret: Uint8Array;
  created_at: string;
  confirmed_at: string | null;
  /** Time step of the last code that was taken. */
  last_step: number;
}

export function needsSecondFactor(role: AccountRole, policy: SecondFactorPolicy): boolean {
  return role === 'admin' ? policy !== 'off' : role === 'staff' && policy === 'staff';
}

/** The role that tokens carry: an account without the second factor that is required is no more than a customer. */
export function tokenRole(role: AccountRole, { confirmed, policy }: { confirmed: boolean; policy: SecondFactorPolicy }): AccountRole {
  return needsSecondFactor(role, policy) && !confirmed ? 'customer' : role;
}

/** A code as it is compared: people type spaces and dashes where they are shown them. */
export function plainCode(code: string): string {
  return code.replaceAll(/[\s-]/g, '').toUpperCase();
}
