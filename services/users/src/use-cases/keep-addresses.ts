/** The address book of the person who asks. Each change holds the row of the account, so that the book never has too many and one default. */
import { type AddAddress, type Address, addressesMax, type ChangeAddress, refusal } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { Tx } from '@souk/postgres';
import { checkIfMatch, contentTag } from '@souk/service-kit';
import type { UsersContext } from '../context.ts';
import { notFound } from '../domain/account.ts';
import type { Requester } from '../domain/requester.ts';
import { endDefault, insertAddress, listAddresses, removeAddress, saveAddress } from '../store/addresses.ts';
import { lockActor, readActor } from './read-actor.ts';

/** Refuses with `token_invalid`. */
export async function readAddresses(ctx: UsersContext, requester: Requester): Promise<Address[]> {
  await readActor(ctx, requester);
  return listAddresses(ctx.db, requester.user_id, addressesMax);
}

/** Adds an address, or answers the one that is there with the same name. Refuses with `too_many_addresses`, `token_invalid`. */
export function addAddress(ctx: UsersContext, requester: Requester, wanted: AddAddress): Promise<Address> {
  const { address } = wanted;
  const label = wanted.label ?? null;
  return ctx.db.transaction(async (tx) => {
    const book = await lockedBook(ctx, tx, requester);
    const known = book.find((one) => one.label === label && contentTag(one.address) === contentTag(address));
    if (known) return known;
    if (book.length >= addressesMax) throw refusal('too_many_addresses', `An address book has at most ${addressesMax} addresses.`);
    const now = timestamp(ctx.clock.now());
    const is_default = book.length === 0 || wanted.is_default === true;
    if (is_default) await endDefault(tx, requester.user_id, now);
    const added: Address = { id: ctx.ids.uuid(), label, address, is_default, version: 1, created_at: now, updated_at: now };
    await insertAddress(tx, requester.user_id, added);
    return added;
  });
}

export interface AddressRequest {
  requester: Requester;
  address_id: string;
  if_match: string | undefined;
}

/** Refuses with `not_found`, `precondition_failed`, `token_invalid`. */
export function changeAddress(
  ctx: UsersContext,
  { requester, address_id, if_match }: AddressRequest,
  { label, address, is_default }: ChangeAddress,
): Promise<Address> {
  return ctx.db.transaction(async (tx) => {
    const before = ofBook(await lockedBook(ctx, tx, requester), address_id);
    checkIfMatch({ if_match }, before.version);
    const now = timestamp(ctx.clock.now());
    const becomesDefault = is_default === true && !before.is_default;
    if (becomesDefault) await endDefault(tx, requester.user_id, now);
    const after: Address = {
      ...before,
      label: label === undefined ? before.label : label,
      address: address ?? before.address,
      is_default: before.is_default || becomesDefault,
      version: before.version + 1,
      updated_at: now,
    };
    await saveAddress(tx, after);
    return after;
  });
}

/** Refuses with `not_found`, `token_invalid`. */
export function deleteAddress(ctx: UsersContext, requester: Requester, address_id: string): Promise<void> {
  return ctx.db.transaction(async (tx) => {
    const book = await lockedBook(ctx, tx, requester);
    const gone = ofBook(book, address_id);
    await removeAddress(tx, address_id);
    const newest = book.find(({ id }) => id !== address_id);
    if (!gone.is_default || newest === undefined) return;
    await saveAddress(tx, { ...newest, is_default: true, version: newest.version + 1, updated_at: timestamp(ctx.clock.now()) });
  });
}

async function lockedBook(ctx: UsersContext, tx: Tx, requester: Requester): Promise<Address[]> {
  await lockActor(ctx, tx, requester, { user_id: requester.user_id });
  return listAddresses(tx, requester.user_id, addressesMax);
}

function ofBook(book: readonly Address[], address_id: string): Address {
  const address = book.find(({ id }) => id === address_id);
  if (address === undefined) throw notFound();
  return address;
}
