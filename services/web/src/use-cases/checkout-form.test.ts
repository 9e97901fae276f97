import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkoutFieldNames } from '@souk/storefront';
import type { Cart } from '../domain/cart.ts';
import { countryOf, faultsOf, fieldsFrom, orderOf } from './checkout-form.ts';

const good: Readonly<Record<string, string>> = {
  email: 'gero@mail.example',
  full_name: 'Gero Gast',
  street: '1 Market Square',
  street2: '',
  city: 'Lisbon',
  state: '',
  postal_code: '1100-148',
  country: 'PT',
  phone: '',
  shipping_method: '',
  payment_method: 'tok_visa',
};
const faults = (change: Record<string, string>, is_guest = true) =>
  faultsOf(
    fieldsFrom((name) => ({ ...good, ...change })[name] ?? ''),
    { is_guest },
  );

describe('the form of the checkout', () => {
  test('has no faults when everything that is needed is there', () => assert.deepEqual(faults({}), {}));

  const rows: readonly (readonly [Record<string, string>, Record<string, string>])[] = [
    [{ email: '' }, { email: 'missing' }],
    [{ email: 'gero@' }, { email: 'invalid' }],
    [{ email: `${'g'.repeat(250)}@mail.example` }, { email: 'too_long' }],
    [
      { full_name: '', street: '', city: '', country: '' },
      { full_name: 'missing', street: 'missing', city: 'missing', country: 'missing' },
    ],
    [
      { postal_code: '1'.repeat(21), phone: '2'.repeat(41) },
      { postal_code: 'too_long', phone: 'too_long' },
    ],
    [{ country: 'Atlantis' }, { country: 'country_unknown' }],
    [{ country: 'XX' }, { country: 'country_unknown' }],
    [{ shipping_method: 'by air!' }, { shipping_method: 'invalid' }],
    [{ payment_method: 'tok_forged' }, { payment_method: 'invalid' }],
    [{ payment_method: '4242 4242 4242 4242' }, { payment_method: 'invalid' }],
  ];
  for (const [change, found] of rows)
    test(`says what is wrong with ${JSON.stringify(change).slice(0, 60)}`, () => assert.deepEqual(faults(change), found));

  test('asks no address of who is signed in', () => assert.deepEqual(faults({ email: '' }, false), {}));

  test('becomes the order that it shows, without what was left empty', () => {
    const fields = fieldsFrom((name) => good[name] ?? '');
    const product_id = '0198c58f-f00d-7c55-b9a8-20e4d5c6b7a8';
    const cart = { lines: [{ product_id, quantity: 2 }], saved: undefined };
    const expected = {
      items: [{ product_id, quantity: 2 }],
      shipping_address: { full_name: 'Gero Gast', street: '1 Market Square', city: 'Lisbon', postal_code: '1100-148', country: 'PT' },
      payment_method: 'tok_visa',
      locale: 'en',
      expected_total: 49.5,
    };
    const order = (saved: Cart['saved']) => orderOf({ fields, cart: { ...cart, saved }, expected_total: 49.5, locale: 'en' });
    assert.deepEqual(order(undefined), expected);
    const mark = { owner: '0123abcd', version: 7 };
    assert.deepEqual(order({ ...mark, is_same: true }), { ...expected, cart_version: 7 }, 'it empties the saved cart');
    assert.deepEqual(order({ ...mark, is_same: false }), expected, 'the account has other lines');
    assert.equal(checkoutFieldNames.length, Object.keys(good).length);
  });

  for (const [header, country] of [
    ['de-AT,de;q=0.9', 'AT'],
    ['en, pt-BR;q=0.5', 'BR'],
    ['zh-Hant-TW', 'TW'],
    ['en-XX', 'GB'],
    ['en', 'GB'],
    [undefined, 'GB'],
    ['-'.repeat(10_000), 'GB'],
  ] as const)
    test(`begins in ${country} for ${header?.slice(0, 20)}`, () => assert.equal(countryOf(header, 'en-GB'), country));
});
