/** SQL of the tables second_factors and recovery_codes. */
import type { Queryable, Tx } from '@souk/postgres';
import type { SecondFactorRow } from '../domain/second-factor.ts';

const columns = 'user_id, sealed_secret, created_at, confirmed_at, last_step::int last_step';

export async function findSecondFactor(db: Queryable, user_id: string): Promise<SecondFactorRow | undefined> {
  const [row] = await db.query<SecondFactorRow>(`select ${columns} from second_factors where user_id = $1`, [user_id]);
  return row;
}

export async function lockSecondFactor(tx: Tx, user_id: string): Promise<SecondFactorRow | undefined> {
  const [row] = await tx.query<SecondFactorRow>(`select ${columns} from second_factors where user_id = $1 for update`, [user_id]);
  return row;
}

/** Another secret, to be confirmed. */
export async function saveEnrolment(tx: Tx, row: Pick<SecondFactorRow, 'user_id' | 'sealed_secret' | 'created_at'>): Promise<void> {
  await tx.query(
    `insert into second_factors (user_id, sealed_secret, created_at) values ($1, $2, $3)
     on conflict (user_id) do update set sealed_secret = excluded.sealed_secret, created_at = excluded.created_at, confirmed_at = null`,
    [row.user_id, row.sealed_secret, row.created_at],
  );
}

export async function saveConfirmation(tx: Tx, user_id: string, confirmed_at: string): Promise<void> {
  await tx.query('update second_factors set confirmed_at = $2 where user_id = $1', [user_id, confirmed_at]);
}

/** The code of this time step is used up, and those before it. */
export async function saveLastStep(tx: Tx, user_id: string, step: number): Promise<void> {
  await tx.query('update second_factors set last_step = $2 where user_id = $1', [user_id, step]);
}

/** Removes the factor and its recovery codes; false where there was none. */
export async function removeSecondFactor(tx: Tx, user_id: string): Promise<boolean> {
  const [, rows] = await Promise.all([
    tx.query('delete from recovery_codes where user_id = $1', [user_id]),
    tx.query('delete from second_factors where user_id = $1 returning 1', [user_id]),
  ]);
  return rows.length === 1;
}

export async function replaceRecoveryCodes(tx: Tx, user_id: string, hashes: readonly Uint8Array[]): Promise<void> {
  await Promise.all([
    tx.query('delete from recovery_codes where user_id = $1', [user_id]),
    tx.query('insert into recovery_codes (user_id, code_hash) select $1::uuid, unnest($2::bytea[])', [user_id, hashes]),
  ]);
}

/** True for the one who shows this code first. */
export async function useRecoveryCode(tx: Tx, user_id: string, code_hash: Uint8Array): Promise<boolean> {
  const rows = await tx.query('delete from recovery_codes where user_id = $1 and code_hash = $2 returning 1', [user_id, code_hash]);
  return rows.length === 1;
}

export async function countRecoveryCodes(db: Queryable, user_id: string): Promise<number> {
  const [row] = await db.query<{ n: number }>('select count(*)::int n from recovery_codes where user_id = $1', [user_id]);
  return row?.n ?? 0;
}
