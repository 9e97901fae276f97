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
import { changeRules, checkRoom, existing, type RuleCommand } from './change-rules.ts';

/** Most rates of all places, classes and times together. */
export const ratesMax = 10_000;

export function listTaxCountries({ db }: OrdersContext): Promise<TaxCountry[]> {
  return listCountries(db);
}

/** Throws `country_unknown`, `precondition_failed`. */
export function putTaxCountry(ctx: OrdersContext, country: string, included: boolean, by: RuleCommand): Promise<TaxCountry> {
  checkCountry(country, ctx.rules.country_codes());
  return changeRules(ctx, by, async (tx, note) => {
    const before = await findCountry(tx, country);
    if (before) checkIfMatch({ if_match: by.if_match }, before.version);
    else if (by.if_match !== undefined) throw refusal('precondition_failed', 'The shop charges no tax there yet.');
    const after = { country, included, version: (before?.version ?? 0) + 1 };
    await saveCountry(tx, after);
    await note({ ...ofCountry(country), action: before ? 'changed' : 'created' });
    return after;
  });
}

/** Throws `not_found`, `precondition_failed`. */
export function deleteTaxCountry(ctx: OrdersContext, country: string, by: RuleCommand): Promise<void> {
  return changeRules(ctx, by, async (tx, note) => {
    existing(await findCountry(tx, country), 'country of tax', by);
    await deleteCountryRow(tx, country);
    await note({ ...ofCountry(country), action: 'deleted' });
  });
}

export async function listTaxRates({ db }: OrdersContext, page: RatePage): Promise<TaxRate[]> {
  return (await listRates(db, page)).map(taxRateResource);
}

/** Throws `country_unknown`, `validation_failed`, `tax_rate_overlaps`, `too_many_rules`. */
export function createTaxRate(ctx: OrdersContext, given: WriteTaxRate, by: RuleCommand): Promise<TaxRate> {
  const content = taxRateContent(given, ctx.rules.country_codes());
  return changeRules(ctx, by, async (tx, note) => {
    checkRoom(await countRates(tx), 1, ratesMax);
    const id = ctx.ids.uuid();
    await insertRates(tx, [{ id, ...content }]);
    await note({ ...ofRate(id, content), action: 'created' });
    return taxRateResource({ id, ...content, version: 1 });
  });
}

/** Throws `not_found`, `precondition_failed`, `country_unknown`, `validation_failed`, `tax_rate_overlaps`. */
export function replaceTaxRate(ctx: OrdersContext, id: string, given: WriteTaxRate, by: RuleCommand): Promise<TaxRate> {
  const content = taxRateContent(given, ctx.rules.country_codes());
  return changeRules(ctx, by, async (tx, note) => {
    const { version } = existing(await findRate(tx, id), 'rate of tax', by);
    const after = { id, ...content, version: version + 1 };
    await updateRate(tx, after);
    await note({ ...ofRate(id, after), action: 'changed' });
    return taxRateResource(after);
  });
}

/** Throws `not_found`, `precondition_failed`. */
export function deleteTaxRate(ctx: OrdersContext, id: string, by: RuleCommand): Promise<void> {
  return changeRules(ctx, by, async (tx, note) => {
    const rate = existing(await findRate(tx, id), 'rate of tax', by);
    await deleteRate(tx, id);
    await note({ ...ofRate(id, rate), action: 'deleted' });
  });
}

const ofCountry = (country: string) => ({ subject: 'tax_country', subject_id: country, label: country }) as const;

function ofRate(id: string, { country, name }: { country: string; name: string }) {
  return { subject: 'tax_rate', subject_id: id, label: `${country}: ${name}` } as const;
}
