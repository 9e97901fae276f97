/** SQL of the table login_failures. */
import { timestamp } from '@souk/kernel';
import type { Queryable, Tx } from '@souk/postgres';
import type { FailureRecord, FailureTimes } from '../domain/login-throttle.ts';

export type FailureScope = 'account' | 'address';
export type KeptFailure = FailureRecord & { scope: FailureScope };

const columns = 'scope, failures, blocked_until, expires_at';

export function findFailures(db: Queryable, account: string, address: string): Promise<KeptFailure[]> {
  return db.query<KeptFailure>(
    `select ${columns} from login_failures where (scope = 'account' and subject = $1) or (scope = 'address' and subject = $2)`,
    [account, address],
  );
}

/**
 * The records of both, locked; made first where there are none, so that two who fail at the same moment count as two.
 * The address comes first, for everybody.
 */
export async function lockFailures(tx: Tx, account: string, address: string): Promise<KeptFailure[]> {
  const [, records] = await Promise.all([
    tx.query(
      `insert into login_failures (scope, subject, failures, blocked_until, expires_at)
       values ('address', $2, 0, 'epoch', 'epoch'), ('account', $1, 0, 'epoch', 'epoch') on conflict (scope, subject) do nothing`,
      [account, address],
    ),
    tx.query<KeptFailure>(
      `select ${columns} from login_failures
       where (scope = 'account' and subject = $1) or (scope = 'address' and subject = $2)
       order by scope desc for update`,
      [account, address],
    ),
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
export async function removeEndedFailures(db: Queryable, now: string, most: number): Promise<number> {
  const [row] = await db.query<{ removed: number }>(
    `with gone as (
       delete from login_failures where (scope, subject) in (
         select scope, subject from login_failures where expires_at < $1 limit $2 for update skip locked
       ) returning 1
     ) select count(*)::int removed from gone`,
    [now, most],
  );
  return row?.removed ?? 0;
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
