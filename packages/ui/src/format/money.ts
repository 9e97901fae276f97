/** Prices as people of a place write them. */
import { kept } from './kept.ts';

/** To make a format costs forty times what it costs to use it. There are as many as languages times currencies. */
const formatsMax = 500;
const formatOf = kept(
  formatsMax,
  (locale, currency = '') => new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }),
);

/**
 * An exact decimal amount of major units, such as `129.95`, with its currency. The text is never read as a floating-point number.
 * Throws a RangeError for what is no decimal number or no currency code.
 */
export function formatMoney(locale: string, currency: string, amount: string): string {
  if (!/^\d{1,30}(?:\.\d{1,20})?$/.test(amount)) throw new RangeError(`${JSON.stringify(amount)} is no amount`);
  return formatOf(locale, currency).format(amount as Intl.StringNumericLiteral);
}
