/** SQL of the table login_failures. */
import { timestamp } from '@souk/kernel';
import type { Queryable, Tx } from '@souk/postgres';
import type { FailureRecord, FailureTimes } from '../domain/login-throttle.ts';
import { removeEnded } from './remove-ended.ts';

/** `pair` is an account and a network together. */
export type FailureScope = 'account' | 'pair' | 'address';
export type KeptFailure = FailureRecord & { scope: FailureScope };
export type FailureSubjects = Readonly<Record<FailureScope, string>>;

const columns = 'scope, failures, blocked_until, expires_at';
const ofSubjects = `(scope = 'account' and subject = $1) or (scope = 'pair' and subject = $2) or (scope = 'address' and subject = $3)`;

export function findFailures(db: Queryable, { account, pair, address }: FailureSubjects): Promise<KeptFailure[]> {
  return db.query<KeptFailure>(`select ${columns} from login_failures where ${ofSubjects}`, [account, pair, address]);
}

/** Whether a session of the account goes on that was begun or renewed from this network. */
export async function isKnownNetwork(
  db: Queryable,
  { user_id, network, now }: { user_id: string | undefined; network: string; now: string },
): Promise<boolean> {
  const rows = await db.query('select 1 from sessions where user_id = $1::uuid and network = $2 and expires_at > $3 limit 1', [
    user_id ?? null,
    network,
    now,
  ]);
  return rows.length === 1;
}

/**
 * The records of all three, locked; made first where there are none, so that two who fail at the same moment count as two.
 * The order of the scopes is the same for everybody.
 */
export async function lockFailures(tx: Tx, { account, pair, address }: FailureSubjects): Promise<KeptFailure[]> {
  const [, records] = await Promise.all([
    tx.query(
      `insert into login_failures (scope, subject, failures, blocked_until, expires_at)
       values ('pair', $2, 0, 'epoch', 'epoch'), ('address', $3, 0, 'epoch', 'epoch'), ('account', $1, 0, 'epoch', 'epoch')
       on conflict (scope, subject) do nothing`,
      [account, pair, address],
    ),
    tx.query<KeptFailure>(`select ${columns} from login_failures where ${ofSubjects} order by scope desc for update`, [
      account,
      pair,
      address,
    ]),
  ]);
  return records;
}

export async function saveFailure(tx: Tx, scope: FailureScope, subject: string, times: FailureTimes): Promise<void> {
  await tx.query(`update login_failures set failures = $3, blocked_until = $4, expires_at = $5 where scope = $1 and subject = $2`, [
    scope,
    subject,
    times.failures,
    timestamp(times.blocked_until_ms),
    timestamp(times.expires_at_ms),
  ]);
}

export async function forgetFailures(db: Queryable, scope: FailureScope, subject: string): Promise<void> {
  await db.query('delete from login_failures where scope = $1 and subject = $2', [scope, subject]);
}

/** Removes at most `most` records that have ended; answers how many. */
export function removeEndedFailures(db: Queryable, now: string, most: number): Promise<number> {
  return removeEnded(db, { table: 'login_failures', ends: 'expires_at' }, now, most);
}

/** Removes the records that end first where there are more than `kept_max`; at most `most` of them. Answers how many. */
export async function removeSurplusFailures(db: Queryable, kept_max: number, most: number): Promise<number> {
  const [row] = await db.query<{ removed: number }>(
    `with surplus as (select least(greatest(count(*) - $1::bigint, 0), $2::bigint) n from login_failures), gone as (
       delete from login_failures where (scope, subject) in (
         select scope, subject from login_failures order by expires_at limit (select n from surplus)
       ) returning 1
     ) select count(*)::int removed from gone`,
    [kept_max, most],
  );
  return row?.removed ?? 0;
}
