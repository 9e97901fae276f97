/** The rules that prices are made by, and their version. */
import type { Queryable, Tx } from '@souk/postgres';
import type { CatalogueProduct } from '../domain/goods.ts';
import type { StoredRules } from '../domain/pricing-rules.ts';
import type { CustomerUses, KnownCode, LimitedPromotion } from '../domain/promotion-uses.ts';

/** All rules as they are at one moment; methods that are not offered are left out. */
export async function readRules(db: Queryable): Promise<StoredRules> {
  const [row] = await db.query<StoredRules>(
    `select version,
       (select coalesce(json_agg(json_build_object('country', country, 'included', included)), '[]') from tax_countries) countries,
       (select coalesce(json_agg(json_build_object('country', country, 'region', region, 'postal_prefix', postal_prefix, 'tax_class', tax_class,
          'name', name, 'rate_ppm', rate_ppm, 'valid_from_ms', (date_part('epoch', valid_from) * 1000)::int8,
          'valid_until_ms', (date_part('epoch', valid_until) * 1000)::int8)), '[]') from tax_rates) rates,
       (select coalesce(json_agg(json_build_object('id', id, 'countries', countries, 'regions', regions, 'postal_prefixes', postal_prefixes)
          order by id), '[]') from shipping_zones) zones,
       (select coalesce(json_agg(json_build_object('code', code, 'zone_id', zone_id, 'name', name, 'kind', kind, 'currency', currency,
          'steps', steps, 'free_from', free_from, 'days_min', days_min, 'days_max', days_max, 'tax_class', tax_class, 'position', position)), '[]')
        from shipping_methods where active) methods,
       (select coalesce(json_agg(json_build_object('id', id, 'label', label, 'kind', kind, 'target', target, 'value', value, 'currency', currency,
          'scope', scope, 'get_scope', get_scope, 'min_subtotal', min_subtotal, 'buy_quantity', buy_quantity, 'get_quantity', get_quantity,
          'get_ppm', get_ppm, 'sets_max', sets_max, 'uses_max', uses_max, 'uses_per_customer', uses_per_customer,
          'starts_at_ms', (date_part('epoch', starts_at) * 1000)::int8, 'ends_at_ms', (date_part('epoch', ends_at) * 1000)::int8,
          'combinable', combinable, 'priority', priority, 'automatic', automatic)), '[]') from promotions where active) promotions
     from rules`,
  );
  return row ?? { version: 0, countries: [], rates: [], zones: [], methods: [], promotions: [] };
}

/**
 * To be called first in a transaction that changes a rule: changes of rules happen one after the other, and a price made
 * after the commit sees the new version.
 */
export async function raiseRulesVersion(tx: Tx): Promise<void> {
  await tx.query('update rules set version = version + 1');
}

export interface QuoteKnowledge {
  products: CatalogueProduct[];
  rules_version: number;
  codes: KnownCode[];
  limited: LimitedPromotion[];
  by_customer: CustomerUses[];
}

export interface QuoteQuestion {
  product_ids: readonly string[];
  code_keys: readonly string[];
  /** Null where it is not known who asks. */
  customer_key: string | null;
}

/** What is known of the products, of codes and of what is used of promotions with limits, and the version of the rules, at one moment. */
export async function readForQuote(db: Queryable, { product_ids, code_keys, customer_key }: QuoteQuestion): Promise<QuoteKnowledge> {
  const [row] = await db.query<QuoteKnowledge>(
    `with named as (
       select code_key, promotion_id, uses_max, used, withdrawn_at is not null as withdrawn from promotion_codes where code_key = any($2::text[])
     ), limited as (
       select id, uses_max, uses_per_customer, used from promotions
       where id = any(array(
           select promotion_id from named
           union all select id from promotions where automatic and active and (uses_max is not null or uses_per_customer is not null)))
         and active and (uses_max is not null or uses_per_customer is not null)
     )
     select (select coalesce(json_agg(c), '[]') from catalogue c where c.product_id = any($1::uuid[])) products, version rules_version,
       (select coalesce(json_agg(n), '[]') from named n) codes,
       (select coalesce(json_agg(l), '[]') from limited l) limited,
       (select coalesce(json_agg(u), '[]') from (
          select r.promotion_id, r.customer_key, count(*)::int uses from redemptions r
          where r.customer_key = $3 and r.promotion_id in (select id from limited where uses_per_customer is not null) and r.state = 'held' and r.counted
          group by r.promotion_id, r.customer_key) u) by_customer
     from rules`,
    [product_ids, code_keys, customer_key],
  );
  return row ?? { products: [], rules_version: 0, codes: [], limited: [], by_customer: [] };
}
