/**
 * Money is an integer of minor units everywhere inside Souk; only the wire carries decimal numbers of major units.
 * These two functions are the only crossing, and both are exact: no floating-point arithmetic, no rounding.
 */
import { AppError } from './app-error.ts';
import { beginningOf } from './text.ts';

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

/** Longest text that is looked at as an amount: more digits than any amount has, zeros included. */
const amountLengthMax = 60;

/** Whether the platform knows this ISO 4217 code. */
export function isCurrency(code: string): boolean {
  return knownCurrencies.has(code);
}

/** How many decimals an amount in this currency has. */
export function currencyDecimals(currency: string): number {
  if (!isCurrency(currency)) {
    const pointer = '/currency';
    throw new AppError('currency_unknown', `${JSON.stringify(currency)} is not an ISO 4217 currency code.`, { pointer });
  }
  return exponents[currency] ?? 2;
}

/**
 * Minor units of a decimal number of major units, read as the shortest decimal that denotes the number (what
 * JavaScript prints): 129.95 EUR is 12995. More decimals than the currency has are refused with `amount_invalid`, whose
 * `pointer` is the JSON pointer of the member that held the amount, such as `/price`, where the caller knows it.
 */
export function toMinor(amount: number, currency: string, pointer?: string): number {
  return decimalToMinor(String(amount), currency, pointer);
}

/** The same for an amount written as text, as in a CSV file: optional sign, digits, optional point and decimals. */
export function decimalToMinor(text: string, currency: string, pointer?: string): number {
  const decimals = currencyDecimals(currency);
  if (text.length > amountLengthMax) throw invalidAmount(`${beginningOf(text, amountLengthMax)}…`, currency, 'it is too long', pointer);
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(plainDecimal(text));
  if (!match) throw invalidAmount(text, currency, 'it is not a decimal number', pointer);
  const fraction = withoutEndingZeros(match[3] ?? '');
  if (fraction.length > decimals) throw invalidAmount(text, currency, `${currency} has ${decimals} decimals`, pointer);
  const minor = Number(`${match[1]}${match[2]}${fraction.padEnd(decimals, '0')}`);
  if (Math.abs(minor) > amountMinorMax) throw invalidAmount(text, currency, 'it is too large', pointer);
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

function withoutEndingZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}

/** JavaScript prints small numbers as 1e-7; those have more decimals than any currency and stay unmatched. */
function plainDecimal(text: string): string {
  const match = /^(-?)(\d+)e\+(\d+)$/.exec(text);
  return match ? `${match[1]}${match[2]}${'0'.repeat(Math.min(Number(match[3]), 30))}` : text;
}

function invalidAmount(text: string, currency: string, why: string, pointer?: string): AppError {
  const details = { amount: text, currency, ...(pointer !== undefined && { pointer }) };
  return new AppError('amount_invalid', `${text} is not an amount in ${currency}: ${why}.`, details);
}
