import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { confirmPasswordReset, login, registerUser } from '@souk/contracts';
import { type ManualClock, manualClock, silentLog } from '@souk/kernel';
import { buildUsers } from '../src/service.ts';
import { forgetEnded } from '../src/use-cases/forget-ended.ts';
import { refreshSession } from '../src/use-cases/refresh-session.ts';
import { signIn } from '../src/use-cases/sign-in.ts';
import { aCustomer, aRegistration, askForReset, keepEvents, lastSecret, openTown, password, type Town } from './_support.ts';

describe('throttled sign-ins', () => {
  let town: Town;
  let clock: ManualClock;
  before(async () => {
    clock = manualClock(Date.now());
    town = await openTown({ login_address_failures_max: 1_000 }, { clock });
    await keepEvents(town);
  });
  after(() => town.stop());

  const attempt = (name: string, typed: string) => town.client.call(login, { body: { login: name, password: typed } });
  const fail = async (name: string, times: number): Promise<void> => {
    for (let time = 0; time < times; time += 1) assert.equal((await attempt(name, 'wrong password')).code, 'login_failed');
  };

  for (const known of [true, false]) {
    it(`five failures make ${known ? 'an account' : 'a name nobody has'} wait, each further one longer`, async () => {
      const name = known ? (await aCustomer(town)).user.username : 'nobody-has-this';
      await fail(name, 5);
      const throttled = await attempt(name.toUpperCase(), password);
      assert.deepEqual([throttled.status, throttled.code, throttled.headers['retry-after']], [429, 'login_throttled', '15']);
      clock.advance(15_000);
      await fail(name, 1);
      assert.equal((await attempt(name, password)).headers['retry-after'], '30');
      clock.advance(30_000);
      assert.equal((await attempt(name, password)).status, known ? 200 : 401);
    });
  }

  it('names of one account, however they are spelled, are one account', async () => {
    const { user } = await aCustomer(town, { username: `ilse-${randomUUID().slice(0, 8)}` });
    const spellings = [
      user.username,
      user.email,
      ` ${user.username}`,
      user.username.replace('i', '\u0130'),
      user.username.replace('i', '\u0131'),
    ];
    for (const name of spellings) await fail(name, 1);
    assert.equal((await attempt(user.email, password)).code, 'login_throttled');
    await fail('nobody-like-this', 2);
    await fail('NOBODY-like-this', 2);
    await fail('\u{ff4e}obody-like-this', 1);
    assert.equal((await attempt('nobody-like-this', password)).code, 'login_throttled');
  });

  it('a success makes a login name start anew', async () => {
    const { user } = await aCustomer(town);
    await fail(user.username, 4);
    assert.equal((await attempt(user.username, password)).status, 200);
    await fail(user.username, 4);
    assert.equal((await attempt(user.username, password)).status, 200);
  });

  it('many guesses at the same moment are not more guesses', async () => {
    const { user } = await aCustomer(town);
    const answers = await Promise.all(Array.from({ length: 30 }, () => attempt(user.username, 'wrong password')));
    const hashed = answers.filter(({ status }) => status === 401).length;
    assert.ok(hashed >= 5 && hashed < 5 + town.context.config.hashes_max, `${hashed} guesses were looked at`);
    assert.ok(answers.every(({ status }) => status === 401 || status === 429));
  });

  it('two failures at the same moment count as two', async () => {
    const { user } = await aCustomer(town);
    await fail(user.username, 1);
    const countUp = "update login_failures set failures = failures + 1 where scope in ('pair', 'account')";
    await town.overtake(countUp, [], () => fail(user.username, 1));
    await fail(user.username, 2);
    assert.equal((await attempt(user.username, password)).code, 'login_throttled');
  });

  it('whoever sets a new password by a link need not wait', async () => {
    const { user } = await aCustomer(town);
    await fail(user.email, 5);
    await askForReset(town, user.email);
    const token = await lastSecret(town, user.id, 'password_reset');
    await town.client.must(confirmPasswordReset, { body: { token, password: 'not forgotten any more' } });
    assert.equal((await attempt(user.email, 'not forgotten any more')).status, 200);
  });

  it('failures are kept without names and addresses, and not longer than they count', async () => {
    const { db } = town.context;
    await fail('somebody-to-forget', 1);
    const kept = JSON.stringify(await db.query('select * from login_failures'));
    assert.ok(!kept.includes('somebody-to-forget') && !kept.includes('127.0.0.1'));
    clock.advance(town.context.config.login_memory_ms + 1);
    await forgetEnded(town.context);
    assert.deepEqual(await db.query('select * from login_failures'), []);
  });
});

describe('sign-ins from one address', () => {
  it('stop after twenty failures in a minute, whatever names are tried, and go on with the next minute', async (t) => {
    const clock = manualClock(Date.now());
    const town = await openTown({ login_records_max: 3 }, { clock });
    t.after(() => town.stop());
    const { user } = await aCustomer(town);
    const guess = (name: string) => town.client.call(login, { body: { login: name, password } });
    for (let attempt = 0; attempt < 20; attempt += 1) assert.equal((await guess(`guess-${attempt}`)).status, 401);
    const throttled = await guess(user.username);
    assert.deepEqual([throttled.status, throttled.headers['retry-after']], [429, '60']);
    clock.advance(60_000);
    assert.equal((await guess(user.username)).status, 200);
    await forgetEnded(town.context);
    const [rows] = await town.context.db.query<{ n: number }>('select count(*)::int n from login_failures');
    assert.equal(rows?.n, 3);
  });
});

describe('failures from elsewhere', () => {
  it('do not lock the owner out who has a session here, nor anybody before there are very many', async (t) => {
    const clock = manualClock(Date.now());
    const town = await openTown({ login_address_failures_max: 1_000, login_account_failures_max: 12 }, { clock });
    t.after(() => town.stop());
    const from = (client_address: string) => ({
      signIn: (login: string, typed: string) =>
        signIn(town.context, { login, password: typed }, { client_address, correlation_id: randomUUID() }).then(
          () => 'signed in',
          (error: { code: string }) => error.code,
        ),
    });
    const { user } = await aCustomer(town);
    const [home, stranger] = [from('198.51.100.1'), from('203.0.113.9')];
    assert.equal(await home.signIn(user.username, password), 'signed in');
    for (let attempt = 0; attempt < 5; attempt += 1) assert.equal(await stranger.signIn(user.username, 'wrong'), 'login_failed');
    assert.equal(await stranger.signIn(user.username, password), 'login_throttled');
    assert.equal(await from('203.0.113.10').signIn(user.username, password), 'signed in');
    for (let attempt = 0; attempt < 7; attempt += 1)
      assert.equal(await from(`192.0.2.${attempt}`).signIn(user.username, 'wrong'), 'login_failed');
    assert.equal(await from('192.0.2.99').signIn(user.username, password), 'login_throttled');
    assert.equal(await home.signIn(user.username, password), 'signed in');
    await town.context.db.query('delete from sessions where user_id = $1', [user.id]);
    assert.equal(await home.signIn(user.username, password), 'login_throttled');
    clock.advance(town.context.config.login_wait_ms_first);
    assert.equal(await home.signIn(user.username, password), 'signed in');
  });

  it('go on counting where the session here was renewed', async (t) => {
    const town = await openTown({ login_address_failures_max: 1_000, login_account_failures_max: 3 });
    t.after(() => town.stop());
    const { user, tokens } = await aCustomer(town);
    await refreshSession(town.context, tokens.refresh_token, '198.51.100.7');
    const wrong = (client_address: string, typed = 'wrong') =>
      signIn(town.context, { login: user.username, password: typed }, { client_address, correlation_id: randomUUID() });
    for (let attempt = 0; attempt < 3; attempt += 1) await assert.rejects(wrong(`192.0.2.${attempt}`), { code: 'login_failed' });
    await assert.rejects(wrong('192.0.2.9', password), { code: 'login_throttled' });
    await wrong('198.51.100.7', password);
  });
});

describe('password hashes', () => {
  it('are few at once: who would wait too long is refused with the time to retry after', async (t) => {
    const town = await openTown({ hashes_max: 1, hashes_waiting_max: 1, password_memory_kib: 19_456, password_passes: 2 });
    t.after(() => town.stop());
    const bodies = Array.from({ length: 8 }, () => aRegistration());
    const answers = await Promise.all(bodies.map((body) => town.client.call(registerUser, { body })));
    const refused = answers.filter(({ status }) => status !== 201);
    assert.ok(refused.length > 0 && refused.length < 8);
    for (const { code, headers } of refused) assert.deepEqual([code, headers['retry-after']], ['overloaded', '2']);
  });

  it('are made anew at the next sign-in when their cost has changed, which is no change of the account', async (t) => {
    const town = await openTown();
    t.after(() => town.stop());
    const { user } = await aCustomer(town);
    const later = buildUsers({ ...town.context.config, password_passes: 3 }, { broker: town.broker, log: silentLog });
    t.after(() => later.stop());
    await later.start();
    const client = town.client.with({ base_url: later.url });
    const signIns = Array.from({ length: 3 }, () => client.must(login, { body: { login: user.username, password } }));
    await Promise.all(signIns);
    const [account] = await town.context.db.query<{ password_hash: string; version: number }>(
      'select password_hash, version from accounts where id = $1',
      [user.id],
    );
    assert.match(account?.password_hash ?? '', /^\$argon2id\$v=19\$m=64,t=3,p=1\$/);
    assert.equal(account?.version, 1);
    await town.client.must(login, { body: { login: user.username, password } });
  });

  it('take as long for names nobody has', async (t) => {
    const town = await openTown({ password_memory_kib: 19_456, password_passes: 2, login_failures_max: 1_000 });
    t.after(() => town.stop());
    const { user } = await aCustomer(town);
    const timeFor = async (name: string): Promise<number> => {
      const begun = performance.now();
      await town.client.refused(401, login, { body: { login: name, password: 'wrong password' } });
      return performance.now() - begun;
    };
    // By turns, and the quickest of each: what else the machine does lengthens single answers, of either kind.
    let [unknown, known, ratio] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0];
    for (let turn = 0; turn < 6 || (turn < 40 && (ratio <= 0.5 || ratio >= 2)); turn += 1) {
      unknown = Math.min(unknown, await timeFor('nobody-has-this'));
      known = Math.min(known, await timeFor(user.username));
      ratio = unknown / known;
    }
    assert.ok(ratio > 0.5 && ratio < 2, `the ratio of the times is ${ratio}`);
  });
});
