import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  type CreatedApiKey,
  confirmSecondFactor,
  createApiKey,
  deleteApiKey,
  deleteUser,
  disableSecondFactor,
  type ExchangedKey,
  enrolSecondFactor,
  exchangeApiKey,
  getMe,
  getUser,
  listApiKeys,
  listUsers,
  login,
  logoutEverywhere,
  type Scope,
  setRole,
} from '@souk/contracts';
import { type ManualClock, manualClock } from '@souk/kernel';
import { apiKeyOf } from '@souk/service-kit';
import { createLog } from '@souk/telemetry';
import { decodeJwt } from 'jose';
import { Secret, TOTP } from 'otpauth';
import { forgetEnded } from '../src/use-cases/forget-ended.ts';
import { aCustomer, anOfficial, openTown, type Person, password, type Town } from './_support.ts';

const dayMs = 86_400_000;

describe('API keys', () => {
  const texts: string[] = [];
  let town: Town;
  let clock: ManualClock;
  let admin: Person;
  before(async () => {
    clock = manualClock(Date.now());
    const log = createLog({ level: 'debug', format: 'json', destination: { write: (text: string) => texts.push(text) } });
    town = await openTown({ login_address_failures_max: 1_000 }, { clock, log });
    admin = await anOfficial(town, 'admin');
  });
  after(() => town.stop());

  const aKey = (of: Person, wanted: { scopes?: Scope[]; expires_at?: string; name?: string } = {}): Promise<CreatedApiKey> =>
    of.client.must(createApiKey, { body: { name: 'Warehouse', scopes: ['orders:read'], ...wanted } });
  const exchange = (key: string): Promise<ExchangedKey> =>
    town.client.with({ token: town.internal_token }).must(exchangeApiKey, { body: { key } });
  const tokenFor = async (key: string): Promise<string> => (await exchange(key)).access_token ?? '';
  const shown = async (id: string) => (await admin.client.must(listApiKeys, { query: { limit: 100 } })).find((key) => key.id === id);
  const security = (key_id: string): string[] =>
    texts
      .map((text) => JSON.parse(text) as Record<string, unknown>)
      .filter((line) => line['log'] === 'security' && line['api_key'] === key_id)
      .map(({ event, outcome, cause, user_id, by }) => `${event} ${outcome} ${cause} ${user_id} ${by ?? 'itself'}`);

  it('are shown once, and kept as a digest', async () => {
    const { headers, body } = await admin.client.expect(201, createApiKey, {
      body: { name: 'Till', scopes: ['orders:read', 'orders:write'] },
    });
    assert.equal(headers['cache-control'], 'private, no-store');
    assert.equal(headers['location'], `/api/api-keys/${body.id}`);
    assert.match(body.key, /^souk_live_[0-9a-f]{32}_[\w-]{43}_[0-9A-Za-z]{6}$/);
    const { key, ...rest } = body;
    assert.deepEqual(await shown(body.id), rest);
    assert.deepEqual([rest.created_by, rest.expires_at, rest.last_used_at], [admin.user.id, null, null]);
    const rows = await town.context.db.query<{ all: string }>('select k::text as all from api_keys k');
    // The secret may hold underscores itself.
    const [, secret = ''] = /_([\w-]{43})_\w{6}$/.exec(key) ?? [];
    assert.ok(secret !== '' && rows.length > 0 && !rows.some(({ all }) => all.includes(secret)));
  });

  it('stand for their creator as staff, with their scopes and nothing more', async () => {
    const { id, key } = await aKey(admin, { scopes: ['users:read', 'orders:read'] });
    const { access_token, expires_in, refused } = await exchange(key);
    assert.deepEqual([expires_in, refused], [600, null]);
    const claims = decodeJwt(access_token ?? '');
    assert.deepEqual([claims.sub, claims['role'], claims['key'], claims['scope']], [admin.user.id, 'staff', id, 'users:read orders:read']);
    assert.equal((claims.exp ?? 0) - (claims.iat ?? 0), 600);
    assert.equal(claims['sid'], undefined);
  });

  it('are for administrators, and no key makes or ends one', async () => {
    const others = [(await anOfficial(town, 'staff')).client, (await aCustomer(town)).client];
    const created = await aKey(admin, { scopes: ['users:read'] });
    const params = { key_id: created.id };
    for (const client of others) {
      assert.equal((await client.refused(403, createApiKey, { body: { name: 'x', scopes: ['orders:read'] } })).code, 'forbidden');
      assert.equal((await client.refused(403, listApiKeys)).code, 'forbidden');
      assert.equal((await client.refused(403, deleteApiKey, { params })).code, 'forbidden');
    }
    const machine = town.client.with({ token: await tokenFor(created.key) });
    const mine = { user_id: admin.user.id };
    assert.equal((await machine.refused(403, createApiKey, { body: { name: 'x', scopes: ['orders:read'] } })).code, 'scope_missing');
    assert.equal((await machine.refused(403, listApiKeys)).code, 'scope_missing');
    assert.equal((await machine.refused(403, deleteApiKey, { params })).code, 'scope_missing');
    assert.equal((await machine.refused(403, setRole, { params: mine, body: { role: 'admin' } })).code, 'scope_missing');
    assert.equal((await machine.refused(403, enrolSecondFactor, { body: { current_password: password } })).code, 'scope_missing');
    assert.equal((await machine.refused(403, deleteUser, { params: mine, body: {} })).code, 'scope_missing');
    assert.equal((await machine.refused(403, logoutEverywhere)).code, 'scope_missing');
    assert.equal((await machine.refused(403, login, { body: { login: 'x', password: 'y' } })).code, 'scope_missing');
    assert.equal((await machine.refused(403, getMe)).code, 'scope_missing');
    assert.equal((await exchange(created.key)).refused, null);
  });

  it('read accounts only with the scope for it, and only while the key lives, whatever their token says', async () => {
    const reading = await aKey(admin, { scopes: ['users:read'] });
    const other = await aKey(admin, { scopes: ['orders:read', 'orders:write'] });
    const machine = town.client.with({ token: await tokenFor(reading.key) });
    assert.ok((await machine.must(listUsers, { query: { limit: 1 } })).length === 1);
    assert.equal((await machine.must(getUser, { params: { user_id: admin.user.id } })).id, admin.user.id);
    const refused = await town.client.with({ token: await tokenFor(other.key) }).refused(403, listUsers);
    assert.equal(refused.detail, 'This needs an API key with the scope users:read.');
    await admin.client.must(deleteApiKey, { params: { key_id: reading.id } });
    assert.equal((await machine.refused(401, listUsers)).code, 'token_invalid');
  });

  it('end when they are deleted, by whichever administrator, once', async () => {
    const { id, key } = await aKey(admin);
    const other = await anOfficial(town, 'admin');
    await other.client.expect(204, deleteApiKey, { params: { key_id: id } });
    await other.client.expect(204, deleteApiKey, { params: { key_id: id } });
    assert.deepEqual(await exchange(key), { access_token: null, expires_in: 0, refused: 'deleted' });
    assert.equal(await shown(id), undefined);
    assert.equal((await other.client.refused(404, deleteApiKey, { params: { key_id: other.user.id } })).code, 'not_found');
    assert.deepEqual(security(id), [
      `api_key_changed succeeded created ${admin.user.id} itself`,
      `api_key_changed succeeded deleted ${admin.user.id} ${other.user.id}`,
    ]);
  });

  it('end when they expire, and their tokens with them', async () => {
    const at = (ms: number): string => new Date(clock.now() + ms).toISOString();
    const { key } = await aKey(admin, { expires_at: at(90_500) });
    assert.equal((await exchange(key)).expires_in, 90);
    clock.advance(90_499);
    assert.equal((await exchange(key)).expires_in, 1);
    clock.advance(1);
    assert.equal((await exchange(key)).refused, 'expired');
    for (const expires_at of [at(0), '1970-01-01T00:00:00Z', '2026-13-45T99:99:99Z']) {
      const { errors } = await admin.client.refused(400, createApiKey, { body: { name: 'x', scopes: ['orders:read'], expires_at } });
      assert.equal(errors?.[0]?.pointer, '/expires_at');
    }
  });

  it('end with the rights of their creator: demoted, erased, or without the second factor that is needed', async () => {
    const [demoted, erased] = [await anOfficial(town, 'admin'), await anOfficial(town, 'admin')];
    const [of_demoted, of_erased] = [await aKey(demoted), await aKey(erased)];
    const params = { user_id: demoted.user.id };
    await admin.client.must(setRole, { params, body: { role: 'staff' } });
    assert.equal((await exchange(of_demoted.key)).refused, 'deleted');
    await admin.client.must(setRole, { params, body: { role: 'admin' } });
    assert.equal((await exchange(of_demoted.key)).refused, 'deleted', 'the role comes back, the key does not');
    assert.deepEqual(security(of_demoted.id).slice(1), [`api_key_changed succeeded creator_demoted ${demoted.user.id} ${admin.user.id}`]);
    await admin.client.must(deleteUser, { params: { user_id: erased.user.id }, body: {} });
    assert.equal((await exchange(of_erased.key)).refused, 'unknown');
    assert.equal((await town.context.db.query('select 1 from api_keys where user_id = $1', [erased.user.id])).length, 0);
    const lapsed = await aKey(admin);
    await town.context.db.query("update accounts set role = 'staff' where id = $1", [admin.user.id]);
    assert.equal((await exchange(lapsed.key)).refused, 'creator', 'also where the role was taken by other means');
    await town.context.db.query("update accounts set role = 'admin' where id = $1", [admin.user.id]);
    assert.equal((await exchange(lapsed.key)).refused, null);
  });

  it('of an account are twenty, of which the ended ones do not count, also when all are made at once', async () => {
    const busy = await anOfficial(town, 'admin');
    const first = await aKey(busy);
    const body = { name: 'one of many', scopes: ['orders:read' as const] };
    const answers = await Promise.all(Array.from({ length: 22 }, () => busy.client.call(createApiKey, { body })));
    assert.deepEqual(
      [201, 409].map((status) => answers.filter((one) => one.status === status).length),
      [19, 3],
    );
    assert.equal((await busy.client.refused(409, createApiKey, { body })).code, 'too_many_api_keys');
    await busy.client.must(deleteApiKey, { params: { key_id: first.id } });
    await busy.client.expect(201, createApiKey, { body });
  });

  it('have their last use written once a minute', async () => {
    const { id, key } = await aKey(admin);
    await exchange(key);
    const first = (await shown(id))?.last_used_at;
    assert.equal(first, new Date(clock.now()).toISOString());
    clock.advance(59_999);
    await exchange(key);
    assert.equal((await shown(id))?.last_used_at, first);
    clock.advance(1);
    await exchange(key);
    assert.equal((await shown(id))?.last_used_at, new Date(clock.now()).toISOString());
  });

  it('that were invented are unknown, and only gateways may ask about one', async () => {
    const { id, key } = await aKey(admin);
    const [own, foreign] = [apiKeyOf(id, 'A'.repeat(43)), apiKeyOf(admin.user.id, 'A'.repeat(43))];
    for (const guess of [own, foreign, key.slice(0, -1), 'x']) assert.equal((await exchange(guess)).refused, 'unknown', guess);
    for (const token of [admin.tokens.access_token, key])
      assert.ok([401, 403].includes((await town.client.with({ token }).call(exchangeApiKey, { body: { key } })).status));
    assert.equal((await town.client.with({ token: key }).refused(401, listUsers)).code, 'token_invalid', 'services take tokens, not keys');
  });

  it('are paged, newest first', async () => {
    const made = [await aKey(admin), await aKey(admin), await aKey(admin)].map(({ id }) => id).reverse();
    const first = await admin.client.expect(200, listApiKeys, { query: { limit: 2 } });
    assert.deepEqual(
      first.body.map(({ id }) => id),
      made.slice(0, 2),
    );
    const cursor = decodeURIComponent(/cursor=([^>&]+)/.exec(String(first.headers['link']))?.[1] ?? '');
    assert.equal((await admin.client.must(listApiKeys, { query: { limit: 1, cursor } }))[0]?.id, made[2]);
    for (const bad of [
      { scopes: [] },
      { scopes: ['everything' as Scope] },
      { scopes: ['orders:read', 'orders:read'] as Scope[] },
      { name: '' },
    ])
      await admin.client.refused(400, createApiKey, { body: { name: 'x', scopes: ['orders:read'], ...bad } });
  });

  it('are forgotten a year after their end, and never a word of one is logged', async () => {
    const boss = await anOfficial(town, 'admin');
    const [deleted, expiring, living] = [
      await aKey(boss),
      await aKey(boss, { expires_at: new Date(clock.now() + dayMs).toISOString() }),
      await aKey(boss),
    ];
    await boss.client.must(deleteApiKey, { params: { key_id: deleted.id } });
    const left = async (): Promise<string[]> => {
      await forgetEnded(town.context);
      return (await town.context.db.query<{ id: string }>('select id from api_keys where user_id = $1 order by id', [boss.user.id])).map(
        ({ id }) => id,
      );
    };
    clock.advance(365 * dayMs);
    assert.deepEqual(await left(), [deleted.id, expiring.id, living.id]);
    clock.advance(1);
    assert.deepEqual(await left(), [expiring.id, living.id]);
    clock.advance(dayMs);
    assert.deepEqual(await left(), [living.id]);
    assert.ok(texts.length > 0);
    const secrets = [deleted, expiring, living].map(({ key }) => key);
    assert.deepEqual(
      texts.filter((text) => /souk_live_/.test(text) || secrets.some((key) => text.includes(key))),
      [],
    );
  });
});

describe('API keys where administrators need a second factor', () => {
  let town: Town;
  let clock: ManualClock;
  before(async () => {
    clock = manualClock(Date.now());
    town = await openTown({ second_factor_required: 'admin' }, { clock });
  });
  after(() => town.stop());

  it('are made by those who have one, and good while they have', async () => {
    const person = await anOfficial(town, 'admin');
    const body = { name: 'Till', scopes: ['orders:read' as const] };
    assert.equal((await person.client.refused(403, createApiKey, { body })).code, 'forbidden');
    const { secret } = await person.client.must(enrolSecondFactor, { body: { current_password: password } });
    const code = (): string => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock.now() });
    await person.client.must(confirmSecondFactor, { body: { code: code() } });
    clock.advance(30_000);
    const tokens = await town.client.must(login, { body: { login: person.user.username, password, code: code() } });
    const client = town.client.with({ token: tokens.access_token });
    const { key } = await client.must(createApiKey, { body });
    const exchange = () => town.client.with({ token: town.internal_token }).must(exchangeApiKey, { body: { key } });
    assert.equal((await exchange()).refused, null);
    await client.must(disableSecondFactor, { body: { current_password: password } });
    assert.equal((await exchange()).refused, 'creator');
  });
});
