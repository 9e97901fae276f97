/** SQL of the countries where tax is charged, and of its rates. */
import type { TaxCountry } from '@souk/contracts';
import type { Queryable, Tx } from '@souk/postgres';
import type { TaxRateContent, TaxRateRow } from '../domain/tax-rates.ts';

export function listCountries(db: Queryable): Promise<TaxCountry[]> {
  return db.query<TaxCountry>('select country, included, version from tax_countries order by country');
}

export async function findCountry(tx: Tx, country: string): Promise<TaxCountry | undefined> {
  const [row] = await tx.query<TaxCountry>('select country, included, version from tax_countries where country = $1', [country]);
  return row;
}

export async function saveCountry(tx: Tx, { country, included, version }: TaxCountry): Promise<void> {
  await tx.query(
    `insert into tax_countries (country, included, version) values ($1, $2, $3)
     on conflict (country) do update set included = excluded.included, version = excluded.version`,
    [country, included, version],
  );
}

export async function deleteCountry(tx: Tx, country: string): Promise<void> {
  await tx.query('delete from tax_countries where country = $1', [country]);
}

const columns = 'id, country, region, postal_prefix, tax_class, name, rate_ppm, valid_from, valid_until, version';

export interface RatePage {
  country: string | undefined;
  /** Only rates after this one. */
  after: string | undefined;
  skip: number;
  limit: number;
}

/** In the order in which they were added: ids grow with time. */
export function listRates(db: Queryable, { country, after, skip, limit }: RatePage): Promise<TaxRateRow[]> {
  return db.query<TaxRateRow>(
    `select ${columns} from tax_rates where ($1::text is null or country = $1) and ($2::uuid is null or id > $2)
     order by id offset $3 limit $4`,
    [country ?? null, after ?? null, skip, limit],
  );
}

/** All of them; their number has a limit. */
export function allRates(tx: Tx): Promise<TaxRateRow[]> {
  return tx.query<TaxRateRow>(`select ${columns} from tax_rates`);
}

export async function findRate(tx: Tx, id: string): Promise<TaxRateRow | undefined> {
  const [row] = await tx.query<TaxRateRow>(`select ${columns} from tax_rates where id = $1`, [id]);
  return row;
}

export async function countRates(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ n: number }>('select count(*)::int n from tax_rates');
  return row?.n ?? 0;
}

export async function insertRates(tx: Tx, rates: readonly (TaxRateContent & { id: string })[]): Promise<void> {
  await tx.query(
    `insert into tax_rates (${columns})
     select id, country, region, postal_prefix, tax_class, name, rate_ppm, valid_from, valid_until, 1
     from json_to_recordset($1::json) as r (id uuid, country text, region text, postal_prefix text, tax_class text, name text, rate_ppm integer,
       valid_from timestamptz, valid_until timestamptz)`,
    [JSON.stringify(rates)],
  );
}

export async function updateRate(tx: Tx, rate: TaxRateRow): Promise<void> {
  const { id, country, region, postal_prefix, tax_class, name, rate_ppm, valid_from, valid_until, version } = rate;
  await tx.query(
    `update tax_rates set country = $2, region = $3, postal_prefix = $4, tax_class = $5, name = $6, rate_ppm = $7, valid_from = $8,
       valid_until = $9, version = $10 where id = $1`,
    [id, country, region, postal_prefix, tax_class, name, rate_ppm, valid_from, valid_until, version],
  );
}

export async function deleteRate(tx: Tx, id: string): Promise<void> {
  await tx.query('delete from tax_rates where id = $1', [id]);
}
