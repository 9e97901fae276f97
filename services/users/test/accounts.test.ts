import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import {
  changeUser,
  deleteUser,
  getMe,
  getMessageSecret,
  getUser,
  listUsers,
  login,
  putUser,
  refreshLogin,
  registerUser,
  setRole,
  type User,
} from '@souk/contracts';
import { ensureAccount } from '../src/use-cases/ensure-account.ts';
import { loadSampleCustomers } from '../src/use-cases/load-sample-customers.ts';
import {
  aCustomer,
  anOfficial,
  aRegistration,
  eventsOf,
  keepEvents,
  lastSecret,
  openTown,
  type Person,
  password,
  type Town,
} from './_support.ts';

describe('accounts', () => {
  let town: Town;
  let staff: Person;
  let admin: Person;
  before(async () => {
    town = await openTown();
    await keepEvents(town);
    staff = await anOfficial(town, 'staff');
    admin = await anOfficial(town, 'admin');
  });
  after(() => town.stop());

  it('opening an account publishes who came and asks for a message to verify the address', async () => {
    const { user } = await aCustomer(town, { phone: '+41441234567' });
    const [registered] = await eventsOf(town, 'user.registered', user.id);
    assert.equal(registered?.['email'], user.email);
    assert.equal(registered?.['phone'], '+41441234567');
    assert.equal(registered?.['registration_source'], 'api');
    const [message] = await eventsOf(town, 'user.message_requested', user.id);
    assert.equal(message?.['purpose'], 'verify_email');
    assert.deepEqual(
      Object.keys(message ?? {}).filter((name) => name.includes('secret')),
      [],
    );
    const byStaff = await staff.client.must(registerUser, { body: aRegistration() });
    assert.equal(byStaff.role, 'customer');
    assert.equal((await eventsOf(town, 'user.registered', byStaff.id))[0]?.['registration_source'], 'staff');
  });

  for (const [taken, code] of [
    ['username', 'username_taken'],
    ['email', 'email_taken'],
  ] as const) {
    it(`of many who take one ${taken} at the same moment exactly one gets it`, async () => {
      const wanted = aRegistration()[taken];
      const requests = Array.from({ length: 8 }, (_, index) => aRegistration({ [taken]: index % 2 ? wanted.toUpperCase() : wanted }));
      const answers = await Promise.all(requests.map((body) => town.client.call(registerUser, { body })));
      const codes = answers.map(({ status, code: refused }) => refused ?? String(status)).sort();
      assert.deepEqual(codes, ['201', ...new Array<string>(7).fill(code)]);
    });
  }

  it("a customer sees nobody else's account and changes nobody else's", async () => {
    const [ann, bob] = [await aCustomer(town), await aCustomer(town)];
    const params = { user_id: bob.user.id };
    await ann.client.refused(404, getUser, { params });
    await ann.client.refused(404, changeUser, { params, body: { full_name: 'Taken over' } });
    await ann.client.refused(404, putUser, { params, body: { username: 'abc', email: 'a@b.example', full_name: 'X' } });
    await ann.client.refused(404, deleteUser, { params, body: {} });
    await ann.client.refused(403, setRole, { params: { user_id: ann.user.id }, body: { role: 'admin' } });
    await ann.client.refused(403, listUsers);
    await town.client.refused(401, getMe);
    assert.equal((await staff.client.must(getUser, { params })).full_name, 'Nora Novak');
  });

  it('what was changed is read back, guarded by the version', async () => {
    const { user, client } = await aCustomer(town, { phone: '+351211234567' });
    const params = { user_id: user.id };
    const read = await client.expect(200, getUser, { params });
    const etag = String(read.headers['etag']);
    assert.match(etag, /^"1~/);
    assert.equal((await client.call(getUser, { params, headers: { 'if-none-match': etag } })).status, 304);
    const changed = await client.expect(200, changeUser, { params, body: { full_name: 'Nora Neu' }, headers: { 'if-match': etag } });
    assert.match(String(changed.headers['etag']), /^"2~/);
    assert.deepEqual([changed.body.full_name, changed.body.phone], ['Nora Neu', '+351211234567']);
    await client.refused(412, changeUser, { params, body: { full_name: 'Late' }, headers: { 'if-match': '"1"' } });
    assert.equal((await client.must(getMe)).full_name, 'Nora Neu');
    assert.equal((await client.must(changeUser, { params, body: { full_name: 'Nora Neu' } })).version, 2);
    const put = await client.must(putUser, { params, body: { username: user.username, email: user.email, full_name: 'Nora Alt' } });
    assert.deepEqual([put.phone, put.version, put.email_verified], ['+351211234567', 3, false]);
    const silent = await client.must(putUser, { params, body: { phone: null } });
    assert.deepEqual([silent.phone, silent.version, silent.full_name], [null, 4, 'Nora Alt']);
    await client.refused(412, putUser, { params, body: { full_name: 'Late' }, headers: { 'if-match': '"3"' } });
    await client.refused(400, putUser, { params, body: {} });
    const events = await eventsOf(town, 'user.updated', user.id);
    assert.deepEqual(
      events.map((event) => [event['user_version'], event['full_name'], event['phone'], event['email']]),
      [
        [2, 'Nora Neu', undefined, undefined],
        [3, 'Nora Alt', undefined, undefined],
        [4, undefined, null, undefined],
      ],
    );
  });

  it('nobody changes to a name or address that is taken', async () => {
    const [ann, bob] = [await aCustomer(town), await aCustomer(town)];
    const params = { user_id: ann.user.id };
    const name = await ann.client.refused(409, changeUser, { params, body: { username: bob.user.username.toUpperCase() } });
    const address = await ann.client.refused(409, changeUser, { params, body: { email: bob.user.email, current_password: password } });
    assert.deepEqual([name.code, address.code], ['username_taken', 'email_taken']);
  });

  it('a new address must be verified again, and links sent to the old one are void', async () => {
    const { user, client } = await aCustomer(town);
    const [old] = await eventsOf(town, 'user.message_requested', user.id);
    const changed = await client.must(changeUser, {
      params: { user_id: user.id },
      body: { email: `new-${user.email}`, current_password: password },
    });
    assert.equal(changed.email_verified, false);
    const internal = town.client.with({ token: town.internal_token });
    const { secret } = await internal.must(getMessageSecret, { params: { token_id: String(old?.['token_id']) } });
    assert.equal(secret, null);
    assert.equal((await eventsOf(town, 'user.message_requested', user.id)).length, 2);
    assert.ok((await lastSecret(town, user.id, 'verify_email')).length > 20);
  });

  it('a new password ends all sessions but the one it was set in', async () => {
    const { user, tokens, client } = await aCustomer(town);
    const other = await town.client.must(login, { body: { login: user.email, password } });
    await client.must(changeUser, {
      params: { user_id: user.id },
      body: { password: 'another good password', current_password: password },
    });
    await town.client.refused(401, refreshLogin, { body: { refresh_token: other.refresh_token } });
    await town.client.must(refreshLogin, { body: { refresh_token: tokens.refresh_token } });
    await town.client.refused(401, login, { body: { login: user.email, password } });
    await town.client.must(login, { body: { login: user.email, password: 'another good password' } });
  });

  it('an erased account leaves nothing personal, cannot sign in or refresh, and its names are free', async () => {
    const { user, tokens, client } = await aCustomer(town);
    const params = { user_id: user.id };
    await client.must(getMe);
    await client.expect(204, deleteUser, { params, body: { current_password: password } });
    await client.refused(401, deleteUser, { params, body: { current_password: password } });
    await client.refused(401, getMe);
    await client.refused(401, getUser, { params });
    await client.refused(401, changeUser, { params, body: { full_name: 'Back' } });
    await admin.client.expect(204, deleteUser, { params, body: {} });
    await staff.client.refused(404, getUser, { params });
    await town.client.refused(401, refreshLogin, { body: { refresh_token: tokens.refresh_token } });
    for (const name of [user.username, user.email]) await town.client.refused(401, login, { body: { login: name, password } });
    const [row] = await town.context.db.query('select * from accounts where id = $1', [user.id]);
    assert.ok(!JSON.stringify(row).includes(user.username) && !JSON.stringify(row).includes(user.full_name));
    const events = await eventsOf(town, 'user.deleted', user.id);
    assert.deepEqual(
      events.map((event) => event['user_version']),
      [2],
    );
    await town.client.must(registerUser, { body: aRegistration({ username: user.username, email: user.email }) });
    await staff.client.refused(404, deleteUser, { params: { user_id: randomUUID() }, body: {} });
  });

  it('an administrator gives roles, which the next token carries; staff cannot touch the accounts of staff', async () => {
    const { user, tokens } = await aCustomer(town);
    const params = { user_id: user.id };
    await staff.client.refused(403, setRole, { params, body: { role: 'staff' } });
    assert.equal((await admin.client.must(setRole, { params, body: { role: 'staff' } })).role, 'staff');
    const renewed = await town.client.must(refreshLogin, { body: { refresh_token: tokens.refresh_token } });
    const promoted = town.client.with({ token: renewed.access_token });
    await promoted.must(listUsers);
    await staff.client.refused(403, changeUser, { params, body: { email: 'stolen@mail.example' } });
    await staff.client.refused(403, deleteUser, { params: { user_id: admin.user.id }, body: {} });
    await admin.client.refused(404, setRole, { params: { user_id: randomUUID() }, body: { role: 'staff' } });
  });

  it('staff list accounts newest first, page by page, and find them by a part of a name', async () => {
    const made: User[] = [];
    const mark = randomUUID().slice(0, 8);
    for (let index = 0; index < 3; index += 1) made.push((await aCustomer(town, { full_name: `Zed ${mark} 100%_` })).user);
    const query = { q: mark.toUpperCase(), limit: 2 };
    const first = await staff.client.expect(200, listUsers, { query });
    const cursor = new URL(first.next ?? '', town.url).searchParams.get('cursor') ?? '';
    const second = await staff.client.expect(200, listUsers, { query: { ...query, cursor } });
    assert.deepEqual(
      [...first.body, ...second.body].map(({ id }) => id),
      made.map(({ id }) => id).reverse(),
    );
    assert.equal(second.next, undefined);
    assert.equal((await staff.client.must(listUsers, { query: { q: mark, skip: 2 } })).length, 1);
    assert.equal((await staff.client.must(listUsers, { query: { q: `${mark} 100%_` } })).length, 3);
    assert.equal((await staff.client.must(listUsers, { query: { q: "%' or 1=1 --" } })).length, 0);
    assert.equal((await staff.client.refused(400, listUsers, { query: { cursor: 'bm9uc2Vuc2U' } })).code, 'cursor_invalid');
  });

  it('staff read accounts by ids in the order asked for; what is erased or unknown is left out', async () => {
    const [one, other, gone] = [await aCustomer(town), await aCustomer(town), await aCustomer(town)];
    await admin.client.must(deleteUser, { params: { user_id: gone.user.id }, body: {} });
    const ids = [other.user.id, gone.user.id, randomUUID(), one.user.id].join(',');
    assert.deepEqual(await staff.client.must(listUsers, { query: { ids } }), [
      await staff.client.must(getUser, { params: { user_id: other.user.id } }),
      await staff.client.must(getUser, { params: { user_id: one.user.id } }),
    ]);
    await town.client.with({ token: one.tokens.access_token }).refused(403, listUsers, { query: { ids: one.user.id } });
    for (const query of [{ ids: 'x' }, { ids, q: 'zed' }, { ids, skip: 1 }])
      assert.equal((await staff.client.refused(400, listUsers, { query })).code, 'validation_failed');
  });

  it('accounts a platform starts with are opened once and then left as they are', async () => {
    const wanted = { ...aRegistration(), role: 'staff' as const };
    const ids = await Promise.all([ensureAccount(town.context, wanted), ensureAccount(town.context, wanted)]);
    const again = await ensureAccount(town.context, { ...wanted, full_name: 'Somebody else', password: 'something different' });
    assert.deepEqual(new Set([...ids, again]).size, 1);
    const user = await staff.client.must(getUser, { params: { user_id: again } });
    assert.deepEqual([user.full_name, user.role, user.email_verified], [wanted.full_name, 'staff', true]);
    await town.client.must(login, { body: { login: wanted.username, password } });
  });

  it('accounts whose password the platform has lost get the new one, and their sessions end', async () => {
    const wanted = { ...aRegistration(), role: 'staff' as const };
    const id = await ensureAccount(town.context, wanted);
    const session = await town.client.must(login, { body: { login: wanted.username, password } });
    assert.equal(await ensureAccount(town.context, { ...wanted, password: 'something different' }, true), id);
    await town.client.refused(401, login, { body: { login: wanted.username, password } });
    await town.client.refused(401, refreshLogin, { body: { refresh_token: session.refresh_token } });
    await town.client.must(login, { body: { login: wanted.username, password: 'something different' } });
  });

  it('sample customers come once, are published, and cannot sign in', async () => {
    assert.equal(await loadSampleCustomers(town.context), 8);
    assert.equal(await loadSampleCustomers(town.context), 0);
    const [sample] = await staff.client.must(listUsers, { query: { q: 'amara.okafor' } });
    assert.equal((await eventsOf(town, 'user.registered', sample?.id ?? ''))[0]?.['registration_source'], 'sample');
    for (const guess of ['!', 'password'.repeat(2)]) {
      await town.client.refused(401, login, { body: { login: 'amara.okafor', password: guess } });
    }
  });
});

describe('the last administrator', () => {
  it('stays, also when two administrators dismiss each other at the same moment', async (t) => {
    const town = await openTown();
    t.after(() => town.stop());
    const [ada, eve] = [await anOfficial(town, 'admin'), await anOfficial(town, 'admin')];
    const answers = await Promise.all([
      ada.client.call(setRole, { params: { user_id: eve.user.id }, body: { role: 'customer' } }),
      eve.client.call(deleteUser, { params: { user_id: ada.user.id }, body: {} }),
    ]);
    // Whoever comes second is no administrator any more, and has no session.
    const refused = answers.filter(({ status }) => status === 401 || status === 403 || status === 404);
    assert.equal(refused.length, 1, JSON.stringify(answers.map(({ status }) => status)));
    const [left = { id: '' }] = await town.context.db.query<{ id: string }>(
      "select id from accounts where role = 'admin' and erased_at is null",
    );
    const client = left.id === ada.user.id ? ada.client : eve.client;
    const params = { user_id: left.id };
    assert.equal((await client.refused(409, deleteUser, { params, body: { current_password: password } })).code, 'last_admin');
    assert.equal((await client.refused(409, setRole, { params, body: { role: 'staff' } })).code, 'last_admin');
  });
});
