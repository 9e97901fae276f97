import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  changeUser,
  confirmSecondFactor,
  deleteUser,
  disableSecondFactor,
  enrolSecondFactor,
  getSecondFactor,
  listUsers,
  login,
  refreshLogin,
  resetSecondFactor,
} from '@souk/contracts';
import { type ManualClock, manualClock } from '@souk/kernel';
import { Secret, TOTP } from 'otpauth';
import { aCustomer, anOfficial, openTown, type Person, password, type Town } from './_support.ts';

const stepMs = 30_000;

describe('a second factor', () => {
  let town: Town;
  let clock: ManualClock;
  before(async () => {
    clock = manualClock(Date.now());
    town = await openTown({ login_address_failures_max: 1_000 }, { clock });
  });
  after(() => town.stop());

  const codeOf = (secret: string, at_ms = clock.now()) => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at_ms });
  const enrol = async (person: Person): Promise<{ secret: string; recovery_codes: string[] }> => {
    const { secret } = await person.client.must(enrolSecondFactor, { body: { current_password: password } });
    const { recovery_codes } = await person.client.must(confirmSecondFactor, { body: { code: codeOf(secret) } });
    clock.advance(stepMs);
    return { secret, recovery_codes };
  };
  const signIn = (person: Person, code?: string) =>
    town.client.call(login, { body: { login: person.user.username, password, ...(code === undefined ? {} : { code }) } });

  it('is asked for at sign-in once a code of it was confirmed, and not before', async () => {
    const staff = await anOfficial(town, 'staff');
    const enrolled = await staff.client.expect(201, enrolSecondFactor, { body: { current_password: password } });
    assert.equal(enrolled.headers['cache-control'], 'private, no-store');
    assert.match(enrolled.body.otpauth_uri, /^otpauth:\/\/totp\/Souk:.*secret=[A-Z2-7]{32}/);
    assert.equal((await staff.client.must(getSecondFactor)).status, 'pending');
    assert.equal((await signIn(staff)).status, 200);
    assert.equal((await staff.client.refused(401, confirmSecondFactor, { body: { code: '000000' } })).code, 'second_factor_invalid');
    const { recovery_codes } = await staff.client.must(confirmSecondFactor, { body: { code: codeOf(enrolled.body.secret) } });
    assert.equal(recovery_codes.length, 10);
    assert.deepEqual(await staff.client.must(getSecondFactor), { status: 'enabled', required: false, recovery_codes_left: 10 });
    assert.equal((await signIn(staff)).code, 'second_factor_required');
    clock.advance(stepMs);
    assert.equal((await signIn(staff, codeOf(enrolled.body.secret))).status, 200);
  });

  it('is not asked of who does not know the password, whoever has one', async () => {
    const staff = await anOfficial(town, 'staff');
    const { secret } = await enrol(staff);
    for (const code of [undefined, codeOf(secret)]) {
      const body = { login: staff.user.username, password: 'wrong password', ...(code === undefined ? {} : { code }) };
      assert.equal((await town.client.refused(401, login, { body })).code, 'login_failed');
    }
    assert.equal((await signIn(staff, codeOf(secret))).status, 200);
  });

  it('takes each code once, also from two at the same moment, and none from before the last', async () => {
    const staff = await anOfficial(town, 'staff');
    const { secret } = await enrol(staff);
    const answers = await Promise.all([signIn(staff, codeOf(secret)), signIn(staff, codeOf(secret))]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 401]);
    assert.equal((await signIn(staff, codeOf(secret))).code, 'second_factor_invalid');
    clock.advance(stepMs);
    assert.equal((await signIn(staff, codeOf(secret, clock.now() + stepMs))).status, 200);
    assert.equal((await signIn(staff, codeOf(secret))).code, 'second_factor_invalid');
    clock.advance(2 * stepMs);
    assert.equal((await signIn(staff, codeOf(secret, clock.now() - 2 * stepMs))).code, 'second_factor_invalid');
    assert.equal((await signIn(staff, codeOf(secret))).status, 200);
  });

  it('does not take a code that somebody else shows a moment before', async () => {
    const staff = await anOfficial(town, 'staff');
    const { secret } = await enrol(staff);
    const step = Math.floor(clock.now() / stepMs);
    const useIt = 'update second_factors set last_step = $2 where user_id = $1';
    const answer = await town.overtake(useIt, [staff.user.id, step], () => signIn(staff, codeOf(secret)));
    assert.equal(answer.code, 'second_factor_invalid');
  });

  it('also does not take the code again that confirmed it', async () => {
    const staff = await anOfficial(town, 'staff');
    const { secret } = await staff.client.must(enrolSecondFactor, { body: { current_password: password } });
    await staff.client.must(confirmSecondFactor, { body: { code: codeOf(secret) } });
    assert.equal((await signIn(staff, codeOf(secret))).code, 'second_factor_invalid');
  });

  it('is guessed a few times only', async () => {
    const staff = await anOfficial(town, 'staff');
    const { secret } = await enrol(staff);
    for (let attempt = 0; attempt < 5; attempt += 1) assert.equal((await signIn(staff, `12345${attempt}`)).code, 'second_factor_invalid');
    assert.equal((await signIn(staff, codeOf(secret))).code, 'login_throttled');
  });

  it('that is being set up is guessed a few times only', async () => {
    const staff = await anOfficial(town, 'staff');
    const { secret } = await staff.client.must(enrolSecondFactor, { body: { current_password: password } });
    for (let attempt = 0; attempt < 5; attempt += 1)
      await staff.client.refused(401, confirmSecondFactor, { body: { code: `12345${attempt}` } });
    assert.equal((await staff.client.refused(429, confirmSecondFactor, { body: { code: codeOf(secret) } })).code, 'login_throttled');
  });

  it('is replaced by each recovery code once, however it is typed', async () => {
    const staff = await anOfficial(town, 'staff');
    const { recovery_codes } = await enrol(staff);
    const [first = '', second = ''] = recovery_codes;
    const answers = await Promise.all([signIn(staff, first), signIn(staff, first)]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 401]);
    assert.equal((await signIn(staff, second.toLowerCase().replaceAll('-', ' '))).status, 200);
    assert.equal((await staff.client.must(getSecondFactor)).recovery_codes_left, 8);
    const other = await anOfficial(town, 'staff');
    await enrol(other);
    assert.equal((await signIn(other, recovery_codes[2])).code, 'second_factor_invalid');
  });

  it('is stored so that the database alone gives neither codes nor recovery codes', async () => {
    const staff = await anOfficial(town, 'staff');
    const { secret, recovery_codes } = await enrol(staff);
    const [row] = await town.context.db.query<{ sealed_secret: Buffer }>('select sealed_secret from second_factors where user_id = $1', [
      staff.user.id,
    ]);
    assert.equal(row?.sealed_secret.includes(Buffer.from(Secret.fromBase32(secret).buffer)), false);
    const kept = JSON.stringify(await town.context.db.query('select encode(code_hash, $1) code from recovery_codes', ['hex']));
    for (const code of recovery_codes)
      assert.ok(!kept.includes(code) && !kept.includes(Buffer.from(code.replaceAll('-', '')).toString('hex')));
  });

  it('is set up and disabled with the password, ends other sessions, and is not replaced while it counts', async () => {
    const staff = await anOfficial(town, 'staff');
    const other = (await signIn(staff)).body as { refresh_token: string };
    await staff.client.refused(403, enrolSecondFactor, { body: { current_password: 'guessed' } });
    const { secret } = await enrol(staff);
    await town.client.refused(401, refreshLogin, { body: { refresh_token: other.refresh_token } });
    assert.equal(
      (await staff.client.refused(409, enrolSecondFactor, { body: { current_password: password } })).code,
      'second_factor_enabled',
    );
    assert.equal((await staff.client.refused(409, confirmSecondFactor, { body: { code: codeOf(secret) } })).code, 'second_factor_enabled');
    await staff.client.refused(403, disableSecondFactor, { body: { current_password: 'guessed' } });
    await staff.client.expect(204, disableSecondFactor, { body: { current_password: password } });
    assert.equal((await signIn(staff)).status, 200);
    assert.equal((await staff.client.refused(409, confirmSecondFactor, { body: { code: '123456' } })).code, 'second_factor_absent');
  });

  it('that was lost is removed by an administrator, and by nobody else; it goes with the account', async () => {
    const [staff, colleague, admin] = [await anOfficial(town, 'staff'), await anOfficial(town, 'staff'), await anOfficial(town, 'admin')];
    await enrol(staff);
    const params = { user_id: staff.user.id };
    await colleague.client.refused(403, resetSecondFactor, { params });
    await admin.client.refused(403, resetSecondFactor, { params: { user_id: admin.user.id } });
    await admin.client.expect(204, resetSecondFactor, { params });
    assert.equal((await signIn(staff)).status, 200);
    await enrol(colleague);
    await admin.client.expect(204, deleteUser, { params: { user_id: colleague.user.id }, body: {} });
    for (const table of ['second_factors', 'recovery_codes'])
      assert.deepEqual(await town.context.db.query(`select 1 from ${table} where user_id = $1`, [colleague.user.id]), []);
  });

  it('does not get in the way of customers who want none', async () => {
    const customer = await aCustomer(town);
    assert.deepEqual(await customer.client.must(getSecondFactor), { status: 'disabled', required: false, recovery_codes_left: 0 });
  });
});

describe('a second factor that is required', () => {
  it('is set up before a session has the rights of staff', async (t) => {
    const clock = manualClock(Date.now());
    const town = await openTown({ second_factor_required: 'staff' }, { clock });
    t.after(() => town.stop());
    const staff = await anOfficial(town, 'staff');
    assert.equal(staff.tokens.second_factor, 'enrolment_required');
    await staff.client.refused(403, listUsers);
    assert.equal((await staff.client.must(getSecondFactor)).required, true);
    const { secret } = await staff.client.must(enrolSecondFactor, { body: { current_password: password } });
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock.now() });
    const pending = await town.client.must(refreshLogin, { body: { refresh_token: staff.tokens.refresh_token } });
    await town.client.refused(403, listUsers, { token: pending.access_token });
    await staff.client.must(confirmSecondFactor, { body: { code } });
    const renewed = await town.client.must(refreshLogin, { body: { refresh_token: pending.refresh_token } });
    assert.equal(renewed.second_factor, undefined);
    await town.client.must(listUsers, { token: renewed.access_token });
    const customer = await aCustomer(town);
    assert.equal(customer.tokens.second_factor, undefined);
    await customer.client.must(changeUser, { params: { user_id: customer.user.id }, body: { full_name: 'Nora Neu' } });
  });
});
