import { refusal, type TokenPair } from '@souk/contracts';
import { AppError, derivedUuid, emailKey } from '@souk/kernel';
import type { Cause } from '@souk/messaging';
import type { Tx } from '@souk/postgres';
import type { UsersContext } from '../context.ts';
import { type Account, unusableHash } from '../domain/account.ts';
import { keptEmail } from '../domain/login-name.ts';
import { findAccountByLogin, lockAccount } from '../store/accounts.ts';
import { issueTokens } from './issue-tokens.ts';
import { openAccount } from './open-account.ts';
import { newSession, openSession } from './open-session.ts';
import { sessionNetwork } from './throttle-login.ts';

export interface GuestRequest {
  email: string;
  full_name: string;
  /** One guest for each: who shows it again gets another session of that guest, so it is a secret. */
  idempotency_key: string | undefined;
  client_address: string;
  cause: Cause;
}

/** Keys that could be guessed would open the sessions of others. */
const keyLengthMin = 22;

/**
 * Opens an account for a guest and a session of it. Nothing is looked up by the address: whether it is known shows neither in the answer nor in
 * its time. Refuses with `idempotency_key_invalid`, and with `idempotency_key_reused` where its guest gave another address, or is a guest no more.
 */
export async function openGuest(ctx: UsersContext, request: GuestRequest): Promise<{ tokens: TokenPair; replayed: boolean }> {
  const { idempotency_key: key } = request;
  if (key !== undefined && key.length < keyLengthMin)
    throw refusal('idempotency_key_invalid', `The key of a guest has at least ${keyLengthMin} characters that cannot be guessed.`);
  try {
    return await open(ctx, request);
  } catch (error) {
    // Two with one key at the same moment: the other was first, and its guest is there now.
    if (key === undefined || !(error instanceof AppError && error.code === 'username_taken')) throw error;
    return open(ctx, request);
  }
}

async function open(ctx: UsersContext, request: GuestRequest): Promise<{ tokens: TokenPair; replayed: boolean }> {
  const { id, token, token_hash } = newSession(ctx);
  const { session, replayed } = await ctx.db.transaction(async (tx) => {
    const before = await guestOfKey(tx, request);
    const account = before ?? (await newGuest(ctx, tx, request));
    const network = sessionNetwork(ctx, request.client_address);
    return { session: await openSession(ctx, tx, account, { id, token_hash, network }), replayed: before !== undefined };
  });
  return { tokens: await issueTokens(ctx, session, token), replayed };
}

async function guestOfKey(tx: Tx, { email, idempotency_key }: GuestRequest): Promise<Account | undefined> {
  if (idempotency_key === undefined) return undefined;
  const known = await findAccountByLogin(tx, usernameOf(idempotency_key));
  const account = known && (await lockAccount(tx, known.id));
  if (account === undefined || account.erased_at !== null) return undefined;
  if (account.kind !== 'guest' || emailKey(account.email) !== emailKey(email)) throw refusal('idempotency_key_reused');
  return account;
}

function newGuest(ctx: UsersContext, tx: Tx, { email, full_name, idempotency_key, cause }: GuestRequest): Promise<Account> {
  const wanted = {
    username: usernameOf(idempotency_key ?? ctx.ids.uuid()),
    email: keptEmail(email),
    full_name,
    role: 'customer' as const,
    kind: 'guest' as const,
    email_verified: false,
    password_hash: unusableHash,
  };
  return openAccount(ctx, tx, wanted, 'guest', cause);
}

/** Nothing of a key can be read from it. */
function usernameOf(key: string): string {
  return `guest-${derivedUuid('guest', key).replaceAll('-', '')}`;
}
