import type { Tx } from '@souk/postgres';

/**
 * Serialises what must not overlap for one customer until this transaction ends: placing an order, counting the open
 * ones and erasing the person. Taken before any row lock and in one order of keys, so that no two transactions wait for
 * each other. What is read after it sees everything that was committed under the same lock.
 */
export async function lockCustomers(tx: Tx, user_ids: readonly string[]): Promise<void> {
  await tx.query(
    `select count(*) from (
       select pg_advisory_xact_lock(key) from (
         select distinct uuid_hash_extended(user_id, 0) key from unnest($1::uuid[]) user_id order by key
       ) keys
     ) locked`,
    [user_ids],
  );
}
