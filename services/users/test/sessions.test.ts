import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { getKeySet, getMe, login, logout, logoutEverywhere, refreshLogin, registerUser } from '@souk/contracts';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { aCustomer, aRegistration, keepEvents, openTown, password, type Town } from './_support.ts';

describe('sessions', () => {
  let town: Town;
  before(async () => {
    town = await openTown({ sessions_max: 3 });
    await keepEvents(town);
  });
  after(() => town.stop());

  it('a person opens an account, signs in by user name or address, and is known by the token', async () => {
    const body = aRegistration({ phone: '+351211234567' });
    const opened = await town.client.expect(201, registerUser, { body });
    assert.equal(opened.headers['location'], `/api/users/${opened.body.id}`);
    assert.match(String(opened.headers['etag']), /^"1~/);
    assert.equal(opened.body.role, 'customer');
    assert.equal(opened.body.phone, '+351211234567');
    assert.ok(!opened.text.includes('password'));
    for (const name of [body.username.toUpperCase(), body.email]) {
      const tokens = await town.client.expect(200, login, { body: { login: name, password } });
      assert.equal(tokens.headers['cache-control'], 'private, no-store');
      assert.equal(tokens.body.expires_in, 600);
      const me = await town.client.must(getMe, { token: tokens.body.access_token });
      assert.equal(me.id, opened.body.id);
    }
  });

  it('an access token says who, what role and until when, and names its key', async () => {
    const { user, tokens } = await aCustomer(town);
    const claims = decodeJwt(tokens.access_token);
    const { kid, alg } = decodeProtectedHeader(tokens.access_token);
    assert.deepEqual([claims.iss, claims.aud, claims.sub, claims['role'], alg], ['souk', 'souk', user.id, 'customer', 'EdDSA']);
    assert.equal((claims.exp ?? 0) - (claims.iat ?? 0), 600);
    const set = await town.client.expect(200, getKeySet);
    assert.equal(set.headers['cache-control'], 'public, max-age=300');
    assert.deepEqual(
      set.body.keys.map((key) => key['kid']),
      [kid],
    );
    assert.ok(!set.text.includes('"d"'));
  });

  it('a refresh token is good once, and showing it twice ends the whole session', async () => {
    const { tokens } = await aCustomer(town);
    const second = await town.client.must(refreshLogin, { body: { refresh_token: tokens.refresh_token } });
    const third = await town.client.must(refreshLogin, { body: { refresh_token: second.refresh_token } });
    const reused = await town.client.refused(401, refreshLogin, { body: { refresh_token: tokens.refresh_token } });
    assert.equal(reused.code, 'refresh_token_invalid');
    await town.client.refused(401, refreshLogin, { body: { refresh_token: third.refresh_token } });
  });

  it('of two who show one refresh token at the same moment at most one goes on', async () => {
    const { tokens } = await aCustomer(town);
    const body = { refresh_token: tokens.refresh_token };
    const answers = await Promise.all([town.client.call(refreshLogin, { body }), town.client.call(refreshLogin, { body })]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 401]);
  });

  it('an invented token for a known session ends nobody else, and another session goes on', async () => {
    const { user, tokens } = await aCustomer(town);
    const other = await town.client.must(login, { body: { login: user.username, password } });
    const [session = ''] = tokens.refresh_token.split('.');
    const invented = `${session}.${'A'.repeat(43)}.${'B'.repeat(43)}`;
    await town.client.refused(401, refreshLogin, { body: { refresh_token: invented } });
    await town.client.must(logout, { body: { refresh_token: invented } });
    await town.client.must(refreshLogin, { body: { refresh_token: tokens.refresh_token } });
    await town.client.must(refreshLogin, { body: { refresh_token: other.refresh_token } });
  });

  it('signing out ends one session, signing out everywhere ends all', async () => {
    const { user, tokens, client } = await aCustomer(town);
    const other = await town.client.must(login, { body: { login: user.username, password } });
    await town.client.expect(204, logout, { body: { refresh_token: tokens.refresh_token } });
    await town.client.expect(204, logout, { body: { refresh_token: tokens.refresh_token } });
    await town.client.refused(401, refreshLogin, { body: { refresh_token: tokens.refresh_token } });
    const renewed = await town.client.must(refreshLogin, { body: { refresh_token: other.refresh_token } });
    await client.refused(401, logoutEverywhere);
    await client.with({ token: renewed.access_token }).expect(204, logoutEverywhere);
    await town.client.refused(401, refreshLogin, { body: { refresh_token: renewed.refresh_token } });
  });

  it('beyond the most sessions of an account the one renewed longest ago ends', async () => {
    const { user, tokens } = await aCustomer(town);
    const signIn = () => town.client.must(login, { body: { login: user.username, password } });
    const second = await signIn();
    await signIn();
    const renewed = await town.client.must(refreshLogin, { body: { refresh_token: tokens.refresh_token } });
    await signIn();
    await town.client.refused(401, refreshLogin, { body: { refresh_token: second.refresh_token } });
    await town.client.must(refreshLogin, { body: { refresh_token: renewed.refresh_token } });
  });

  it('a wrong password and an unknown name are refused alike', async () => {
    const { user } = await aCustomer(town);
    const wrong = await town.client.refused(401, login, { body: { login: user.username, password: 'wrong password' } });
    const unknown = await town.client.refused(401, login, { body: { login: 'nobody-at-all', password } });
    assert.deepEqual([wrong.code, wrong.detail], [unknown.code, unknown.detail]);
    assert.equal(wrong.code, 'login_failed');
  });
});
