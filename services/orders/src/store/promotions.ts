/** SQL of promotions and their codes, for staff. */
import type { Queryable, Tx } from '@souk/postgres';
import type { PromotionRow } from '../domain/promotion-rules.ts';
import type { RulePage } from './shipping-rules.ts';

const columns = `id, label, kind, target, value, currency, scope, get_scope, min_subtotal, buy_quantity, get_quantity, get_ppm, sets_max, uses_max, uses_per_customer,
  starts_at, ends_at, combinable, priority, automatic, active, used, version`;

/** In the order in which they were added: ids grow with time. */
export function listPromotions(db: Queryable, { after, skip, limit }: RulePage): Promise<PromotionRow[]> {
  return db.query<PromotionRow>(`select ${columns} from promotions where ($1::uuid is null or id > $1) order by id offset $2 limit $3`, [
    after ?? null,
    skip,
    limit,
  ]);
}

export async function findPromotion(db: Queryable, id: string): Promise<PromotionRow | undefined> {
  const [row] = await db.query<PromotionRow>(`select ${columns} from promotions where id = $1`, [id]);
  return row;
}

/** The same, locked against orders that would use it meanwhile. */
export async function lockPromotion(tx: Tx, id: string): Promise<PromotionRow | undefined> {
  const [row] = await tx.query<PromotionRow>(`select ${columns} from promotions where id = $1 for no key update`, [id]);
  return row;
}

export interface PromotionCounts {
  there: number;
  active: number;
  automatic: number;
}

/** How many there are besides this one, how many of them are active, and how many of those apply by themselves. */
export async function countPromotions(tx: Tx, besides: string): Promise<PromotionCounts> {
  const [row] = await tx.query<PromotionCounts>(
    `select count(*)::int there, count(*) filter (where active)::int active, count(*) filter (where active and automatic)::int automatic
     from promotions where id <> $1`,
    [besides],
  );
  return row ?? { there: 0, active: 0, automatic: 0 };
}

/** Adds it, or replaces all but its uses. */
export async function savePromotion(tx: Tx, promotion: PromotionRow): Promise<void> {
  await tx.query(
    `insert into promotions (${columns})
     select * from json_to_record($1::json) as p (id uuid, label text, kind text, target text, value bigint, currency text, scope jsonb, get_scope jsonb,
       min_subtotal bigint, buy_quantity integer, get_quantity integer, get_ppm integer, sets_max integer, uses_max integer, uses_per_customer integer,
       starts_at timestamptz, ends_at timestamptz, combinable boolean, priority integer, automatic boolean, active boolean, used integer, version integer)
     on conflict (id) do update set label = excluded.label, target = excluded.target, value = excluded.value, currency = excluded.currency,
       scope = excluded.scope, get_scope = excluded.get_scope, min_subtotal = excluded.min_subtotal, buy_quantity = excluded.buy_quantity,
       get_quantity = excluded.get_quantity, get_ppm = excluded.get_ppm, sets_max = excluded.sets_max, uses_max = excluded.uses_max,
       uses_per_customer = excluded.uses_per_customer, starts_at = excluded.starts_at, ends_at = excluded.ends_at, combinable = excluded.combinable,
       priority = excluded.priority, automatic = excluded.automatic, active = excluded.active, version = excluded.version`,
    [JSON.stringify(promotion)],
  );
}

export interface CodeRow {
  code_key: string;
  uses_max: number | null;
  used: number;
  withdrawn_at: string | null;
}

/** In order of code. */
export function listCodes(db: Queryable, promotion_id: string, after: string | undefined, limit: number): Promise<CodeRow[]> {
  return db.query<CodeRow>(
    `select code_key, uses_max, used, withdrawn_at from promotion_codes where promotion_id = $1 and code_key > $2 order by code_key limit $3`,
    [promotion_id, after ?? '', limit],
  );
}

export async function countCodes(tx: Tx, promotion_id: string): Promise<number> {
  const [row] = await tx.query<{ n: number }>('select count(*)::int n from promotion_codes where promotion_id = $1', [promotion_id]);
  return row?.n ?? 0;
}

/** Adds those that are not there yet, of whichever promotion; answers them. */
export async function insertCodes(tx: Tx, promotion_id: string, keys: readonly string[], uses_max: number | null): Promise<string[]> {
  const rows = await tx.query<{ code_key: string }>(
    `insert into promotion_codes (code_key, promotion_id, uses_max)
     select code_key, $1, $3 from unnest($2::text[]) code_key order by code_key on conflict do nothing returning code_key`,
    [promotion_id, keys, uses_max],
  );
  return rows.map(({ code_key }) => code_key);
}

/** Waits for orders that are granted a limited code at this moment; undefined where the promotion has no such code. */
export async function withdrawCode(db: Queryable, promotion_id: string, code_key: string, at: string): Promise<CodeRow | undefined> {
  const [row] = await db.query<CodeRow>(
    `update promotion_codes set withdrawn_at = coalesce(withdrawn_at, $3) where promotion_id = $1 and code_key = $2
     returning code_key, uses_max, used, withdrawn_at`,
    [promotion_id, code_key, at],
  );
  return row;
}
