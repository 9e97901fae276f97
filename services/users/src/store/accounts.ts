/** SQL of the table accounts. */
import { cacheKey } from '@souk/cache';
import { refusal } from '@souk/contracts';
import { emailKey } from '@souk/kernel';
import { type Queryable, sqlState, type Tx, violatedConstraint } from '@souk/postgres';
import type { Account } from '../domain/account.ts';
import { loginKey, usernameKey } from '../domain/login-name.ts';

const columns =
  'id, username, email, full_name, phone, role, email_verified, password_hash, version, erased_at, created_at, updated_at, kind';

export function userKey(user_id: string): string {
  return cacheKey('users', 'user', user_id);
}

export async function findAccount(db: Queryable, id: string): Promise<Account | undefined> {
  const [account] = await db.query<Account>(`select ${columns} from accounts where id = $1 and erased_at is null`, [id]);
  return account;
}

export function findAccounts(db: Queryable, ids: readonly string[]): Promise<Account[]> {
  return db.query<Account>(`select ${columns} from accounts where id = any($1::uuid[]) and erased_at is null`, [ids]);
}

/** The account with this user name, or with this address: a user name has no `@`. */
export async function findAccountByLogin(db: Queryable, login: string): Promise<Account | undefined> {
  const [account] = login.includes('@')
    ? await db.query<Account>(`select ${columns} from accounts where email_key = $1 and erased_at is null`, [loginKey(login)])
    : await db.query<Account>(`select ${columns} from accounts where username_key = $1 and erased_at is null`, [loginKey(login)]);
  return account;
}

/** Erased or not; undefined only for ids that never were. */
export async function lockAccount(tx: Tx, id: string): Promise<Account | undefined> {
  const [account] = await tx.query<Account>(`select ${columns} from accounts where id = $1 for update`, [id]);
  return account;
}

export interface LockedAccounts {
  /** Erased or not; undefined only for ids that never were. */
  find(id: string): Account | undefined;
  /** How many administrators there are; counted only where they were locked. */
  admins: number;
}

/** Accounts in order of id; with all administrators, none of whom can become less until the transaction ends. */
export async function lockAccounts(tx: Tx, ids: readonly string[], lock: { admins: boolean }): Promise<LockedAccounts> {
  const rows = await tx.query<Account>(
    `select ${columns} from accounts where id = any($1::uuid[]) or ($2 and role = 'admin' and erased_at is null) order by id for update`,
    [ids, lock.admins],
  );
  return {
    find: (id) => rows.find((row) => row.id === id),
    admins: rows.filter((row) => row.role === 'admin' && row.erased_at === null).length,
  };
}

/** Which of the two names is taken already. */
export async function findTaken(db: Queryable, username: string, email: string): Promise<{ username: boolean; email: boolean }> {
  const [taken] = await db.query<{ username: boolean; email: boolean }>(
    `select exists (select from accounts where username_key = $1 and erased_at is null) username,
            exists (select from accounts where email_key = $2 and erased_at is null) email`,
    [usernameKey(username), emailKey(email)],
  );
  return taken ?? { username: false, email: false };
}

/** Refuses with `username_taken` or `email_taken`. */
export async function insertAccount(tx: Tx, account: Account): Promise<void> {
  await namesFree(
    tx.query(
      `insert into accounts (${columns}, username_key, email_key, guest_key)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
      valuesOf(account),
    ),
  );
}

/** Refuses with `username_taken` or `email_taken`. */
export async function saveAccount(tx: Tx, account: Account): Promise<void> {
  await namesFree(
    tx.query(
      `update accounts set username = $2, email = $3, full_name = $4, phone = $5, role = $6, email_verified = $7, password_hash = $8,
         version = $9, erased_at = $10, created_at = $11, updated_at = $12, kind = $13, username_key = $14, email_key = $15, guest_key = $16
       where id = $1`,
      valuesOf(account),
    ),
  );
}

/** The same password under a newer hash, unless the password was changed meanwhile; no change of the account. */
export async function replaceHash(db: Queryable, id: string, old_hash: string, new_hash: string): Promise<void> {
  await db.query('update accounts set password_hash = $3 where id = $1 and password_hash = $2', [id, old_hash, new_hash]);
}

/** Accounts that changed since then, erased ones too, in order of id after `after`. */
export function changedSince(db: Queryable, page: { since: string; after: string | undefined; limit: number }): Promise<Account[]> {
  return db.query<Account>(
    `select ${columns} from accounts
     where updated_at >= $1::timestamptz and ($2::uuid is null or id > $2) order by id limit $3`,
    [page.since, page.after ?? null, page.limit],
  );
}

/** The oldest first. */
export function administratorIds(db: Queryable, limit: number): Promise<{ id: string }[]> {
  return db.query<{ id: string }>(`select id from accounts where role = 'admin' and erased_at is null order by id limit $1`, [limit]);
}

export interface AccountListing {
  /** Part of a user name, address or name, in any case. */
  part: string | undefined;
  /** Of accounts and guests alike, compared as a whole. */
  email: string | undefined;
  before: string | undefined;
  skip: number;
  limit: number;
}

/** Newest first: ids grow with time. */
export function listAccounts(db: Queryable, { part, email, before, skip, limit }: AccountListing): Promise<Account[]> {
  if (email !== undefined) return listOfAddress(db, emailKey(email), { part, before, skip, limit });
  return db.query<Account>(
    `select ${columns} from accounts
     where erased_at is null and ($1::uuid is null or id < $1)
       and ($2::text is null or position(lower($2) in lower(username)) > 0 or position(lower($2) in lower(email)) > 0
         or position(lower($2) in lower(full_name)) > 0)
     order by id desc offset $3 limit $4`,
    [before ?? null, part ?? null, skip, limit],
  );
}

/** Each half reads its own index: an address may have more guests than there are accounts otherwise. */
function listOfAddress(db: Queryable, key: string, { part, before, skip, limit }: Omit<AccountListing, 'email'>): Promise<Account[]> {
  return db.query<Account>(
    `select ${columns} from (
       select * from accounts where email_key = $5 and erased_at is null
       union all
       select * from accounts where guest_key = $5 and erased_at is null
     ) found
     where ($1::uuid is null or id < $1)
       and ($2::text is null or position(lower($2) in lower(username)) > 0 or position(lower($2) in lower(email)) > 0
         or position(lower($2) in lower(full_name)) > 0)
     order by id desc offset $3 limit $4`,
    [before ?? null, part ?? null, skip, limit, key],
  );
}

function valuesOf(account: Account): unknown[] {
  const { id, username, email, full_name, phone, role, email_verified, password_hash, version, erased_at, created_at, updated_at } =
    account;
  const row = [id, username, email, full_name, phone, role, email_verified, password_hash, version, erased_at, created_at, updated_at];
  return [...row, account.kind, usernameKey(username), ...addressKeys(account)];
}

/** By what an account is found: the address of a guest takes no place among those of accounts, and leads to no sign-in. */
function addressKeys({ id, kind, email, erased_at }: Account): [email_key: string, guest_key: string | null] {
  return kind === 'guest' ? [`guest#${id}`, erased_at === null ? emailKey(email) : null] : [emailKey(email), null];
}

const uniqueViolation = '23505';

/** Two who take a name at the same moment are distinguished by the index alone. */
async function namesFree(writing: Promise<unknown>): Promise<void> {
  try {
    await writing;
  } catch (error) {
    const taken = sqlState(error) === uniqueViolation ? violatedConstraint(error) : undefined;
    if (taken === 'accounts_username_unique') throw refusal('username_taken', undefined, {}, error);
    if (taken === 'accounts_email_unique') throw refusal('email_taken', undefined, {}, error);
    throw error;
  }
}
