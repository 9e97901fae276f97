/** SQL of the uses of promotions. Locks are taken in one order: orders, promotions, codes. */
import type { Tx } from '@souk/postgres';
import type { CustomerUses, Redemption } from '../domain/promotion-uses.ts';

export type RedemptionRow = Redemption & { order_id: string };

/**
 * How often these customers used these promotions. To be asked while the promotions are locked, in a statement of its own:
 * a statement does not see rows that were added while it waited for a lock.
 */
export function customerUses(tx: Tx, promotion_ids: readonly string[], customer_keys: readonly string[]): Promise<CustomerUses[]> {
  return tx.query<CustomerUses & { customer_key: string }>(
    `select promotion_id, customer_key, count(*)::int uses from redemptions
     where promotion_id = any($1::uuid[]) and customer_key = any($2::text[]) and state = 'held' and counted
     group by promotion_id, customer_key`,
    [promotion_ids, customer_keys],
  );
}

/** Writes the uses of a group of orders and counts them; the rows with limits are locked since the group was read. */
export async function writeRedemptions(tx: Tx, redemptions: readonly RedemptionRow[]): Promise<void> {
  await tx.query(
    `with taken as (
       select * from json_to_recordset($1::json) as r (order_id uuid, promotion_id uuid, code_key text, customer_key text, amount bigint, counted boolean)
     ), written as (
       insert into redemptions (order_id, promotion_id, code_key, customer_key, amount, counted)
       select order_id, promotion_id, code_key, customer_key, amount, counted from taken
     ), promoted as (
       update promotions p set used = p.used + t.uses
       from (select promotion_id, count(*)::int uses from taken where counted group by promotion_id) t where p.id = t.promotion_id
     )
     update promotion_codes c set used = c.used + t.uses
     from (select code_key, count(*)::int uses from taken where code_key is not null group by code_key) t
     where c.code_key = t.code_key and c.uses_max is not null`,
    [JSON.stringify(redemptions)],
  );
}

/** Gives back what these orders, which are locked, used of promotions and codes; what was given back before stays so. */
export async function releaseRedemptions(tx: Tx, order_ids: readonly string[]): Promise<void> {
  await tx.query(
    `with released as (
       update redemptions set state = 'released' where order_id = any($1::uuid[]) and state = 'held'
       returning promotion_id, code_key, counted
     ), promoted as materialized (
       select p.id, r.uses from promotions p
       join (select promotion_id, count(*)::int uses from released where counted group by promotion_id) r on r.promotion_id = p.id
       order by p.id for no key update of p
     ), coded as materialized (
       select c.code_key, r.uses from promotion_codes c
       join (select code_key, count(*)::int uses from released where code_key is not null group by code_key) r on r.code_key = c.code_key
       where c.uses_max is not null and (select count(*) from promoted) >= 0
       order by c.code_key for no key update of c
     ), promotions_given as (
       update promotions p set used = p.used - g.uses from promoted g where g.id = p.id
     )
     update promotion_codes c set used = c.used - g.uses from coded g where g.code_key = c.code_key`,
    [order_ids],
  );
}

/** Forgets whose uses these orders were. */
export async function forgetRedeemers(tx: Tx, order_ids: readonly string[]): Promise<void> {
  await tx.query('update redemptions set customer_key = null where order_id = any($1::uuid[]) and customer_key is not null', [order_ids]);
}
