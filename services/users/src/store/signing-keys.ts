/** SQL of the table signing_keys. */
import type { Queryable, Tx } from '@souk/postgres';
import type { ReceiptSigningKey, SigningKey } from '../domain/signing-key.ts';

/** All keys that are not removed, by the time of their first use. */
export function listSigningKeys(db: Queryable): Promise<SigningKey[]> {
  return db.query<SigningKey>(
    'select kid, public_x, sealed_private, published_at, active_from, retired_at from signing_keys order by active_from, kid',
  );
}

/** One who makes or retires keys at a time; others may read. */
export async function lockSigningKeys(tx: Tx): Promise<void> {
  await tx.query('lock table signing_keys in share row exclusive mode');
}

/** Adds a key; those before it are retired when it takes over. */
export async function insertSigningKey(tx: Tx, key: Omit<SigningKey, 'retired_at'>): Promise<void> {
  const { kid, public_x, sealed_private, published_at, active_from } = key;
  await Promise.all([
    tx.query('update signing_keys set retired_at = $1 where retired_at is null or retired_at > $1', [active_from]),
    tx.query('insert into signing_keys (kid, public_x, sealed_private, published_at, active_from) values ($1, $2, $3, $4, $5)', [
      kid,
      public_x,
      sealed_private,
      published_at,
      active_from,
    ]),
  ]);
}

/** Removes keys; their public halves stay, for the receipts they signed. */
export async function removeKeysRetiredBefore(db: Queryable, moment: string): Promise<string[]> {
  const rows = await db.query<{ kid: string }>(
    `with gone as (delete from signing_keys where retired_at < $1 returning kid, public_x, active_from, retired_at)
     insert into receipt_keys (kid, public_x, active_from, retired_at) select * from gone on conflict (kid) do nothing returning kid`,
    [moment],
  );
  return rows.map(({ kid }) => kid);
}

/** Public halves of all keys that may have signed a receipt, oldest first. */
export function listReceiptKeys(db: Queryable): Promise<ReceiptSigningKey[]> {
  return db.query<ReceiptSigningKey>(
    `select kid, public_x, active_from, retired_at from receipt_keys
     union all select kid, public_x, active_from, retired_at from signing_keys order by active_from, kid`,
  );
}
