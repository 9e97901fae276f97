import * as routes from '@souk/contracts';
import { isUuid } from '@souk/kernel';
import { answer, page, type ServedRoute, serve } from '@souk/service-kit';
import type { OrdersContext } from '../context.ts';
import {
  createTaxRate,
  deleteTaxCountry,
  deleteTaxRate,
  listTaxCountries,
  listTaxRates,
  putTaxCountry,
  replaceTaxRate,
} from '../use-cases/change-taxes.ts';
import { importTaxRates } from '../use-cases/import-tax-rates.ts';
import { rulesAnswer } from './rules-answer.ts';

export const taxRoutes: readonly ServedRoute<OrdersContext>[] = [
  serve(routes.listTaxCountries, async (ctx: OrdersContext) => answer(200, await listTaxCountries(ctx))),
  serve(routes.putTaxCountry, async (ctx: OrdersContext, { params, body, if_match, cause }) => {
    const country = await putTaxCountry(ctx, params.country, body.included, { if_match, cause });
    return answer(200, country, { etag: country.version });
  }),
  serve(routes.deleteTaxCountry, async (ctx: OrdersContext, { params, if_match, cause }) => {
    await deleteTaxCountry(ctx, params.country, { if_match, cause });
    return answer(204, undefined);
  }),
  serve(routes.listTaxRates, async (ctx: OrdersContext, { query }) => {
    const { limit, skip, after } = page(query, isRuleId);
    return rulesAnswer(await listTaxRates(ctx, { country: query.country, after, skip, limit: limit + 1 }), limit);
  }),
  serve(routes.importTaxRates, async (ctx: OrdersContext, { raw_body, cause }) =>
    answer(200, await importTaxRates(ctx, raw_body as AsyncIterable<Buffer>, { cause })),
  ),
  serve(routes.createTaxRate, async (ctx: OrdersContext, { body, cause }) => {
    const rate = await createTaxRate(ctx, body, { cause });
    return answer(201, rate, { etag: rate.version });
  }),
  serve(routes.replaceTaxRate, async (ctx: OrdersContext, { params, body, if_match, cause }) => {
    const rate = await replaceTaxRate(ctx, params.rate_id, body, { if_match, cause });
    return answer(200, rate, { etag: rate.version });
  }),
  serve(routes.deleteTaxRate, async (ctx: OrdersContext, { params, if_match, cause }) => {
    await deleteTaxRate(ctx, params.rate_id, { if_match, cause });
    return answer(204, undefined);
  }),
];

function isRuleId(value: unknown): value is string {
  return typeof value === 'string' && isUuid(value);
}
