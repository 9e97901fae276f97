/** SQL of the table addresses. */
import type { Address } from '@souk/contracts';
import type { Queryable, Tx } from '@souk/postgres';

const columns = 'id, label, address, is_default, version, created_at, updated_at';

/** The default first, then the newest. */
export function listAddresses(db: Queryable, user_id: string, limit: number): Promise<Address[]> {
  return db.query<Address>(`select ${columns} from addresses where user_id = $1 order by is_default desc, id desc limit $2`, [
    user_id,
    limit,
  ]);
}

export async function insertAddress(tx: Tx, user_id: string, address: Address): Promise<void> {
  const { id, label, is_default, version, created_at } = address;
  await tx.query(`insert into addresses (${columns}, user_id) values ($1, $2, $3::jsonb, $4, $5, $6, $6, $7)`, [
    id,
    label,
    JSON.stringify(address.address),
    is_default,
    version,
    created_at,
    user_id,
  ]);
}

export async function saveAddress(tx: Tx, { id, label, address, is_default, version, updated_at }: Address): Promise<void> {
  await tx.query('update addresses set label = $2, address = $3::jsonb, is_default = $4, version = $5, updated_at = $6 where id = $1', [
    id,
    label,
    JSON.stringify(address),
    is_default,
    version,
    updated_at,
  ]);
}

/** No address is the default any more, for one that becomes it. */
export async function endDefault(tx: Tx, user_id: string, now: string): Promise<void> {
  await tx.query('update addresses set is_default = false, version = version + 1, updated_at = $2 where user_id = $1 and is_default', [
    user_id,
    now,
  ]);
}

export async function removeAddress(tx: Tx, id: string): Promise<void> {
  await tx.query('delete from addresses where id = $1', [id]);
}

export async function removeAddressesOf(tx: Tx, user_id: string): Promise<void> {
  await tx.query('delete from addresses where user_id = $1', [user_id]);
}
