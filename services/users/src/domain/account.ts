/** An account and what may be done to it. Changes are decided here, on the row as it was loaded and locked. */
import { refusal } from '@souk/contracts';
import { emailKey } from '@souk/kernel';

export type AccountRole = 'customer' | 'staff' | 'admin';

export type AccountKind = 'registered' | 'guest';

/** A row of `accounts`. */
export interface Account {
  id: string;
  username: string;
  email: string;
  full_name: string;
  phone: string | null;
  role: AccountRole;
  kind: AccountKind;
  email_verified: boolean;
  password_hash: string;
  version: number;
  erased_at: string | null;
  created_at: string;
  updated_at: string;
}

/** The password hash of accounts without sign-in; no PHC string, so nothing ever matches it. */
export const unusableHash = '!';

/** Who asks: the part of a verified caller that decides. */
export interface Actor {
  user_id: string;
  role: AccountRole;
}

/** What a person may ask to change; members that are absent stay as they are. */
export interface AccountChange {
  username?: string | undefined;
  email?: string | undefined;
  full_name?: string | undefined;
  phone?: string | null | undefined;
  password_hash?: string | undefined;
}

export interface Revision {
  account: Account;
  /** Members whose values differ now; empty when nothing was changed. */
  changed: readonly (keyof AccountChange)[];
  /** The address leads to another mailbox: it is not verified and old links are void. */
  mailboxChanged: boolean;
}

/** Customers see only themselves; for everybody else's account the answer is that there is none. */
export function checkMaySee(actor: Actor, account: Pick<Account, 'id'>): void {
  if (actor.role === 'customer' && actor.user_id !== account.id) throw notFound();
}

/**
 * Owners may change their account, staff those of customers, administrators all: staff who could set the address of an
 * administrator would be administrators one password reset later.
 */
export function checkMayChange(actor: Actor, account: Pick<Account, 'id' | 'role'>): void {
  checkMaySee(actor, account);
  if (actor.user_id === account.id || actor.role === 'admin' || account.role === 'customer') return;
  throw refusal('forbidden', 'Only an administrator may change the accounts of staff.');
}

/** The account with the change made; a change to what is already there changes nothing. */
export function reviseAccount(account: Account, change: AccountChange, now: string): Revision {
  const wanted = Object.entries(change).filter(([, value]) => value !== undefined) as [keyof AccountChange, string | null][];
  const changed = wanted.filter(([name, value]) => account[name] !== value);
  if (changed.length === 0) return { account, changed: [], mailboxChanged: false };
  const next: Account = { ...account, ...Object.fromEntries(changed), version: account.version + 1, updated_at: now };
  const mailboxChanged = emailKey(next.email) !== emailKey(account.email);
  if (mailboxChanged) next.email_verified = false;
  return { account: next, changed: changed.map(([name]) => name), mailboxChanged };
}

/** Gives a role. `admins` counts the administrators there are, this account included. */
export function giveRole(account: Account, role: AccountRole, admins: number, now: string): Account {
  checkRegistered(account);
  if (account.role === role) return account;
  checkNotLastAdmin(account, admins);
  return { ...account, role, version: account.version + 1, updated_at: now };
}

/** The account without anything that says who it was. */
export function eraseAccount(account: Account, admins: number, now: string): Account {
  checkNotLastAdmin(account, admins);
  return {
    ...account,
    username: `erased-${account.id.replaceAll('-', '')}`,
    email: `${account.id}@erased.invalid`,
    full_name: 'Erased',
    phone: null,
    role: 'customer',
    email_verified: false,
    password_hash: unusableHash,
    version: account.version + 1,
    erased_at: now,
    updated_at: now,
  };
}

export function confirmEmail(account: Account, now: string): Account {
  return account.email_verified ? account : { ...account, email_verified: true, version: account.version + 1, updated_at: now };
}

/** Names, password and roles are for accounts that can be signed in to. */
export function checkRegistered({ kind }: Pick<Account, 'kind'>): void {
  if (kind === 'guest') throw refusal('account_is_guest');
}

/** The account of a guest that can be signed in to from now on; its address was shown to be its own. */
export function claimAccount(account: Account, claim: { username: string; password_hash: string }, now: string): Account {
  return { ...account, ...claim, kind: 'registered', email_verified: true, version: account.version + 1, updated_at: now };
}

function checkNotLastAdmin(account: Account, admins: number): void {
  if (account.role === 'admin' && admins <= 1) throw refusal('last_admin');
}

export function notFound() {
  return refusal('not_found', 'There is no such account.');
}
