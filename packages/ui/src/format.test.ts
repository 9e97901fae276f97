import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatMoment } from './format/date.ts';
import { formatMoney } from './format/money.ts';
import { formatCount, formatPlural } from './format/number.ts';
import { type Language, preferredLanguage } from './words.ts';

const plain = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, ' ');

test('money is written as its exact text says, however large', () => {
  assert.equal(formatMoney('en-GB', 'EUR', '98'), '€98.00');
  assert.equal(plain(formatMoney('de-DE', 'EUR', '1234.5')), '1.234,50 €');
  assert.equal(plain(formatMoney('fr-FR', 'EUR', '1234.5')), '1 234,50 €');
  assert.equal(formatMoney('en-GB', 'JPY', '0'), '¥0');
  assert.equal(formatMoney('en-GB', 'KWD', '1.005').replace('\u00a0', ' '), 'KWD 1.005');
  // As a floating-point number it would end in .12.
  assert.equal(formatMoney('en-GB', 'EUR', '9007199254740993.11'), '€9,007,199,254,740,993.11');
  for (const wrong of ['', '-1', '1e3', '1,5', 'NaN', ' 1']) assert.throws(() => formatMoney('en-GB', 'EUR', wrong), RangeError);
  assert.throws(() => formatMoney('en-GB', 'E', '1'), RangeError);
});

test('counts take the form of their language', () => {
  const forms = { one: '# thing', other: '# things' };
  assert.deepEqual(
    [0, 1, 2, 1_234].map((count) => formatPlural('en-GB', count, forms)),
    ['0 things', '1 thing', '2 things', '1,234 things'],
  );
  assert.equal(formatPlural('fr-FR', 0, { one: '# chose', other: '# choses' }), '0 chose');
  assert.equal(formatCount('de-DE', 12_345), '12.345');
});

test('a moment is shown in the zone that is asked for', () => {
  assert.equal(formatMoment('en-GB', 'Europe/Lisbon', '2026-11-30T01:20:00Z'), '30 November 2026 at 01:20');
  assert.match(formatMoment('de-DE', 'Asia/Tokyo', '2026-11-30T01:20:00Z'), /^30\. November 2026 um 10:20$/);
  assert.throws(() => formatMoment('en-GB', 'UTC', 'never'), RangeError);
});

test('the language is the preferred one of those there are', () => {
  const [en, de, fr] = ['en', 'de', 'fr'].map((tag): Language => ({ tag, locale: tag, direction: 'ltr' })) as [
    Language,
    Language,
    Language,
  ];
  const preferred = (header: string | undefined) => preferredLanguage(header, [en, de, fr]).tag;
  assert.deepEqual(
    [undefined, '', '*', 'de', 'de-CH', 'fr;q=0.2, de;q=0.9', 'nl, fr;q=0.5', 'de;q=0, fr', 'q=1', ';;;,,', 'den', 'x'.repeat(10_000)].map(
      preferred,
    ),
    ['en', 'en', 'en', 'de', 'de', 'de', 'fr', 'fr', 'en', 'en', 'en', 'en'],
  );
});
