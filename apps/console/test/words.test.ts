/** The words of the console in every language: what the compiler cannot see of them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { preferredLanguage } from '@souk/ui';
import { languages } from '../src/words/languages.ts';
import type { Words } from '../src/words/words.ts';

/** What is read out of a button of a row, and the word that stands on it. */
const named = (words: Words): readonly (readonly [spoken: string, word: string])[] => [
  [words.stock.adjust_of('Kettle'), words.stock.adjust],
  [words.messages.resend_to('nora'), words.messages.resend],
  [words.api_keys.revoke_of('Kettle'), words.api_keys.revoke],
  [words.taxes.change_of('Kettle'), words.change],
  [words.taxes.stop_of('Kettle'), words.taxes.stop],
  [words.taxes.end_of('Kettle'), words.taxes.end],
  [words.taxes.delete_of('Kettle'), words.delete],
  [words.shipping.change_of('Kettle'), words.change],
  [words.shipping.delete_of('Kettle'), words.delete],
  [words.quotes.add_of('Kettle'), words.quotes.add],
  [words.quotes.remove_of('Kettle'), words.quotes.remove],
  [words.staff.change_role_of('nora'), words.staff.change_role],
  [words.staff.end_sessions_of('nora'), words.staff.end_sessions],
  [words.staff.reset_of('nora'), words.staff.reset],
];

/** Every text, by its place. */
function textsIn(words: object, place = ''): [place: string, text: string][] {
  return Object.entries(words).flatMap(([name, value]): [string, string][] => {
    const here = `${place}.${name}`;
    if (typeof value === 'string') return [[here, value]];
    if (typeof value === 'function') return [];
    return textsIn(value as object, here);
  });
}

describe('the words of the console', () => {
  it('are of the language that the browser prefers, and English for others', () => {
    for (const [preferred, tag] of [
      ['de-AT,de,en', 'de'],
      ['pt,fr-CA,en', 'fr'],
      ['ja', 'en'],
    ] as const)
      assert.equal(preferredLanguage(preferred, languages).tag, tag);
  });

  it('say nothing twice in one navigation, leave nothing empty, and have the word of a button in what is read out of it', async () => {
    for (const { tag, load } of languages) {
      const words = await load();
      const screens = Object.values(words.screens);
      assert.equal(new Set(screens).size, screens.length, tag);
      for (const [place, text] of textsIn(words)) assert.ok(text.trim() === text && text !== '', `${tag}${place}`);
      for (const [spoken, word] of named(words)) assert.ok(spoken.includes(word), `${tag}: ${spoken} is read out of ${word}`);
    }
  });

  it('count in their language, and write decimals as it does', async () => {
    const said = await Promise.all(languages.map(async ({ load }) => (await load()).letters.pieces(1_234)));
    assert.deepEqual(said, ['1,234 messages', '1.234 Nachrichten', '1\u202f234 messages']);
    const rates = await Promise.all(languages.map(async ({ load }) => (await load()).orders.tax('VAT', 9.975)));
    assert.deepEqual(rates, ['VAT 9.975 %', 'VAT 9,975 %', 'VAT 9,975 %']);
  });
});
