import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countryCodes, nameKey, postalKey, regionCode } from './countries.ts';

test('countries are known by code and by name, in nine languages and as people write them', () => {
  const codes = countryCodes();
  const of = (text: string) => codes.get(nameKey(text));
  const written: Record<string, string[]> = {
    DE: ['DE', 'de', 'Germany', 'Deutschland', 'Allemagne', 'Alemania', 'Germania', 'Duitsland', 'Alemanha', 'Niemcy', 'ドイツ'],
    GB: ['uk', 'U.K.', 'Great Britain', 'England', 'Scotland', 'Wales', 'United  Kingdom'],
    US: ['USA', 'U.S.A.', 'u.s.', 'United States of America', 'United States'],
    NL: ['Holland', 'Nederland'],
    CZ: ['Czech Republic', 'Czechia'],
  };
  for (const [code, names] of Object.entries(written)) for (const name of names) assert.equal(of(name), code, name);
  assert.equal(codes.get('Österreich'), 'AT', 'as it is');
  assert.equal(of(' OSTERREICH '), 'AT', 'without accents');
  assert.equal(of('Atlantis'), undefined);
});

test('states are known by code and name where their codes are known, and taken as they are elsewhere', () => {
  assert.equal(regionCode('US', 'new york'), 'NY');
  assert.equal(regionCode('US', 'ny'), 'NY');
  assert.equal(regionCode('US', 'Atlantis'), undefined);
  assert.equal(regionCode('PT', ' lisboa '), 'LISBOA');
  assert.equal(regionCode('PT', ' '), undefined);
  assert.equal(postalKey('sw1a 1-aa'), 'SW1A1AA');
});
