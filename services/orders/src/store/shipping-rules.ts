/** SQL of shipping zones and methods. */
import type { ShippingZone } from '@souk/contracts';
import type { Queryable, Tx } from '@souk/postgres';
import type { ShippingMethodRow } from '../domain/shipping-rules.ts';

export interface RulePage {
  /** Only what comes after this one. */
  after: string | undefined;
  skip: number;
  limit: number;
}

const zoneColumns = 'id, name, countries, regions, postal_prefixes, version';

/** In the order in which they were added: ids grow with time. */
export function listZones(db: Queryable, { after, skip, limit }: RulePage): Promise<ShippingZone[]> {
  return db.query<ShippingZone>(
    `select ${zoneColumns} from shipping_zones where ($1::uuid is null or id > $1) order by id offset $2 limit $3`,
    [after ?? null, skip, limit],
  );
}

export async function findZone(tx: Tx, id: string): Promise<ShippingZone | undefined> {
  const [row] = await tx.query<ShippingZone>(`select ${zoneColumns} from shipping_zones where id = $1`, [id]);
  return row;
}

export async function countZones(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ n: number }>('select count(*)::int n from shipping_zones');
  return row?.n ?? 0;
}

export async function saveZone(tx: Tx, { id, name, countries, regions, postal_prefixes, version }: ShippingZone): Promise<void> {
  await tx.query(
    `insert into shipping_zones (${zoneColumns}) values ($1, $2, $3, $4, $5, $6)
     on conflict (id) do update set name = excluded.name, countries = excluded.countries, regions = excluded.regions,
       postal_prefixes = excluded.postal_prefixes, version = excluded.version`,
    [id, name, countries, regions, postal_prefixes, version],
  );
}

export async function deleteZone(tx: Tx, id: string): Promise<void> {
  await tx.query('delete from shipping_zones where id = $1', [id]);
}

const methodColumns = 'id, zone_id, code, name, kind, currency, steps, free_from, days_min, days_max, tax_class, active, position, version';

/** In the order in which they were added. */
export function listMethods(db: Queryable, page: RulePage & { zone_id: string | undefined }): Promise<ShippingMethodRow[]> {
  return db.query<ShippingMethodRow>(
    `select ${methodColumns} from shipping_methods where ($1::uuid is null or zone_id = $1) and ($2::uuid is null or id > $2)
     order by id offset $3 limit $4`,
    [page.zone_id ?? null, page.after ?? null, page.skip, page.limit],
  );
}

export async function findMethod(tx: Tx, id: string): Promise<ShippingMethodRow | undefined> {
  const [row] = await tx.query<ShippingMethodRow>(`select ${methodColumns} from shipping_methods where id = $1`, [id]);
  return row;
}

export async function countMethods(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ n: number }>('select count(*)::int n from shipping_methods');
  return row?.n ?? 0;
}

export async function saveMethod(tx: Tx, method: ShippingMethodRow): Promise<void> {
  await tx.query(
    `insert into shipping_methods (${methodColumns})
     select * from json_to_record($1::json) as m (id uuid, zone_id uuid, code text, name text, kind text, currency text, steps jsonb, free_from bigint,
       days_min integer, days_max integer, tax_class text, active boolean, position integer, version integer)
     on conflict (id) do update set zone_id = excluded.zone_id, code = excluded.code, name = excluded.name, kind = excluded.kind,
       currency = excluded.currency, steps = excluded.steps, free_from = excluded.free_from, days_min = excluded.days_min,
       days_max = excluded.days_max, tax_class = excluded.tax_class, active = excluded.active, position = excluded.position,
       version = excluded.version`,
    [JSON.stringify(method)],
  );
}

export async function deleteMethod(tx: Tx, id: string): Promise<void> {
  await tx.query('delete from shipping_methods where id = $1', [id]);
}
