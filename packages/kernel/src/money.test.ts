import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AppError } from './app-error.ts';
import { amountMinorMax, currencyDecimals, decimalToMinor, isCurrency, minorToDecimal, toMajor, toMinor } from './money.ts';

const currencies = Intl.supportedValuesOf('currency');
const refused = (code: string) => (error: unknown) => error instanceof AppError && error.code === code;

const exact: readonly [number, string, number][] = [
  [129.95, 'EUR', 12_995],
  [0.1, 'EUR', 10],
  [0.29, 'EUR', 29],
  [1.15, 'EUR', 115],
  [4.35, 'USD', 435],
  [8.2, 'USD', 820],
  [1_234_567.89, 'EUR', 123_456_789],
  [9_999_999_999.99, 'EUR', 999_999_999_999],
  [0, 'EUR', 0],
  [-0, 'EUR', 0],
  [-12.5, 'EUR', -1_250],
  [100, 'JPY', 100],
  [1.234, 'KWD', 1_234],
  [0.001, 'KWD', 1],
  [1e10, 'EUR', 1e12],
  [1e12, 'JPY', 1e12],
];

for (const [amount, currency, minor] of exact) {
  test(`${Object.is(amount, -0) ? '-0' : amount} ${currency} is exactly ${minor} minor units`, () => {
    assert.ok(Object.is(toMinor(amount, currency), minor));
    assert.equal(toMajor(minor, currency), amount === 0 ? 0 : amount);
  });
}

const notAmounts: readonly [number, string][] = [
  [0.1 + 0.2, 'EUR'],
  [129.955, 'EUR'],
  [0.5, 'JPY'],
  [1.2345, 'KWD'],
  [1e-7, 'EUR'],
  [-1e-7, 'KWD'],
  [5e-324, 'EUR'],
  [1e21, 'EUR'],
  [1.5e300, 'EUR'],
  [Number.MAX_VALUE, 'JPY'],
  [1e10 + 0.01, 'EUR'],
  [1e12 + 1, 'JPY'],
  [Number.NaN, 'EUR'],
  [Number.POSITIVE_INFINITY, 'EUR'],
  [Number.NEGATIVE_INFINITY, 'EUR'],
];

for (const [amount, currency] of notAmounts) {
  test(`${amount} ${currency} is refused, never rounded`, () => {
    assert.throws(() => toMinor(amount, currency), refused('amount_invalid'));
  });
}

test('amounts written as text are read exactly, or refused', () => {
  for (const [text, minor] of [
    ['129.95', 12_995],
    ['129.9', 12_990],
    ['129.950', 12_995],
    ['7', 700],
    ['-0.00', 0],
    ['007.10', 710],
    ['0.10', 10],
  ] as const) {
    assert.ok(Object.is(decimalToMinor(text, 'EUR'), minor), text);
  }
  for (const text of [
    '',
    ' ',
    '1 ',
    ' 1',
    '.5',
    '5.',
    '1,50',
    '1.2.3',
    '+1',
    '--1',
    '1e3x',
    '0x10',
    'abc',
    '١٢',
    'NaN',
    'Infinity',
    '€5',
    '5 EUR',
    '1_000',
    '1.001',
    '9'.repeat(400),
  ]) {
    assert.throws(() => decimalToMinor(text, 'EUR'), refused('amount_invalid'), JSON.stringify(text));
  }
});

test('minor units are shown with all decimals of the currency', () => {
  for (const [minor, currency, text] of [
    [12_990, 'EUR', '129.90'],
    [5, 'EUR', '0.05'],
    [0, 'EUR', '0.00'],
    [-5, 'EUR', '-0.05'],
    [100, 'JPY', '100'],
    [1, 'KWD', '0.001'],
    [-1_234, 'KWD', '-1.234'],
  ] as const) {
    assert.equal(minorToDecimal(minor, currency), text);
  }
  for (const minor of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])
    assert.throws(() => minorToDecimal(minor, 'EUR'), refused('amount_invalid'));
});

test('a currency that ISO 4217 does not know is refused', () => {
  for (const code of ['', 'eur', 'XX', 'ZZZ', 'EURO', 'constructor', '__proto__']) {
    assert.equal(isCurrency(code), false, code);
    assert.throws(() => currencyDecimals(code), refused('currency_unknown'));
    assert.throws(() => toMinor(1, code), refused('currency_unknown'));
  }
});

test('the number of decimals of every currency is the one the platform formats with, or the one of ISO 4217', () => {
  // Where CLDR shows fewer digits than ISO 4217 defines, money still has the digits of ISO 4217.
  const shownWithFewer = currencies.filter((currency) => {
    const shown = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
    assert.ok(
      currencyDecimals(currency) >= shown || ['ADP'].includes(currency),
      `${currency}: ${currencyDecimals(currency)} against ${shown}`,
    );
    return currencyDecimals(currency) > shown;
  });
  for (const currency of shownWithFewer) assert.ok([2, 3].includes(currencyDecimals(currency)), currency);
});

test('minor to major to minor is the same amount, in every currency', () => {
  fc.assert(
    fc.property(fc.constantFrom(...currencies), fc.integer({ min: -amountMinorMax, max: amountMinorMax }), (currency, minor) => {
      assert.equal(toMinor(toMajor(minor, currency), currency), minor);
      assert.equal(decimalToMinor(minorToDecimal(minor, currency), currency), minor);
    }),
    { numRuns: 2_000 },
  );
});

test('every amount at the edge of what is kept makes the round trip', () => {
  for (const currency of currencies) {
    for (const minor of [0, 1, 9, 10, 99, 101, amountMinorMax - 1, amountMinorMax])
      assert.equal(toMinor(toMajor(minor, currency), currency), minor, `${minor} ${currency}`);
    assert.throws(() => toMinor(toMajor(amountMinorMax + 1, currency), currency), refused('amount_invalid'));
  }
});

test('sums of minor units never drift, where sums of floats do', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 100 }), (prices) => {
      const sum = prices.reduce((total, price) => total + toMinor(toMajor(price, 'EUR'), 'EUR'), 0);
      assert.equal(
        sum,
        prices.reduce((total, price) => total + price, 0),
      );
    }),
  );
});
