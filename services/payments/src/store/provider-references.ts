/** SQL of the names by which the provider knows charges. */
import type { Queryable } from '@souk/postgres';
import type { KnownCharge } from '../domain/required-interfaces.ts';

/** Keeps what was prepared for a payment that is still open; of several the first is kept, and answered. Undefined where it has ended. */
export async function keepReference(db: Queryable, id: string, reference: string): Promise<string | undefined> {
  const [row] = await db.query<{ reference: string | null }>(
    `with open as (
       select id, coalesce(provider_reference, $2) reference from payments where id = $1 and status in ('charging', 'unknown') for update
     )
     update payments p set provider_reference = open.reference from open where p.id = open.id returning open.reference`,
    [id, reference],
  );
  return row?.reference ?? undefined;
}

/** Charges of these orders that the provider knows, in ascending order of the order's id after `after`. */
export function knownCharges(db: Queryable, after: string, limit: number): Promise<KnownCharge[]> {
  return db.query<KnownCharge>(
    `select order_id, id payment_id, currency, coalesce(provider_reference, '') reference from payments where order_id > $1 order by order_id limit $2`,
    [after, limit],
  );
}

export async function knownCharge(db: Queryable, order_id: string): Promise<KnownCharge | undefined> {
  const [row] = await db.query<KnownCharge>(
    `select order_id, id payment_id, currency, coalesce(provider_reference, '') reference from payments where order_id = $1`,
    [order_id],
  );
  return row;
}
