import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  changeUser,
  confirmPasswordReset,
  confirmSecondFactor,
  deleteUser,
  disableSecondFactor,
  enrolSecondFactor,
  getMe,
  login,
  logout,
  logoutEverywhere,
  refreshLogin,
  setRole,
  verifyEmail,
} from '@souk/contracts';
import { createLog } from '@souk/telemetry';
import { Secret, TOTP } from 'otpauth';
import { loadSampleCustomers } from '../src/use-cases/load-sample-customers.ts';
import { rotateKeys } from '../src/use-cases/rotate-keys.ts';
import { aCustomer, anOfficial, askForReset, keepEvents, lastSecret, openTown, type Person, password, type Town } from './_support.ts';

type Line = Record<string, unknown>;

describe('the security log of accounts', () => {
  const lines: Line[] = [];
  const texts: string[] = [];
  let town: Town;
  let admin: Person;
  before(async () => {
    const destination = {
      write(text: string) {
        texts.push(text);
        lines.push(JSON.parse(text) as Line);
      },
    };
    town = await openTown({}, { log: createLog({ level: 'error', format: 'json', destination }) });
    await keepEvents(town);
    admin = await anOfficial(town, 'admin');
  });
  after(() => town.stop());

  const newPassword = 'the new one of the owner';
  const about = (user_id: string): string[] =>
    lines
      .filter((line) => line['log'] === 'security' && line['user_id'] === user_id)
      .map(({ event, outcome, cause }) => [event, outcome, cause].filter((part) => part !== undefined).join(' '));

  it('has no line about sample customers, who cannot sign in', async () => {
    const before = lines.length;
    assert.equal(await loadSampleCustomers(town.context), 8);
    assert.deepEqual(lines.slice(before), []);
  });

  it('tells the whole life of an account, with who did it and from where', async () => {
    const { user, client, tokens } = await aCustomer(town);
    const params = { user_id: user.id };
    await town.client.refused(401, login, { body: { login: user.username, password: 'wrong password' } });
    await client.refused(403, changeUser, { params, body: { password: newPassword, current_password: 'wrong' } });
    await town.client.must(verifyEmail, { body: { token: await lastSecret(town, user.id, 'verify_email') } });
    await client.must(changeUser, { params, body: { email: `new-${user.email}`, current_password: password } });
    await client.must(changeUser, { params, body: { password: newPassword, current_password: password } });
    await admin.client.must(setRole, { params, body: { role: 'staff' } });
    const { secret } = await client.must(enrolSecondFactor, { body: { current_password: newPassword } });
    await client.must(confirmSecondFactor, { body: { code: new TOTP({ secret: Secret.fromBase32(secret) }).generate() } });
    await town.client.refused(401, login, { body: { login: user.username, password: newPassword } });
    await client.expect(204, disableSecondFactor, { body: { current_password: newPassword } });
    const second = await town.client.must(refreshLogin, { body: { refresh_token: tokens.refresh_token } });
    const third = await town.client.must(refreshLogin, { body: { refresh_token: second.refresh_token } });
    await town.client.refused(401, refreshLogin, { body: { refresh_token: tokens.refresh_token } });
    await client.refused(401, getMe);
    await town.client.refused(401, refreshLogin, { body: { refresh_token: third.refresh_token } });
    for (const end of [logout, logoutEverywhere]) {
      const next = await town.client.must(login, { body: { login: user.username, password: newPassword } });
      if (end === logout) await town.client.must(logout, { body: { refresh_token: next.refresh_token } });
      else await town.client.must(logoutEverywhere, { token: next.access_token });
    }
    await admin.client.expect(204, deleteUser, { params, body: {} });
    assert.deepEqual(about(user.id), [
      'account_opened succeeded api',
      'sign_in succeeded',
      'sign_in refused password_wrong',
      'sign_in refused current_password_wrong',
      'email_verified succeeded',
      'email_changed succeeded',
      'password_changed succeeded owner',
      'role_given succeeded',
      'second_factor_changed succeeded enrolled',
      'second_factor_changed succeeded confirmed',
      'sign_in refused second_factor_required',
      'second_factor_changed succeeded disabled',
      'refresh_token_refused refused reused',
      'token_refused refused session_ended',
      'sign_in succeeded',
      'session_ended succeeded sign_out',
      'sign_in succeeded',
      'session_ended succeeded sign_out_everywhere',
      'account_erased succeeded',
    ]);
    const [role] = lines.filter(({ event }) => event === 'role_given');
    assert.deepEqual([role?.['by'], role?.['object'], role?.['client_address']], [admin.user.id, 'staff', '127.0.0.1']);
  });

  it('tells of links for a new password, of throttled sign-ins and of names nobody has', async () => {
    const { user } = await aCustomer(town);
    await askForReset(town, user.email);
    const token = await lastSecret(town, user.id, 'password_reset');
    await town.client.must(confirmPasswordReset, { body: { token, password: newPassword } });
    for (let attempt = 0; attempt < 6; attempt += 1) await town.client.call(login, { body: { login: user.username, password } });
    assert.deepEqual(about(user.id).slice(2), [
      'password_reset_requested succeeded',
      'password_changed succeeded link',
      ...new Array<string>(3).fill('sign_in refused password_wrong'),
      'sign_in refused throttled',
    ]);
    await town.client.refused(401, login, { body: { login: 'secret-name-of-nobody', password } });
    assert.ok(lines.some(({ event, cause }) => event === 'sign_in' && cause === 'name_unknown'));
    await rotateKeys(town.context);
    assert.ok(lines.some(({ event, cause }) => event === 'signing_key_changed' && cause === 'published'));
  });

  it('is written at LOG_LEVEL=error, and has no secret, name or address in it', () => {
    assert.ok(lines.every((line) => line['log'] === 'security' || line['level'] === 'error'));
    const text = texts.join('');
    for (const secret of [password, newPassword, 'wrong password', 'secret-name-of-nobody', '@', 'Nora', 'eyJ'])
      assert.ok(!text.includes(secret), secret);
  });
});
