import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { confirmPasswordReset, login, registerUser, requestPasswordReset } from '@souk/contracts';
import { type ManualClock, manualClock, silentLog } from '@souk/kernel';
import { until } from '@souk/messaging/testing';
import { buildUsers } from '../src/service.ts';
import { forgetEnded } from '../src/use-cases/forget-ended.ts';
import { aCustomer, aRegistration, keepFacts, lastSecret, openTown, password, type Town } from './_support.ts';

describe('throttled sign-ins', () => {
  let town: Town;
  let clock: ManualClock;
  before(async () => {
    clock = manualClock(Date.now());
    town = await openTown({ login_address_failures_max: 1_000 }, { clock });
    await keepFacts(town);
  });
  after(() => town.stop());

  const signIn = (name: string, typed: string) => town.client.call(login, { body: { login: name, password: typed } });
  const fail = async (name: string, times: number): Promise<void> => {
    for (let attempt = 0; attempt < times; attempt += 1) assert.equal((await signIn(name, 'wrong password')).code, 'login_failed');
  };

  for (const known of [true, false]) {
    it(`five failures make ${known ? 'an account' : 'a name nobody has'} wait, each further one longer`, async () => {
      const name = known ? (await aCustomer(town)).user.username : 'nobody-has-this';
      await fail(name, 5);
      const throttled = await signIn(name.toUpperCase(), password);
      assert.deepEqual([throttled.status, throttled.code, throttled.headers['retry-after']], [429, 'login_throttled', '15']);
      clock.advance(15_000);
      await fail(name, 1);
      assert.equal((await signIn(name, password)).headers['retry-after'], '30');
      clock.advance(30_000);
      assert.equal((await signIn(name, password)).status, known ? 200 : 401);
    });
  }

  it('a success makes a login name start anew', async () => {
    const { user } = await aCustomer(town);
    await fail(user.username, 4);
    assert.equal((await signIn(user.username, password)).status, 200);
    await fail(user.username, 4);
    assert.equal((await signIn(user.username, password)).status, 200);
  });

  it('many guesses at the same moment are not more guesses', async () => {
    const { user } = await aCustomer(town);
    const answers = await Promise.all(Array.from({ length: 30 }, () => signIn(user.username, 'wrong password')));
    const hashed = answers.filter(({ status }) => status === 401).length;
    assert.ok(hashed >= 5 && hashed < 5 + town.context.config.hashes_max, `${hashed} guesses were looked at`);
    assert.ok(answers.every(({ status }) => status === 401 || status === 429));
  });

  it('whoever sets a new password by a link need not wait', async () => {
    const { user } = await aCustomer(town);
    await fail(user.email, 5);
    await town.client.must(requestPasswordReset, { body: { email: user.email } });
    await until(async () => ((await town.context.db.query('select 1 from reset_requests')).length === 0 ? undefined : 'the answer'));
    const token = await lastSecret(town, user.id, 'password_reset');
    await town.client.must(confirmPasswordReset, { body: { token, password: 'not forgotten any more' } });
    assert.equal((await signIn(user.email, 'not forgotten any more')).status, 200);
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

describe('password hashes', () => {
  it('are few at once: who would wait too long is told to come again', async (t) => {
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
    const quickest = async (name: string): Promise<number> => {
      const times: number[] = [];
      for (let attempt = 0; attempt < 6; attempt += 1) {
        const begun = performance.now();
        await town.client.refused(401, login, { body: { login: name, password: 'wrong password' } });
        times.push(performance.now() - begun);
      }
      return Math.min(...times);
    };
    const ratio = (await quickest('nobody-has-this')) / (await quickest(user.username));
    assert.ok(ratio > 0.5 && ratio < 2, `the ratio of the times is ${ratio}`);
  });
});
