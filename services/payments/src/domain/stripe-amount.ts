/**
 * Amounts as Stripe counts them. Its units are mostly the minor units of the currency; the exceptions are those of its page on
 * currencies: ISK and UGX have none and are sent as if they had two decimals, MGA is sent in whole units, and of three decimals the
 * last one must be 0.
 */
import { currencyDecimals } from '@souk/kernel';

const decimalsAtStripe: Readonly<Record<string, number>> = { ISK: 2, UGX: 2, MGA: 0 };

/** The least that Stripe charges, in its units. Of another currency it says so itself. */
const least: Readonly<Record<string, number>> = {
  ...{ USD: 50, AED: 200, AUD: 50, BRL: 50, CAD: 50, CHF: 50, CZK: 1_500, DKK: 250, EUR: 50, GBP: 30, HKD: 400, HUF: 17_500 },
  ...{ INR: 50, JPY: 50, MXN: 1_000, MYR: 200, NOK: 300, NZD: 50, PLN: 200, RON: 200, SEK: 300, SGD: 50, THB: 1_000 },
};

/** The decline code of an amount that cannot be charged there. */
export type AmountRefused = 'amount_too_small' | 'amount_not_chargeable';

/** Stripe's units of an amount in minor units, or why it cannot be charged. */
export function toStripeAmount(minor: number, currency: string): number | AmountRefused {
  const [own, theirs] = decimalsOf(currency);
  const amount = theirs >= own ? minor * 10 ** (theirs - own) : minor / 10 ** (own - theirs);
  if (!Number.isSafeInteger(amount) || own > 3 || (theirs === 3 && amount % 10 !== 0)) return 'amount_not_chargeable';
  return amount < (least[currency] ?? 1) ? 'amount_too_small' : amount;
}

/** Minor units of an amount of Stripe's. */
export function fromStripeAmount(amount: number, currency: string): number {
  const [own, theirs] = decimalsOf(currency);
  return theirs >= own ? amount / 10 ** (theirs - own) : amount * 10 ** (own - theirs);
}

function decimalsOf(currency: string): [own: number, theirs: number] {
  const own = currencyDecimals(currency);
  return [own, decimalsAtStripe[currency] ?? own];
}
