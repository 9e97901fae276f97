/** SQL of the tables message_tokens and reset_requests. */
import type { Cause } from '@souk/messaging';
import type { Queryable, Tx } from '@souk/postgres';

export type MessagePurpose = 'verify_email' | 'password_reset';

/** A row of `message_tokens`. */
export interface MessageToken {
  token_id: string;
  user_id: string;
  purpose: MessagePurpose;
  created_at: string;
  expires_at: string;
  ended_at: string | null;
}

const columns = 'token_id, user_id, purpose, created_at, expires_at, ended_at';

/** False, and nothing written, when the account has `most` good links of this kind already. */
export async function insertMessageToken(tx: Tx, token: Omit<MessageToken, 'ended_at'>, most: number): Promise<boolean> {
  const rows = await tx.query(
    `insert into message_tokens (token_id, user_id, purpose, created_at, expires_at)
     select $1::uuid, $2::uuid, $3::text, $4::timestamptz, $5::timestamptz
     where (select count(*) from message_tokens where user_id = $2 and purpose = $3 and ended_at is null and expires_at > $4) < $6
     returning 1`,
    [token.token_id, token.user_id, token.purpose, token.created_at, token.expires_at, most],
  );
  return rows.length === 1;
}

export async function findMessageToken(db: Queryable, token_id: string): Promise<MessageToken | undefined> {
  const [token] = await db.query<MessageToken>(`select ${columns} from message_tokens where token_id = $1`, [token_id]);
  return token;
}

/** Makes the links of an account void; all, or those of one kind. */
export async function endMessageTokens(tx: Tx, user_id: string, purpose: MessagePurpose | undefined, now: string): Promise<void> {
  await tx.query('update message_tokens set ended_at = $3 where user_id = $1 and ($2::text is null or purpose = $2) and ended_at is null', [
    user_id,
    purpose ?? null,
    now,
  ]);
}

/** Removes at most `most` links that were no longer good before `ended_before`; answers how many. */
export async function removeEndedTokens(db: Queryable, ended_before: string, most: number): Promise<number> {
  const [row] = await db.query<{ removed: number }>(
    `with gone as (
       delete from message_tokens where token_id in (
         select token_id from message_tokens where expires_at < $1 limit $2 for update skip locked
       ) returning 1
     ) select count(*)::int removed from gone`,
    [ended_before, most],
  );
  return row?.removed ?? 0;
}

/** A row of `reset_requests`. */
export interface ResetRequest {
  id: string;
  email: string;
  cause: Cause;
  created_at: string;
}

export async function insertResetRequest(db: Queryable, { id, email, cause, created_at }: ResetRequest): Promise<void> {
  await db.query('insert into reset_requests (id, email, cause, created_at) values ($1, $2, $3::jsonb, $4)', [
    id,
    email,
    JSON.stringify(cause),
    created_at,
  ]);
}

/** Takes the oldest requests that no other transaction has locked out of the table. */
export function takeResetRequests(tx: Tx, most: number): Promise<ResetRequest[]> {
  return tx.query<ResetRequest>(
    `with taken as (
       delete from reset_requests where id in (select id from reset_requests order by id limit $1 for update skip locked)
       returning id, email, cause, created_at
     )
     select id, email, cause, created_at from taken order by id`,
    [most],
  );
}
