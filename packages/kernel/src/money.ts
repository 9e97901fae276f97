/**
 * Money is an integer of minor units everywhere inside Souk; only the wire carries decimal numbers of major units.
 * These two functions are the only crossing, and both are exact: no floating-point arithmetic, no rounding.
 */
import { AppError } from './app-error.ts';

/** Digits after the decimal point, ISO 4217 (the active currencies that differ from two). */
const exponents: Readonly<Record<string, number>> = {
  BHD: 3,
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  IQD: 3,
  ISK: 0,
  JOD: 3,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  PYG: 0,
  RWF: 0,
  TND: 3,
  UGX: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
};

const knownCurrencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** The largest amount that is accepted or kept, in minor units. */
export const amountMinorMax = 1_000_000_000_000;

/** Whether the platform knows this ISO 4217 code. */
export function isCurrency(code: string): boolean {
  return knownCurrencies.has(code);
}

/** How many decimals an amount in this currency has. */
export function currencyDecimals(currency: string): number {
  if (!isCurrency(currency)) throw new AppError('currency_unknown', `${JSON.stringify(currency)} is not an ISO 4217 currency code.`);
  return exponents[currency] ?? 2;
}

/**
 * Minor units of a decimal number of major units, read as the shortest decimal that denotes the number (what
 * JavaScript prints): 129.95 EUR is 12995. More decimals than the currency has are refused with `amount_invalid`.
 */
export function toMinor(amount: number, currency: string): number {
  return decimalToMinor(String(amount), currency);
}

/** The same for an amount written as text, as in a CSV file: optional sign, digits, optional point and decimals. */
export function decimalToMinor(text: string, currency: string): number {
  const decimals = currencyDecimals(currency);
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(plainDecimal(text));
  if (!match) throw invalidAmount(text, currency, 'it is not a decimal number');
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  if (fraction.length > decimals) throw invalidAmount(text, currency, `${currency} has ${decimals} decimals`);
  const minor = Number(`${match[1]}${match[2]}${fraction.padEnd(decimals, '0')}`);
  if (Math.abs(minor) > amountMinorMax) throw invalidAmount(text, currency, 'it is too large');
  return minor === 0 ? 0 : minor;
}

/** The decimal number of major units that goes on the wire: 12995 EUR is 129.95. */
export function toMajor(minor: number, currency: string): number {
  return Number(minorToDecimal(minor, currency));
}

/** The amount as text with all the currency's decimals, for people: 12990 EUR is "129.90". */
export function minorToDecimal(minor: number, currency: string): string {
  const decimals = currencyDecimals(currency);
  if (!Number.isSafeInteger(minor)) throw invalidAmount(String(minor), currency, 'minor units are integers');
  const digits = String(Math.abs(minor)).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  return `${minor < 0 ? '-' : ''}${whole}${decimals === 0 ? '' : `.${digits.slice(-decimals)}`}`;
}

/** JavaScript prints small numbers as 1e-7; those have more decimals than any currency and stay unmatched. */
function plainDecimal(text: string): string {
  const match = /^(-?)(\d+)e\+(\d+)$/.exec(text);
  return match ? `${match[1]}${match[2]}${'0'.repeat(Math.min(Number(match[3]), 30))}` : text;
}

function invalidAmount(text: string, currency: string, why: string): AppError {
  return new AppError('amount_invalid', `${text} is not an amount in ${currency}: ${why}.`, { amount: text, currency });
}
