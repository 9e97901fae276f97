import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  endOtherSessions,
  getKeySet,
  getMe,
  listSessions,
  login,
  logout,
  logoutEverywhere,
  refreshLogin,
  registerUser,
} from '@souk/contracts';
import { manualClock } from '@souk/kernel';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { aCustomer, aRegistration, keepEvents, openTown, password, type Town } from './_support.ts';

describe('sessions', () => {
  let town: Town;
  const clock = manualClock(Date.now());
  before(async () => {
    town = await openTown({ sessions_max: 3 }, { clock });
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

  it('two tabs that renew at the same moment go on with one token, and so does who asks again', async () => {
    const { tokens } = await aCustomer(town);
    const body = { refresh_token: tokens.refresh_token };
    const both = await Promise.all([town.client.must(refreshLogin, { body }), town.client.must(refreshLogin, { body })]);
    const [next = ''] = new Set(both.map(({ refresh_token }) => refresh_token));
    assert.deepEqual(
      both.map(({ refresh_token }) => refresh_token),
      [next, next],
    );
    assert.notEqual(next, tokens.refresh_token);
    clock.advance(29_000);
    assert.equal((await town.client.must(refreshLogin, { body })).refresh_token, next);
    clock.advance(1_000);
    await town.client.refused(401, refreshLogin, { body });
    await town.client.refused(401, refreshLogin, { body: { refresh_token: next } });
  });

  it('a session that an older version of the service has renewed answers no token again', async () => {
    const { user, tokens } = await aCustomer(town);
    const body = { refresh_token: tokens.refresh_token };
    await town.client.must(refreshLogin, { body });
    await town.context.db.query("update sessions set token_hash = '\\x00' where user_id = $1", [user.id]);
    await town.client.refused(401, refreshLogin, { body });
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

  it('a person sees the own sessions, and ends all but the one that asks', async () => {
    const { user, tokens, client } = await aCustomer(town);
    clock.advance(1_000);
    const other = await town.client.must(login, { body: { login: user.username, password } });
    const found = await client.must(listSessions);
    assert.deepEqual(
      found.map(({ current }) => current),
      [false, true],
    );
    assert.deepEqual(Object.keys(found[0] ?? {}).sort(), ['created_at', 'current', 'expires_at', 'id', 'renewed_at']);
    await client.expect(204, endOtherSessions);
    assert.equal((await client.must(listSessions)).length, 1);
    await town.client.refused(401, refreshLogin, { body: { refresh_token: other.refresh_token } });
    await town.client.with({ token: other.access_token }).refused(401, listSessions);
    await town.client.must(refreshLogin, { body: { refresh_token: tokens.refresh_token } });
  });

  it('beyond the most sessions of an account the one renewed longest ago ends', async () => {
    const { user, tokens } = await aCustomer(town);
    const signIn = () => {
      clock.advance(1);
      return town.client.must(login, { body: { login: user.username, password } });
    };
    const second = await signIn();
    await signIn();
    clock.advance(1);
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
