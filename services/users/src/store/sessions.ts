/** SQL of the table sessions. */
import type { Queryable, Tx } from '@souk/postgres';
import type { AccountRole } from '../domain/account.ts';
import type { Session } from '../domain/session.ts';

const columns = 'id, user_id, token_hash, created_at, renewed_at, expires_at';

/** Adds a session; of those beyond `sessions_max` the ones renewed longest ago end. */
export async function insertSession(tx: Tx, session: Session, sessions_max: number): Promise<void> {
  const { id, user_id, token_hash, created_at, renewed_at, expires_at } = session;
  await Promise.all([
    tx.query(
      `delete from sessions where id in (
         select id from sessions where user_id = $1 order by renewed_at desc, id desc offset $2 for update
       )`,
      [user_id, sessions_max - 1],
    ),
    tx.query(`insert into sessions (${columns}) values ($1, $2, $3, $4, $5, $6)`, [
      id,
      user_id,
      token_hash,
      created_at,
      renewed_at,
      expires_at,
    ]),
  ]);
}

/** The session, locked, with the role its account has now. */
export async function lockSession(tx: Tx, id: string): Promise<(Session & { role: AccountRole }) | undefined> {
  const [session] = await tx.query<Session & { role: AccountRole }>(
    `select s.id, s.user_id, s.token_hash, s.created_at, s.renewed_at, s.expires_at, a.role
     from sessions s join accounts a on a.id = s.user_id
     where s.id = $1 and a.erased_at is null for update of s`,
    [id],
  );
  return session;
}

export async function renewSession(tx: Tx, session: Session): Promise<void> {
  await tx.query('update sessions set token_hash = $2, renewed_at = $3, expires_at = $4 where id = $1', [
    session.id,
    session.token_hash,
    session.renewed_at,
    session.expires_at,
  ]);
}

export async function endSession(db: Queryable, id: string): Promise<void> {
  await db.query('delete from sessions where id = $1', [id]);
}

/** Ends the sessions of an account; `but` one of them when it is named. */
export async function endSessions(db: Queryable, user_id: string, but?: string): Promise<void> {
  await db.query('delete from sessions where user_id = $1 and ($2::uuid is null or id <> $2)', [user_id, but ?? null]);
}

/** Removes at most `most` sessions that ended before `now`; answers how many. */
export async function removeEndedSessions(db: Queryable, now: string, most: number): Promise<number> {
  const [row] = await db.query<{ removed: number }>(
    `with gone as (
       delete from sessions where id in (select id from sessions where expires_at < $1 limit $2 for update skip locked) returning 1
     ) select count(*)::int removed from gone`,
    [now, most],
  );
  return row?.removed ?? 0;
}
