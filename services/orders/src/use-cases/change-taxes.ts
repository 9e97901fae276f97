/** What staff say about tax. */
import { refusal, type TaxCountry, type TaxRate, type WriteTaxRate } from '@souk/contracts';
import { checkIfMatch } from '@souk/service-kit';
import type { OrdersContext } from '../context.ts';
import { checkCountry, taxRateContent, taxRateResource } from '../domain/tax-rates.ts';
import {
  countRates,
  deleteCountry as deleteCountryRow,
  deleteRate,
  findCountry,
  findRate,
  insertRates,
  listCountries,
  listRates,
  type RatePage,
  saveCountry,
  updateRate,
} from '../store/tax-rules.ts';
import { changeRules, checkRoom, existing } from './change-rules.ts';

/** Most rates of all places, classes and times together. */
export const ratesMax = 10_000;

export function listTaxCountries({ db }: OrdersContext): Promise<TaxCountry[]> {
  return listCountries(db);
}

/** Throws `country_unknown`, `precondition_failed`. */
export function putTaxCountry(ctx: OrdersContext, country: string, included: boolean, if_match: string | undefined): Promise<TaxCountry> {
  checkCountry(country, ctx.rules.country_codes());
  return changeRules(ctx, async (tx) => {
    const before = await findCountry(tx, country);
    if (before) checkIfMatch({ if_match }, before.version);
    else if (if_match !== undefined) throw refusal('precondition_failed', 'The shop charges no tax there yet.');
    const after = { country, included, version: (before?.version ?? 0) + 1 };
    await saveCountry(tx, after);
    return after;
  });
}

/** Throws `not_found`, `precondition_failed`. */
export function deleteTaxCountry(ctx: OrdersContext, country: string, if_match: string | undefined): Promise<void> {
  return changeRules(ctx, async (tx) => {
    existing(await findCountry(tx, country), 'country of tax', if_match);
    await deleteCountryRow(tx, country);
  });
}

export async function listTaxRates({ db }: OrdersContext, page: RatePage): Promise<TaxRate[]> {
  return (await listRates(db, page)).map(taxRateResource);
}

/** Throws `country_unknown`, `validation_failed`, `tax_rate_overlaps`, `too_many_rules`. */
export function createTaxRate(ctx: OrdersContext, given: WriteTaxRate): Promise<TaxRate> {
  const content = taxRateContent(given, ctx.rules.country_codes());
  return changeRules(ctx, async (tx) => {
    checkRoom(await countRates(tx), 1, ratesMax);
    const id = ctx.ids.uuid();
    await insertRates(tx, [{ id, ...content }]);
    return taxRateResource({ id, ...content, version: 1 });
  });
}

/** Throws `not_found`, `precondition_failed`, `country_unknown`, `validation_failed`, `tax_rate_overlaps`. */
export function replaceTaxRate(ctx: OrdersContext, id: string, given: WriteTaxRate, if_match: string | undefined): Promise<TaxRate> {
  const content = taxRateContent(given, ctx.rules.country_codes());
  return changeRules(ctx, async (tx) => {
    const { version } = existing(await findRate(tx, id), 'rate of tax', if_match);
    const after = { id, ...content, version: version + 1 };
    await updateRate(tx, after);
    return taxRateResource(after);
  });
}

/** Throws `not_found`, `precondition_failed`. */
export function deleteTaxRate(ctx: OrdersContext, id: string, if_match: string | undefined): Promise<void> {
  return changeRules(ctx, async (tx) => {
    existing(await findRate(tx, id), 'rate of tax', if_match);
    await deleteRate(tx, id);
  });
}
