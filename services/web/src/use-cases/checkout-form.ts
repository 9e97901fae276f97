/** What is typed at the checkout: read as text, checked by the schemas of the contract, and made an order. */
import { type PlaceOrder, fields as schemas } from '@souk/contracts';
import { countryCodes } from '@souk/kernel';
import { type CheckoutField, type CheckoutFields, checkoutFieldNames, type FieldFault, paymentMethods } from '@souk/storefront';
import type { Cart } from '../domain/cart.ts';

export type CheckoutFaults = Partial<Record<CheckoutField, FieldFault>>;

const address = schemas.ShippingAddress.properties;
const countries: ReadonlySet<string> = new Set(countryCodes());
const required: readonly CheckoutField[] = ['full_name', 'street', 'city', 'country', 'payment_method'];
const checks = {
  email: schemas.GivenEmail,
  full_name: schemas.FullName,
  street: address.street,
  street2: address.street2,
  city: address.city,
  state: address.state,
  postal_code: address.postal_code,
  country: address.country,
  phone: address.phone,
  shipping_method: schemas.ShippingMethodCode,
  payment_method: schemas.PaymentMethod,
} satisfies Record<CheckoutField, object>;

/** Each field as it was sent. */
export function fieldsFrom(text: (name: string) => string): CheckoutFields {
  return Object.fromEntries(checkoutFieldNames.map((name) => [name, text(name)])) as unknown as CheckoutFields;
}

/** What is wrong with the fields; only a guest gives an address. */
export function faultsOf(fields: CheckoutFields, { is_guest }: { is_guest: boolean }): CheckoutFaults {
  const faults: CheckoutFaults = {};
  for (const name of checkoutFieldNames) {
    if (name === 'email' && !is_guest) continue;
    const fault = faultOf(name, fields[name], name === 'email' || required.includes(name));
    if (fault !== undefined) faults[name] = fault;
  }
  return faults;
}

function faultOf(name: CheckoutField, value: string, is_required: boolean): FieldFault | undefined {
  if (value === '') return is_required ? 'missing' : undefined;
  const { maxLength = Number.POSITIVE_INFINITY, pattern } = checks[name] as { maxLength?: number; pattern?: string };
  if ([...value].length > maxLength) return 'too_long';
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(value)) return 'invalid';
  if (name === 'country' && !countries.has(value)) return 'country_unknown';
  return name === 'payment_method' && !paymentMethods.some((method) => method === value) ? 'invalid' : undefined;
}

const optionalMembers = ['street2', 'state', 'postal_code', 'phone'] as const;

/** Where it goes, as far as that is typed; undefined without a country, of which everything else depends. */
export function addressOf(fields: CheckoutFields): { country: string } & Partial<PlaceOrder['shipping_address']> {
  const given = (['full_name', 'street', 'city', ...optionalMembers] as const).filter((name) => fields[name] !== '');
  return { ...Object.fromEntries(given.map((name) => [name, fields[name]])), country: fields.country };
}

export interface OrderQuestion {
  fields: CheckoutFields;
  cart: Pick<Cart, 'lines' | 'saved'>;
  expected_total: number;
  locale: string;
}

/** The order of a form without faults. */
export function orderOf({ fields, cart, expected_total, locale }: OrderQuestion): PlaceOrder {
  const { street, city } = fields;
  return {
    items: cart.lines.map(({ product_id, quantity }) => ({ product_id, quantity })),
    shipping_address: { ...addressOf(fields), street, city },
    payment_method: fields.payment_method,
    ...(fields.shipping_method !== '' && { shipping_method: fields.shipping_method }),
    locale,
    expected_total,
    // What is ordered is taken out of the saved cart too, where that is the same.
    ...(cart.saved?.is_same === true && { cart_version: cart.saved.version }),
  };
}

/** The country that a browser says its owner is in: of the first of its languages that names one; else that of the language it is answered in. */
export function countryOf(accept_language: string | undefined, locale: string): string {
  const named = (accept_language ?? '')
    .slice(0, 500)
    .split(',')
    .map((range) => /^\s*[a-z]{2,3}(?:-[a-z]{4})?-([a-z]{2})\b/i.exec(range)?.[1]?.toUpperCase());
  return named.find((country) => country !== undefined && countries.has(country)) ?? locale.slice(-2);
}
