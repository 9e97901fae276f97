import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AppError } from '@souk/kernel';
import { countryCodes } from './countries.ts';
import { fitOf, type Place, placeOf } from './places.ts';
import type { PricingRules } from './pricing-rules.ts';

/** In the United States the state decides, in Germany the postal code, elsewhere the country alone. */
const rules = { country_codes: countryCodes(), regional: new Set(['US']), postal: new Set(['DE']) } as unknown as PricingRules;

function refusalOf(destination: Parameters<typeof placeOf>[0]): unknown {
  try {
    placeOf(destination, rules);
  } catch (error) {
    const { code, details } = error as AppError;
    return [code, (details as { errors: unknown }).errors];
  }
  return assert.fail('it was not refused');
}

test('a place is what the rules of its country ask for, and no more', () => {
  const written = { state: 'new york', postal_code: '10 001' };
  assert.deepEqual(placeOf({ country: 'United States', ...written }, rules), { country: 'US', region: 'NY', postal: undefined });
  assert.deepEqual(placeOf({ country: 'DE', ...written }, rules), { country: 'DE', region: undefined, postal: '10001' });
  assert.deepEqual(placeOf({ country: 'PT', ...written }, rules), { country: 'PT', region: undefined, postal: undefined });
});

test('an address that leaves it open is refused with the member that is missing', () => {
  assert.deepEqual(refusalOf({ country: 'Atlantis' }), [
    'country_unknown',
    [{ pointer: '/shipping_address/country', detail: 'it is neither an ISO 3166 code nor the name of a country' }],
  ]);
  const state = [{ pointer: '/shipping_address/state', detail: 'it must be a state or province by name or code' }];
  assert.deepEqual(refusalOf({ country: 'US' }), ['address_incomplete', state]);
  assert.deepEqual(refusalOf({ country: 'US', state: 'Atlantis' }), ['address_incomplete', state]);
  const postal_code = [{ pointer: '/shipping_address/postal_code', detail: 'it must be there' }];
  assert.deepEqual(refusalOf({ country: 'DE' }), ['address_incomplete', postal_code]);
  assert.deepEqual(refusalOf({ country: 'DE', postal_code: ' - ' }), ['address_incomplete', postal_code]);
});

test('a rule fits the more exactly the more of the place it names', () => {
  const place: Place = { country: 'US', region: 'NY', postal: '10001' };
  assert.equal(fitOf(place, null, null), 0);
  assert.equal(fitOf(place, 'NY', null), 1);
  assert.equal(fitOf(place, null, '10'), 4);
  assert.equal(fitOf(place, 'NY', '100'), 7);
  assert.equal(fitOf(place, 'NJ', null), undefined);
  assert.equal(fitOf(place, null, '11'), undefined);
  assert.equal(fitOf({ country: 'US', region: undefined, postal: undefined }, null, '10'), undefined);
});
