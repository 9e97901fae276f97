import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  changeUser,
  createApiKey,
  deleteApiKey,
  deleteUser,
  endSessionsOf,
  enrolSecondFactor,
  getMe,
  listStaff,
  listStaffActions,
  login,
  resetSecondFactor,
  setRole,
} from '@souk/contracts';
import { type ManualClock, manualClock, systemIds } from '@souk/kernel';
import { forgetEnded } from '../src/use-cases/forget-ended.ts';
import { aCustomer, anOfficial, openTown, type Person, password, type Town } from './_support.ts';

const dayMs = 86_400_000;

describe('staff', () => {
  let town: Town;
  let clock: ManualClock;
  let admin: Person;
  before(async () => {
    clock = manualClock(Date.now());
    town = await openTown({ login_address_failures_max: 1_000 }, { clock });
    admin = await anOfficial(town, 'admin');
  });
  after(() => town.stop());

  const done = async (by: Person, limit = 20) =>
    (await admin.client.must(listStaffActions, { query: { by: by.user.id, limit } })).map(
      ({ action, user_id, object }) => `${action} ${user_id} ${object}`,
    );

  it('are listed for administrators with their second factor and their sessions, customers are not', async () => {
    const [staff, customer] = [await anOfficial(town, 'staff'), await aCustomer(town)];
    await staff.client.expect(201, enrolSecondFactor, { body: { current_password: password } });
    await town.client.must(login, { body: { login: staff.user.username, password } });
    const listed = await admin.client.must(listStaff);
    const shown = listed.find(({ id }) => id === staff.user.id);
    assert.deepEqual([shown?.role, shown?.second_factor, shown?.sessions], ['staff', 'pending', 2]);
    assert.ok(shown?.renewed_at);
    assert.equal(listed.find(({ id }) => id === admin.user.id)?.second_factor, 'disabled');
    assert.ok(!listed.some(({ id }) => id === customer.user.id));
    assert.ok(!('password_hash' in (shown ?? {})));
    for (const other of [staff, customer])
      for (const route of [listStaff, listStaffActions] as const) assert.equal((await other.client.refused(403, route)).code, 'forbidden');
  });

  it('are read page by page', async () => {
    for (let made = 0; made < 3; made += 1) await anOfficial(town, 'staff');
    const all = (await admin.client.must(listStaff)).map(({ id }) => id);
    const first = await admin.client.expect(200, listStaff, { query: { limit: 2 } });
    const cursor = new URLSearchParams(String(first.headers['link']).split(/[?>]/)[1]).get('cursor') ?? '';
    const second = await admin.client.must(listStaff, { query: { limit: 100, cursor } });
    assert.deepEqual(
      [...first.body, ...second].map(({ id }) => id),
      all,
    );
    assert.equal((await admin.client.refused(400, listStaff, { query: { cursor: 'x' } })).code, 'cursor_invalid');
  });

  it('have their sessions ended by an administrator, and sign in again', async () => {
    const staff = await anOfficial(town, 'staff');
    const params = { user_id: staff.user.id };
    assert.equal((await staff.client.refused(403, endSessionsOf, { params: { user_id: admin.user.id } })).code, 'forbidden');
    await admin.client.expect(204, endSessionsOf, { params });
    assert.equal((await staff.client.refused(401, getMe)).code, 'token_invalid');
    await town.client.must(login, { body: { login: staff.user.username, password } });
    assert.equal((await admin.client.refused(404, endSessionsOf, { params: { user_id: systemIds.uuid() } })).code, 'not_found');
  });

  it('leave a record of what they did to accounts of others and to keys, and none of what they refused or did to themselves', async () => {
    const [boss, customer] = [await anOfficial(town, 'admin'), await aCustomer(town)];
    const [params, own] = [{ user_id: customer.user.id }, { user_id: boss.user.id }];
    await boss.client.must(changeUser, { params: own, body: { full_name: 'Nora the First' } });
    await boss.client.expect(204, endSessionsOf, { params: { user_id: admin.user.id } });
    await boss.client.must(changeUser, { params, body: { full_name: 'Clara', phone: '+351211234567' } });
    await boss.client.must(setRole, { params, body: { role: 'staff' } });
    // What is so already is not done.
    await boss.client.must(setRole, { params, body: { role: 'staff' } });
    await boss.client.expect(204, resetSecondFactor, { params });
    await boss.client.refused(412, setRole, { params, body: { role: 'admin' }, headers: { 'if-match': '"1"' } });
    const key = (await boss.client.expect(201, createApiKey, { body: { name: 'The warehouse', scopes: ['orders:read'] } })).body;
    await boss.client.expect(204, deleteApiKey, { params: { key_id: key.id } });
    await boss.client.expect(204, deleteApiKey, { params: { key_id: key.id } });
    await boss.client.expect(204, deleteUser, { params, body: {} });
    const { access_token } = await town.client.must(login, { body: { login: admin.user.username, password } });
    admin = { ...admin, client: town.client.with({ token: access_token }) };
    assert.deepEqual(await done(boss), [
      `account_erased ${customer.user.id} null`,
      `api_key_deleted ${boss.user.id} ${key.id}`,
      `api_key_created ${boss.user.id} ${key.id}`,
      `role_given ${customer.user.id} staff`,
      `account_changed ${customer.user.id} full_name, phone`,
      `sessions_ended ${admin.user.id} null`,
    ]);
    assert.equal((await done(boss, 2)).length, 2);
  });

  it('are not recorded for longer than a year', async () => {
    const [boss, customer] = [await anOfficial(town, 'admin'), await aCustomer(town)];
    await boss.client.expect(204, endSessionsOf, { params: { user_id: customer.user.id } });
    const count = async () => (await town.context.db.query('select 1 from staff_actions where by = $1', [boss.user.id])).length;
    clock.advance(364 * dayMs);
    await forgetEnded(town.context);
    assert.equal(await count(), 1);
    clock.advance(2 * dayMs);
    await forgetEnded(town.context);
    assert.equal(await count(), 0);
  });
});
