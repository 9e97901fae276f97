/** SQL of the table sessions. */
import type { Queryable, Tx } from '@souk/postgres';
import type { AccountRole } from '../domain/account.ts';
import type { Session } from '../domain/session.ts';

const columns = 'id, user_id, token_hash, previous_hash, generation, created_at, renewed_at, expires_at, network';

/** Adds a session; of those beyond `sessions_max` the ones renewed longest ago end. */
export async function insertSession(tx: Tx, session: Session, sessions_max: number): Promise<void> {
  const { id, user_id, token_hash, previous_hash, generation, created_at, renewed_at, expires_at, network } = session;
  await Promise.all([
    tx.query(
      `delete from sessions where id in (
         select id from sessions where user_id = $1 order by renewed_at desc, id desc offset $2 for update
       )`,
      [user_id, sessions_max - 1],
    ),
    tx.query(`insert into sessions (${columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, [
      id,
      user_id,
      token_hash,
      previous_hash,
      generation,
      created_at,
      renewed_at,
      expires_at,
      network,
    ]),
  ]);
}

/** A session with the role its account has now. */
export type SessionOfAccount = Session & { role: AccountRole; email: string; second_factor: boolean };

/** The session, locked, with the role and the address its account has now and whether it has a second factor. */
export async function lockSession(tx: Tx, id: string): Promise<SessionOfAccount | undefined> {
  const [session] = await tx.query<SessionOfAccount>(
    `select s.id, s.user_id, s.token_hash, s.previous_hash, s.generation, s.created_at, s.renewed_at, s.expires_at, s.network, a.role, a.email,
       exists (select from second_factors f where f.user_id = a.id and f.confirmed_at is not null) second_factor
     from sessions s join accounts a on a.id = s.user_id
     where s.id = $1 and a.erased_at is null for update of s`,
    [id],
  );
  return session;
}

export async function renewSession(tx: Tx, session: Session): Promise<void> {
  const { id, token_hash, previous_hash, generation, renewed_at, expires_at, network } = session;
  await tx.query(
    'update sessions set token_hash = $2, previous_hash = $3, generation = $4, renewed_at = $5, expires_at = $6, network = $7 where id = $1',
    [id, token_hash, previous_hash, generation, renewed_at, expires_at, network],
  );
}

/** Whether this session of the account goes on; until the transaction ends it does. */
export async function lockLivingSession(tx: Tx, { id, user_id, now }: { id: string; user_id: string; now: string }): Promise<boolean> {
  const rows = await tx.query('select 1 from sessions where id = $1 and user_id = $2 and expires_at > $3 for update', [id, user_id, now]);
  return rows.length === 1;
}

/** The role of the account of a session that goes on; undefined where it has ended or the account was erased. */
export async function findRoleOfSession(
  db: Queryable,
  { id, user_id, now }: { id: string; user_id: string; now: string },
): Promise<AccountRole | undefined> {
  const [row] = await db.query<{ role: AccountRole }>(
    `select a.role from sessions s join accounts a on a.id = s.user_id
     where s.id = $1 and a.id = $2 and s.expires_at > $3 and a.erased_at is null`,
    [id, user_id, now],
  );
  return row?.role;
}

/** The sessions of an account that go on, the one renewed last first. */
export function listLivingSessions(
  db: Queryable,
  { user_id, now }: { user_id: string; now: string },
): Promise<Pick<Session, 'id' | 'created_at' | 'renewed_at' | 'expires_at'>[]> {
  return db.query<Pick<Session, 'id' | 'created_at' | 'renewed_at' | 'expires_at'>>(
    'select id, created_at, renewed_at, expires_at from sessions where user_id = $1 and expires_at > $2 order by renewed_at desc, id desc',
    [user_id, now],
  );
}

/** Answers whose it was; undefined where there is none. */
export async function endSession(db: Queryable, id: string): Promise<string | undefined> {
  const [ended] = await db.query<{ user_id: string }>('delete from sessions where id = $1 returning user_id', [id]);
  return ended?.user_id;
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
