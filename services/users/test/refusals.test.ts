import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  changeUser,
  getUser,
  login,
  type RouteDeclaration,
  refreshLogin,
  refusal,
  registerUser,
  requestPasswordReset,
} from '@souk/contracts';
import { silentLog } from '@souk/kernel';
import { buildUsers } from '../src/service.ts';
import { aCustomer, aRegistration, openTown, password, type Town } from './_support.ts';

const good = () => aRegistration();

/** Why it is bad, the body, and the member that is named. */
const badRegistrations: readonly (readonly [string, () => unknown, string])[] = [
  ['a line break in a name', () => ({ ...good(), full_name: 'Nora\nBcc: all' }), '/full_name'],
  ['an endless name', () => ({ ...good(), full_name: 'x'.repeat(121) }), '/full_name'],
  ['an empty name', () => ({ ...good(), full_name: '' }), '/full_name'],
  ['a number for a name', () => ({ ...good(), full_name: 7 }), '/full_name'],
  ['a list for a user name', () => ({ ...good(), username: ['a', 'b', 'c'] }), '/username'],
  ['SQL as a user name', () => ({ ...good(), username: "x'; drop table accounts; --" }), '/username'],
  ['an address as a user name', () => ({ ...good(), username: 'a@b.example' }), '/username'],
  ['an address without a domain', () => ({ ...good(), email: 'nora' }), '/email'],
  ['a header in an address', () => ({ ...good(), email: 'a@b.example\r\nBcc: c@d.example' }), '/email'],
  ['an endless address', () => ({ ...good(), email: `${'a'.repeat(64)}@${'b.'.repeat(120)}example` }), '/email'],
  ['a short password', () => ({ ...good(), password: 'too short' }), '/password'],
  ['an endless password', () => ({ ...good(), password: 'x'.repeat(201) }), '/password'],
  ['null for a password', () => ({ ...good(), password: null }), '/password'],
  ['a telephone number in another form', () => ({ ...good(), phone: '061 123 45 67' }), '/phone'],
  ['a role of the own choice', () => ({ ...good(), role: 'admin' }), '/role'],
  ['a member of the table', () => ({ ...good(), password_hash: '!' }), '/password_hash'],
  ['no user name', () => ({ ...good(), username: undefined }), '/username'],
];

describe('refusals', () => {
  let town: Town;
  before(async () => {
    town = await openTown();
  });
  after(() => town.stop());

  const send = (route: RouteDeclaration, body: unknown, token?: string) =>
    town.client.refused(400, route, { body, ...(token === undefined ? {} : { token }) } as never);

  for (const [what, body, pointer] of badRegistrations) {
    it(`${what} is refused by name`, async () => {
      const problem = await send(registerUser, body());
      assert.equal(problem.code, 'validation_failed');
      assert.ok(
        problem.errors?.some((error) => error.pointer === pointer),
        JSON.stringify(problem),
      );
    });
  }

  it('what is no account of the right shape is refused before anything is looked up', async () => {
    for (const body of [{ login: 'x'.repeat(255), password }, { login: { ne: '' }, password }, { login: 'x' }, [], 'x']) {
      assert.equal((await send(login, body)).code, 'validation_failed', JSON.stringify(body));
    }
    assert.equal((await send(refreshLogin, { refresh_token: "' or 1=1 -- and so on" })).code, 'validation_failed');
    assert.equal((await send(requestPasswordReset, { email: 'nobody' })).code, 'validation_failed');
    const { tokens, client } = await aCustomer(town);
    assert.equal((await client.refused(400, getUser, { params: { user_id: "1' or '1'='1" } })).code, 'validation_failed');
    for (const body of [{}, { email_verified: true }, { version: 9 }, { full_name: null }]) {
      const params = { user_id: '00000000-0000-4000-8000-000000000000' };
      const problem = await town.client.refused(400, changeUser, { params, body, token: tokens.access_token } as never);
      assert.equal(problem.code, 'validation_failed', JSON.stringify(body));
    }
  });

  it('a character that no text can hold is refused wherever it is', async () => {
    assert.equal((await send(registerUser, aRegistration({ full_name: 'Nora\u0000Novak' }))).code, 'json_invalid');
    assert.equal((await send(login, { login: 'nora\u0000', password })).code, 'json_invalid');
    assert.equal((await send(login, { login: 'nora', password: `${password}\u0000` })).code, 'json_invalid');
  });

  it('texts that look like programs are texts', async () => {
    for (const full_name of ["Robert'); drop table accounts; --", '<script>alert(1)</script>', '{{7*7}} #{7*7} %s', 'Nora 🛒 Ñandú']) {
      const { user, client } = await aCustomer(town, { full_name });
      assert.equal((await client.must(getUser, { params: { user_id: user.id } })).full_name, full_name);
    }
    // What turns the direction of a text around is not part of a name.
    const { user: turned } = await aCustomer(town, { full_name: '\u202eNora' });
    assert.equal(turned.full_name, 'Nora');
    const { user } = await aCustomer(town);
    assert.equal((await town.client.call(login, { body: { login: user.username, password: "' or '1'='1' --" } })).status, 401);
  });

  it('a cheap password hash is for benchmarks only', () => {
    const config = { ...town.context.config, souk_bench: false };
    assert.throws(() => buildUsers(config, { broker: town.broker, log: silentLog }), { code: refusal('config_invalid').code });
  });
});
