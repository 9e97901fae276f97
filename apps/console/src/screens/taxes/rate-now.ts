/** The rate as the shop has it now; there is no route for one, so that its list is gone through. */
import { listTaxRates, type TaxRate } from '@souk/contracts';
import { findEntry } from '../../live/find-entry.ts';
import type { Ask } from '../../live/transport.ts';

export function rateNow(ask: Ask, country: string, fits: (rate: TaxRate) => boolean): Promise<TaxRate | undefined> {
  return findEntry((page) => ask(listTaxRates, { query: { ...page, country } }), fits);
}
