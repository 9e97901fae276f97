/** The address book of a person: where orders of the own account go. No other person sees it, staff neither. */
import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import { AddressId, Nullable, ShippingAddress, Timestamp, Version } from '../fields.ts';

/** Most addresses of one person. */
export const addressesMax = 20;

const Label = Type.String({
  minLength: 1,
  maxLength: 60,
  pattern: '^[^\\u0000-\\u001f\\u007f]*$',
  description: 'What its owner calls it, such as Home.',
});
/** There is one as long as there are addresses: another becomes it, none stops being it. */
const becomesDefault = Type.Literal(true, { description: 'It becomes the default instead of the one that was.' });

export const Address = Type.Object(
  {
    id: AddressId,
    label: Nullable(Label),
    address: { ...ShippingAddress, description: 'As POST /api/orders takes it.' } as typeof ShippingAddress,
    is_default: Type.Boolean({ description: 'What a page offers first. The first address is it until another one is chosen.' }),
    version: Version,
    created_at: Timestamp,
    updated_at: Timestamp,
  },
  { title: 'Address' },
);
export type Address = Static<typeof Address>;

export const AddAddress = Type.Object(
  { label: Type.Optional(Label), address: ShippingAddress, is_default: Type.Optional(becomesDefault) },
  { additionalProperties: false, title: 'AddAddress' },
);
export type AddAddress = Static<typeof AddAddress>;

export const ChangeAddress = Type.Object(
  { label: Type.Optional(Nullable(Label)), address: Type.Optional(ShippingAddress), is_default: Type.Optional(becomesDefault) },
  { additionalProperties: false, minProperties: 1, title: 'ChangeAddress' },
);
export type ChangeAddress = Static<typeof ChangeAddress>;

const address = { service: 'users', access: 'authenticated' } as const;
const byAddress = Type.Object({ address_id: AddressId });

export const listAddresses = defineRoute({
  ...address,
  method: 'GET',
  path: '/api/users/me/addresses',
  summary: 'The own address book, the default first',
  limit: 'read',
  responses: { 200: Type.Array(Address, { maxItems: addressesMax }) },
});
/** The same once more, after a lost answer, is the address that is there: a kept answer would outlive the erasure of its person. */
export const addAddress = defineRoute({
  ...address,
  method: 'POST',
  path: '/api/users/me/addresses',
  summary: 'Add an address to the own address book',
  limit: 'write',
  body: AddAddress,
  etag: true,
  responses: { 201: Address },
  errors: ['too_many_addresses'],
});
export const changeAddress = defineRoute({
  ...address,
  method: 'PATCH',
  path: '/api/users/me/addresses/{address_id}',
  summary: 'Change an address of the own address book',
  limit: 'write',
  params: byAddress,
  body: ChangeAddress,
  etag: true,
  responses: { 200: Address },
  errors: ['precondition_failed'],
});
export const deleteAddress = defineRoute({
  ...address,
  method: 'DELETE',
  path: '/api/users/me/addresses/{address_id}',
  summary: 'Delete an address of the own address book; the newest of the others becomes the default where it was it',
  limit: 'write',
  params: byAddress,
  responses: { 204: null },
});

export const addressRoutes = [listAddresses, addAddress, changeAddress, deleteAddress] as const;
