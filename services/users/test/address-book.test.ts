import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  type AddAddress,
  type Address,
  addAddress,
  addressesMax,
  changeAddress,
  deleteAddress,
  deleteUser,
  getMe,
  linkGuests,
  listAddresses,
  openGuest,
  verifyEmail,
} from '@souk/contracts';
import { aCustomer, anOfficial, keepEvents, lastSecret, openTown, type Person, password, type Town } from './_support.ts';

const address = { street: 'Lindenweg 4', city: 'Bern', postal_code: '3000', country: 'CH' };

describe('an address book', () => {
  let town: Town;
  before(async () => {
    town = await openTown();
    await keepEvents(town);
  });
  after(() => town.stop());

  const add = ({ client }: Pick<Person, 'client'>, street: string, wanted: Partial<AddAddress> = {}): Promise<Address> =>
    client.must(addAddress, { body: { address: { ...address, street }, ...wanted } });
  const bookOf = async ({ client }: Pick<Person, 'client'>) =>
    (await client.must(listAddresses)).map((one) => [one.address.street, one.is_default]);
  const rowsOf = (user_id: string) => town.context.db.query('select 1 from addresses where user_id = $1', [user_id]);

  test('has the default first, then the newest; the first is the default until another is chosen or it is deleted', async () => {
    const person = await aCustomer(town);
    assert.deepEqual(await bookOf(person), []);
    const first = await add(person, 'First', { label: 'Home' });
    assert.deepEqual([first.label, first.is_default, first.version], ['Home', true, 1]);
    const second = await add(person, 'Second');
    await add(person, 'Third', { is_default: true });
    assert.deepEqual(await bookOf(person), [
      ['Third', true],
      ['Second', false],
      ['First', false],
    ]);
    const params = { address_id: second.id };
    const chosen = await person.client.must(changeAddress, { params, body: { is_default: true, label: 'Work' } });
    assert.deepEqual([chosen.is_default, chosen.label, chosen.version, chosen.address.street], [true, 'Work', 2, 'Second']);
    await person.client.expect(204, deleteAddress, { params });
    assert.deepEqual(await bookOf(person), [
      ['Third', true],
      ['First', false],
    ]);
    const corrected = await person.client.must(changeAddress, {
      params: { address_id: first.id },
      body: { label: null, address: { ...address, street: 'Corrected' } },
    });
    assert.deepEqual([corrected.label, corrected.address.street], [null, 'Corrected']);
  });

  test("is its owner's alone, and a change of an older version is refused", async () => {
    const person = await aCustomer(town);
    const { id: address_id, version } = await add(person, 'First');
    const params = { address_id };
    for (const other of [await aCustomer(town), await anOfficial(town, 'admin')]) {
      assert.deepEqual(await bookOf(other), []);
      await other.client.refused(404, changeAddress, { params, body: { label: 'x' } });
      await other.client.refused(404, deleteAddress, { params });
    }
    const headers = { 'if-match': `"${version}"` };
    await person.client.must(changeAddress, { params, body: { label: 'a' }, headers });
    assert.equal((await person.client.refused(412, changeAddress, { params, body: { label: 'b' }, headers })).code, 'precondition_failed');
    assert.equal((await person.client.must(listAddresses))[0]?.label, 'a');
  });

  test('takes what an order takes: no more members, no empty change, nothing without a city', async () => {
    const person = await aCustomer(town);
    const { city: _, ...nowhere } = address;
    const pointers = async (body: object) =>
      (await person.client.refused(400, addAddress, { body: body as AddAddress })).errors?.map(({ pointer }) => pointer);
    assert.deepEqual(await pointers({ address: nowhere }), ['/address/city']);
    assert.deepEqual(await pointers({ address: { ...address, colour: 'red' } }), ['/address/colour']);
    assert.deepEqual(await pointers({ address, is_default: false }), ['/is_default']);
    const { id: address_id } = await add(person, 'First');
    await person.client.refused(400, changeAddress, { params: { address_id }, body: {} });
  });

  test('has at most twenty addresses and one default, also when many are added at once, and the same address once', async () => {
    const person = await aCustomer(town);
    const same = await Promise.all([add(person, 'Same'), add(person, 'Same')]);
    assert.equal(same[0].id, same[1].id);
    const wanted = Array.from({ length: addressesMax + 3 }, (_one, at) => ({
      address: { ...address, street: `${at}` },
      is_default: true as const,
    }));
    const answers = await Promise.all(wanted.map((body) => person.client.call(addAddress, { body })));
    assert.equal(answers.filter(({ status }) => status === 201).length, addressesMax - 1);
    assert.equal((await person.client.refused(409, addAddress, { body: { address } })).code, 'too_many_addresses');
    const book = await bookOf(person);
    assert.deepEqual([book.length, book.filter(([, is_default]) => is_default).length], [addressesMax, 1]);
  });

  test('is erased with its person, and those of the linked guests with them', async () => {
    const person = await aCustomer(town);
    await town.client.must(verifyEmail, { body: { token: await lastSecret(town, person.user.id, 'verify_email') } });
    const { access_token } = await town.client.must(openGuest, { body: { email: person.user.email, full_name: 'Gero Gast' } });
    const guest = town.client.with({ token: access_token });
    const { id: guest_id } = await guest.must(getMe);
    await add(person, 'First');
    await add({ client: guest }, 'Second');
    await person.client.must(linkGuests);
    await person.client.expect(204, deleteUser, { params: { user_id: person.user.id }, body: { current_password: password } });
    assert.deepEqual([(await rowsOf(person.user.id)).length, (await rowsOf(guest_id)).length], [0, 0]);
    await person.client.refused(401, listAddresses);
  });
});
