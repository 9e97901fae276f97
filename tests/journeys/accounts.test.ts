/** What people do with their accounts, through the gateway. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { changeUser, deleteUser, getMe, login, logoutEverywhere, registerUser, setRole } from '@souk/contracts';
import { openShop, type Shop } from './_support.ts';

const password = 'correct horse battery';
const newPassword = 'another horse, another battery';

describe('an account', () => {
  let shop: Shop;
  before(async () => {
    shop = await openShop();
  });
  after(() => shop.souk.stop());

  test('is not taken over by whoever has an access token of before, and ends by the password of its owner', async () => {
    const { user_id, email, api: stolen } = await shop.aShopper();
    const params = { user_id };
    const own = shop.anonymous.with({
      token: (await shop.anonymous.must(login, { body: { login: ` ${email} `, password } })).access_token,
    });
    await own.must(changeUser, { params, body: { password: newPassword, current_password: password } });
    await stolen.refused(401, changeUser, { params, body: { password: 'the password of a thief', current_password: newPassword } });
    await stolen.refused(401, getMe);
    await own.refused(400, deleteUser, { params, body: {} });
    await own.refused(403, deleteUser, { params, body: { current_password: password } });
    await own.expect(204, deleteUser, { params, body: { current_password: newPassword } });
    await shop.anonymous.refused(401, login, { body: { login: email, password: newPassword } });
  });

  test('has the rights of staff no longer than its role', async () => {
    const { user_id, email } = await shop.aShopper();
    await shop.admin.must(setRole, { params: { user_id }, body: { role: 'admin' } });
    const signIn = async () =>
      shop.anonymous.with({ token: (await shop.anonymous.must(login, { body: { login: email, password } })).access_token });
    const former = await signIn();
    await shop.admin.must(setRole, { params: { user_id }, body: { role: 'customer' } });
    assert.equal((await former.refused(403, setRole, { params: { user_id }, body: { role: 'admin' } })).code, 'forbidden');
    await former.expect(204, logoutEverywhere);
    await former.refused(401, setRole, { params: { user_id }, body: { role: 'admin' } });
  });

  test('is opened with one mailbox and a password that is not guessed', async () => {
    const person = { username: 'a-new-person', email: 'new@mail.example', full_name: 'Newly Here', password };
    for (const email of ['x,victim@bank.example', '"x"@mail.example', 'x@mail.example\u0000'])
      await shop.anonymous.refused(400, registerUser, { body: { ...person, email } });
    for (const weak of ['1234567890', 'a-new-person', 'Newly Here'])
      assert.equal((await shop.anonymous.refused(400, registerUser, { body: { ...person, password: weak } })).code, 'password_weak');
    await shop.anonymous.must(registerUser, { body: person });
  });
});
