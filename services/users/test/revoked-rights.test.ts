import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Client } from '@souk/client/testing';
import {
  changeUser,
  deleteUser,
  enrolSecondFactor,
  getMe,
  getSecondFactor,
  getUser,
  listUsers,
  login,
  logout,
  logoutEverywhere,
  putUser,
  refreshLogin,
  registerUser,
  resetSecondFactor,
  setRole,
} from '@souk/contracts';
import { manualClock } from '@souk/kernel';
import { aCustomer, anOfficial, aRegistration, openTown, type Person, password, type Town } from './_support.ts';

type Asking = (client: Client, own: string, other: string) => Promise<{ status: number; code?: string | undefined }>;

/** Everything that changes rights, accounts or personal data, or reads those of others. */
const asking: Readonly<Record<string, Asking>> = {
  'give oneself a role': (client, own) => client.call(setRole, { params: { user_id: own }, body: { role: 'admin' } }),
  'give an accomplice a role': (client, _, other) => client.call(setRole, { params: { user_id: other }, body: { role: 'admin' } }),
  'change an account': (client, _, other) => client.call(changeUser, { params: { user_id: other }, body: { full_name: 'Taken over' } }),
  'set a password': (client, _, other) => client.call(putUser, { params: { user_id: other }, body: { password: 'set by a stranger' } }),
  'erase an account': (client, _, other) => client.call(deleteUser, { params: { user_id: other }, body: {} }),
  'read an account': (client, _, other) => client.call(getUser, { params: { user_id: other } }),
  'list accounts': (client) => client.call(listUsers),
  'remove a second factor': (client, _, other) => client.call(resetSecondFactor, { params: { user_id: other } }),
};
/** What everybody may do with the own account. */
const onOwn: Readonly<Record<string, Asking>> = {
  'read it': (client) => client.call(getMe),
  'read it by id': (client, own) => client.call(getUser, { params: { user_id: own } }),
  'change a name': (client, own) => client.call(changeUser, { params: { user_id: own }, body: { full_name: 'Somebody else' } }),
  'change the password': (client, own) =>
    client.call(changeUser, { params: { user_id: own }, body: { password: 'the new one of a thief', current_password: password } }),
  'change the address': (client, own) =>
    client.call(putUser, { params: { user_id: own }, body: { email: 'thief@mail.example', current_password: password } }),
  'erase it': (client, own) => client.call(deleteUser, { params: { user_id: own }, body: { current_password: password } }),
  'end all sessions': (client) => client.call(logoutEverywhere),
  'set up a second factor': (client) => client.call(enrolSecondFactor, { body: { current_password: password } }),
  'look at the second factor': (client) => client.call(getSecondFactor),
  'open another account': (client) => client.call(registerUser, { body: aRegistration() }),
};

describe('a token from before', () => {
  let town: Town;
  let admin: Person;
  before(async () => {
    town = await openTown();
    admin = await anOfficial(town, 'admin');
  });
  after(() => town.stop());

  for (const role of ['staff', 'customer'] as const) {
    it(`of an administrator who is ${role} now has no more rights than that`, async () => {
      const demoted = await anOfficial(town, 'admin');
      const other = await aCustomer(town);
      await admin.client.must(setRole, { params: { user_id: demoted.user.id }, body: { role } });
      const mayStill = role === 'staff' ? ['read an account', 'list accounts', 'change an account'] : [];
      for (const [what, ask] of Object.entries(asking)) {
        if (role === 'staff' && (what === 'set a password' || what === 'erase an account')) continue;
        const { status, code } = await ask(demoted.client, demoted.user.id, other.user.id);
        if (mayStill.includes(what)) assert.equal(status, 200, what);
        else assert.ok(['forbidden', 'not_found'].includes(code ?? ''), `${what}: ${status} ${code}`);
      }
      const now = await admin.client.must(getUser, { params: { user_id: demoted.user.id } });
      assert.equal(now.role, role);
      assert.equal((await admin.client.must(getUser, { params: { user_id: other.user.id } })).role, 'customer');
    });
  }

  it('of staff who are customers now opens accounts as a customer would', async () => {
    const demoted = await anOfficial(town, 'staff');
    await admin.client.must(setRole, { params: { user_id: demoted.user.id }, body: { role: 'customer' } });
    assert.equal(
      (await demoted.client.refused(400, registerUser, { body: aRegistration({ password: 'password123' }) })).code,
      'password_weak',
    );
  });

  it('of an erased administrator is good for nothing', async () => {
    const erased = await anOfficial(town, 'admin');
    const other = await aCustomer(town);
    await admin.client.expect(204, deleteUser, { params: { user_id: erased.user.id }, body: {} });
    for (const [what, ask] of Object.entries({ ...asking, ...onOwn })) {
      const { status, code } = await ask(erased.client, erased.user.id, other.user.id);
      assert.deepEqual([status, code], [401, 'token_invalid'], what);
    }
  });

  for (const [how, end] of Object.entries({
    'signed out everywhere': (person: Person) => person.client.expect(204, logoutEverywhere),
    'signed out': (person: Person) => town.client.expect(204, logout, { body: { refresh_token: person.tokens.refresh_token } }),
    'set a new password': async (person: Person) => {
      const another = await town.client.must(login, { body: { login: person.user.username, password } });
      const body = { password: 'the new one of the owner', current_password: password };
      await person.client.with({ token: another.access_token }).must(changeUser, { params: { user_id: person.user.id }, body });
    },
    'changed the address': async (person: Person) => {
      const another = await town.client.must(login, { body: { login: person.user.username, password } });
      const body = { email: `new-${person.user.email}`, current_password: password };
      await person.client.with({ token: another.access_token }).must(changeUser, { params: { user_id: person.user.id }, body });
    },
  })) {
    it(`of an owner who has ${how} is good for nothing`, async () => {
      const person = await aCustomer(town);
      await end(person);
      for (const [what, ask] of Object.entries(onOwn)) {
        const { status, code } = await ask(person.client, person.user.id, person.user.id);
        assert.deepEqual([status, code], [401, 'token_invalid'], what);
      }
    });
  }

  it('that has no session in it is good for nothing', async () => {
    const person = await aCustomer(town);
    const customer_key = 'a'.repeat(43);
    const token = await town.context.signer.sign({ user_id: person.user.id, role: 'customer', session_id: 'none', customer_key });
    assert.equal((await town.client.refused(401, getMe, { token })).code, 'token_invalid');
    const other = await aCustomer(town);
    const session_id = JSON.parse(Buffer.from(other.tokens.access_token.split('.')[1] ?? '', 'base64url').toString()).sid as string;
    const foreign = await town.context.signer.sign({ user_id: person.user.id, role: 'customer', session_id, customer_key });
    const params = { user_id: person.user.id };
    assert.equal((await town.client.refused(401, changeUser, { params, body: { full_name: 'X' }, token: foreign })).code, 'token_invalid');
    assert.equal((await town.client.refused(401, logoutEverywhere, { token: foreign })).code, 'token_invalid');
  });
});

describe('a session that has ended by itself', () => {
  it('leaves an access token that is good for nothing, though it has not ended', async (t) => {
    const clock = manualClock(Date.now());
    const town = await openTown({ session_idle_ms: 60_000 }, { clock });
    t.after(() => town.stop());
    const { user, client } = await aCustomer(town);
    await client.must(getMe);
    clock.advance(60_000);
    await client.refused(401, getMe);
    await client.refused(401, logoutEverywhere);
    await client.refused(401, changeUser, { params: { user_id: user.id }, body: { full_name: 'Somebody else' } });
  });
});

describe('the owner of an account', () => {
  let town: Town;
  before(async () => {
    town = await openTown();
  });
  after(() => town.stop());

  const changes = [
    ['a new password', { password: 'another good password' }],
    ['another address', { email: 'another@mail.example' }],
    ['both', { password: 'another good password', email: 'yet-another@mail.example' }],
  ] as const;
  for (const [what, change] of changes) {
    it(`proves to be the owner for ${what}`, async () => {
      const { user, client } = await aCustomer(town);
      const params = { user_id: user.id };
      for (const route of [changeUser, putUser]) {
        const missing = await client.refused(400, route, { params, body: change });
        assert.deepEqual([missing.code, missing.errors?.[0]?.pointer], ['validation_failed', '/current_password']);
        assert.equal(
          (await client.refused(403, route, { params, body: { ...change, current_password: 'guessed' } })).code,
          'password_wrong',
        );
      }
      assert.equal((await client.must(getMe)).version, 1);
      assert.equal((await client.must(changeUser, { params, body: { ...change, current_password: password } })).version, 2);
    });
  }

  it('proves it for the end of the account, and for nothing that is not changed', async () => {
    const { user, client } = await aCustomer(town);
    const params = { user_id: user.id };
    assert.equal((await client.must(putUser, { params, body: { email: user.email, full_name: 'Nora Neu' } })).full_name, 'Nora Neu');
    assert.equal((await client.refused(400, deleteUser, { params, body: {} })).errors?.[0]?.pointer, '/current_password');
    assert.equal((await client.refused(403, deleteUser, { params, body: { current_password: 'guessed' } })).code, 'password_wrong');
    await client.expect(204, deleteUser, { params, body: { current_password: password } });
  });

  it('has other sessions ended by another address, and by staff all of them', async () => {
    const { user, client, tokens } = await aCustomer(town);
    const params = { user_id: user.id };
    const other = await town.client.must(login, { body: { login: user.username, password } });
    await client.must(changeUser, { params, body: { email: `new-${user.email}`, current_password: password } });
    await town.client.refused(401, refreshLogin, { body: { refresh_token: other.refresh_token } });
    const staff = await anOfficial(town, 'staff');
    await staff.client.must(changeUser, { params, body: { email: `old-${user.email}` } });
    await town.client.refused(401, refreshLogin, { body: { refresh_token: tokens.refresh_token } });
  });

  it('is not found by guessing: wrong passwords beside a token count as failed sign-ins', async () => {
    const { user, client } = await aCustomer(town);
    const params = { user_id: user.id };
    for (let attempt = 0; attempt < 5; attempt += 1)
      await client.refused(403, deleteUser, { params, body: { current_password: `guess ${attempt}` } });
    assert.equal((await client.refused(429, deleteUser, { params, body: { current_password: password } })).code, 'login_throttled');
    assert.equal((await town.client.call(login, { body: { login: user.username, password } })).code, 'login_throttled');
  });

  it('has to prove it again when the password changes at the same moment', async () => {
    const { user, client } = await aCustomer(town);
    const params = { user_id: user.id };
    const requests = ['the first new password', 'the other new password'];
    const answers = await Promise.all(
      requests.map((each) => client.call(changeUser, { params, body: { password: each, current_password: password } })),
    );
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 403]);
  });
});
