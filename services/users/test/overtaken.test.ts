/** What is decided, and then overtaken by another transaction before it is done. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  changeUser,
  confirmPasswordReset,
  deleteUser,
  login,
  logoutEverywhere,
  refreshLogin,
  registerUser,
  setRole,
  verifyEmail,
} from '@souk/contracts';
import {
  aCustomer,
  anOfficial,
  askForReset,
  eventsOf,
  keepEvents,
  lastSecret,
  openTown,
  type Person,
  password,
  type Town,
} from './_support.ts';

const erase = 'update accounts set erased_at = now() where id = $1';
const demote = "update accounts set role = 'customer', version = version + 1 where id = $1";
const endSessions = 'delete from sessions where user_id = $1';
const changePassword = "update accounts set password_hash = '!', version = version + 1 where id = $1";

describe('whoever is overtaken', () => {
  let town: Town;
  let other: Person;
  before(async () => {
    town = await openTown();
    await keepEvents(town);
    other = await aCustomer(town);
  });
  after(() => town.stop());

  const secretFor = async (person: Person): Promise<string> => {
    await askForReset(town, person.user.email);
    return lastSecret(town, person.user.id, 'password_reset');
  };

  it('by the loss of a right has it no more', async () => {
    const [admin, staff] = [await anOfficial(town, 'admin'), await anOfficial(town, 'staff')];
    const params = { user_id: other.user.id };
    const promotion = () => admin.client.call(setRole, { params, body: { role: 'admin' } });
    assert.equal((await town.overtake(demote, [admin.user.id], promotion)).code, 'forbidden');
    const change = () => staff.client.call(changeUser, { params, body: { full_name: 'Taken over' } });
    assert.equal((await town.overtake(demote, [staff.user.id], change)).code, 'not_found');
  });

  it('by another change gets a refusal, when it named a version', async () => {
    const { user, client } = await aCustomer(town);
    const change = () =>
      client.call(changeUser, { params: { user_id: user.id }, body: { full_name: 'X' }, headers: { 'if-match': '"1"' } });
    assert.equal((await town.overtake('update accounts set version = 2 where id = $1', [user.id], change)).code, 'precondition_failed');
  });

  it('by the end of the session changes nothing', async () => {
    const { user, client } = await aCustomer(town);
    const change = () => client.call(changeUser, { params: { user_id: user.id }, body: { full_name: 'Somebody else' } });
    assert.equal((await town.overtake(endSessions, [user.id], change)).code, 'token_invalid');
  });

  it('by the end of the account is refused, whatever was left of it', async () => {
    const { user, tokens, client } = await aCustomer(town);
    assert.equal((await town.overtake(erase, [user.id], () => client.call(logoutEverywhere))).code, 'token_invalid');
    await town.client.refused(401, refreshLogin, { body: { refresh_token: tokens.refresh_token } });
  });

  it('by another password does not erase the account with the old one', async () => {
    const { user, client } = await aCustomer(town);
    const erasure = () => client.call(deleteUser, { params: { user_id: user.id }, body: { current_password: password } });
    assert.equal((await town.overtake(changePassword, [user.id], erasure)).code, 'password_wrong');
  });

  for (const [what, statement] of Object.entries({ 'another password': changePassword, 'the end of the account': erase })) {
    it(`by ${what} is not signed in`, async () => {
      const { user } = await aCustomer(town);
      const signIn = () => town.client.call(login, { body: { login: user.username, password } });
      assert.equal((await town.overtake(statement, [user.id], signIn)).code, 'login_failed');
    });
  }

  it('by the end of the account sets no password and verifies no address by a link', async () => {
    const [ann, bob] = [await aCustomer(town), await aCustomer(town)];
    const token = await secretFor(ann);
    const confirmation = () => town.client.call(confirmPasswordReset, { body: { token, password: 'set by a link' } });
    assert.equal((await town.overtake(erase, [ann.user.id], confirmation)).code, 'secret_invalid');
    const first = await lastSecret(town, bob.user.id, 'verify_email');
    const verification = () => town.client.call(verifyEmail, { body: { token: first } });
    assert.equal((await town.overtake(erase, [bob.user.id], verification)).code, 'secret_invalid');
  });

  it('by the end of the account gets no link', async () => {
    const { user } = await aCustomer(town);
    await town.overtake(erase, [user.id], () => askForReset(town, user.email));
    const events = await eventsOf(town, 'user.message_requested', user.id);
    assert.deepEqual(
      events.map((event) => event['purpose']),
      ['verify_email'],
    );
  });
});

describe('what ends with a change', () => {
  let town: Town;
  before(async () => {
    town = await openTown();
    await keepEvents(town);
  });
  after(() => town.stop());

  it('is the link for a new password, when one was set', async () => {
    const { user, client } = await aCustomer(town);
    await askForReset(town, user.email);
    const token = await lastSecret(town, user.id, 'password_reset');
    const body = { password: 'the new one of the owner', current_password: password };
    await client.must(changeUser, { params: { user_id: user.id }, body });
    const late = await town.client.refused(400, confirmPasswordReset, { body: { token, password: 'set by a link' } });
    assert.equal(late.code, 'secret_invalid');
  });

  it('are sessions and links, when the account is erased', async () => {
    const { user, client } = await aCustomer(town);
    await client.expect(204, deleteUser, { params: { user_id: user.id }, body: { current_password: password } });
    const { db } = town.context;
    assert.deepEqual(await db.query('select 1 from sessions where user_id = $1', [user.id]), []);
    assert.deepEqual(await db.query('select 1 from message_tokens where user_id = $1 and ended_at is null', [user.id]), []);
    await town.client.must(registerUser, {
      body: { username: user.username, email: user.email, full_name: 'Nora Novak', password },
    });
  });
});
