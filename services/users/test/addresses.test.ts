import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { changeUser, deleteUser, login, registerUser, verifyEmail } from '@souk/contracts';
import { type ManualClock, manualClock } from '@souk/kernel';
import { forgetEnded } from '../src/use-cases/forget-ended.ts';
import { aCustomer, aRegistration, askForReset, eventsOf, keepEvents, lastSecret, openTown, password, type Town } from './_support.ts';

const dayMs = 86_400_000;

/** What a mail server would take for more than one mailbox, for another one, or for a header. */
const badAddresses = [
  'x,victim@bank.example',
  'victim@bank.example,x@mail.example',
  'a@b.example;c@d.example',
  '"victim@bank.example"@mail.example',
  '"a b"@mail.example',
  'a"b@mail.example',
  '<victim@bank.example>',
  'Nora <nora@mail.example>',
  '@relay.example:victim@bank.example',
  'friends:a@b.example;',
  'a(comment)@b.example',
  'a@b@c.example',
  'a\\b@mail.example',
  'a@[127.0.0.1]',
  '.a@mail.example',
  'a.@mail.example',
  'a..b@mail.example',
  'a\u0007b@mail.example',
  'a\u0085b@mail.example',
  'a\u2028b@mail.example',
  'a\tb@mail.example',
  'jos\u00e9@mail.example',
  'jose\u0301@mail.example',
  'a%b@-mail.example',
  'a@mail-.example',
  'a@localhost',
  'a@1.2.3.4',
  `${'a'.repeat(65)}@mail.example`,
];

describe('an address', () => {
  let town: Town;
  before(async () => {
    town = await openTown();
    await keepEvents(town);
  });
  after(() => town.stop());

  for (const email of badAddresses) {
    it(`${JSON.stringify(email).slice(0, 50)} is refused at every place that takes one`, async () => {
      const problem = await town.client.refused(400, registerUser, { body: aRegistration({ email }) });
      assert.deepEqual([problem.code, problem.errors?.[0]?.pointer], ['validation_failed', '/email']);
      const { user, client } = await aCustomer(town);
      const body = { email, current_password: password };
      assert.equal((await client.refused(400, changeUser, { params: { user_id: user.id }, body })).errors?.[0]?.pointer, '/email');
    });
  }

  it('that looks like another is no second account', async () => {
    await aCustomer(town, { email: 'lookalike@mail.example' });
    for (const email of [
      'look\u200balike@mail.example',
      'look\u00adalike@mail.example',
      'lookalike@ma\u2060il.example',
      'LOOKALIKE@mail.example',
    ])
      assert.ok(
        [400, 409].includes((await town.client.call(registerUser, { body: aRegistration({ email }) })).status),
        JSON.stringify(email),
      );
  });

  it("of RFC 5322's signs is taken", async () => {
    for (const email of ["o'hara+shop@mail.example", '!#$%&*/=?^_`{|}~-@mail.example', 'a.b.c@a-b.c-d.example']) {
      assert.equal((await aCustomer(town, { email })).user.email, email);
    }
  });

  it('of an internationalised domain is taken, and both its spellings are one', async () => {
    const email = 'nora@b\u00fccher.example';
    const { user } = await aCustomer(town, { email });
    assert.equal(user.email, 'nora@xn--bcher-kva.example');
    for (const same of ['NORA@bu\u0308cher.example', 'nora@xn--bcher-kva.example', 'nora@B\u00dcCHER.EXAMPLE'])
      assert.equal((await town.client.refused(409, registerUser, { body: aRegistration({ email: same }) })).code, 'email_taken');
    for (const same of [email, 'nora@bu\u0308cher.example', 'nora@xn--bcher-kva.example'])
      await town.client.must(login, { body: { login: same, password } });
    assert.equal((await eventsOf(town, 'user.registered', user.id))[0]?.['email'], 'nora@xn--bcher-kva.example');
  });

  it('is found with spaces around it and in any spelling, as a user name is', async () => {
    const { user } = await aCustomer(town);
    for (const name of [
      ` ${user.username} `,
      `${user.username}\u200b`,
      `\t${user.email.toUpperCase()}\n`,
      user.username.replace('u', 'ｕ'),
    ])
      await town.client.must(login, { body: { login: name, password } });
  });

  it('says in events whether it was verified', async () => {
    const { user, client } = await aCustomer(town);
    assert.equal((await eventsOf(town, 'user.registered', user.id))[0]?.['email_verified'], false);
    await town.client.must(verifyEmail, { body: { token: await lastSecret(town, user.id, 'verify_email') } });
    await client.must(changeUser, { params: { user_id: user.id }, body: { email: `new-${user.email}`, current_password: password } });
    assert.deepEqual(
      (await eventsOf(town, 'user.updated', user.id)).map((event) => event['email_verified']),
      [true, false],
    );
  });
});

describe('messages', () => {
  let town: Town;
  let clock: ManualClock;
  before(async () => {
    clock = manualClock(Date.now());
    town = await openTown({ password_reset_ms: 1_000, verify_email_ms: 1_000 }, { clock });
    await keepEvents(town);
  });
  after(() => town.stop());

  const requested = async (purpose: string): Promise<number> => {
    const rows = await town.context.db.query<{ body: string }>(
      "select body from events_written where event_type = 'user.message_requested'",
    );
    return rows.filter(({ body }) => (JSON.parse(body) as { purpose: string }).purpose === purpose).length;
  };

  it('to one address are few within a day, whichever accounts ask for them and however they spell it', async () => {
    const { recipient_messages_max } = town.context.config;
    const before = await requested('verify_email');
    let opened = 0;
    for (const spelling of [
      'victim@bank.example',
      'VICTIM@bank.example',
      'Victim@BANK.example',
      'victim@Bank.Example',
      'vICTIM@bank.example',
      'victim@bank.Example',
    ]) {
      const { user, client } = await aCustomer(town);
      opened += 1;
      const params = { user_id: user.id };
      await client.must(changeUser, { params, body: { email: spelling, current_password: password } });
      await client.expect(204, deleteUser, { params, body: { current_password: password } });
    }
    assert.equal((await requested('verify_email')) - before, opened + recipient_messages_max);
    clock.advance(dayMs);
    const { user, client } = await aCustomer(town);
    await client.must(changeUser, { params: { user_id: user.id }, body: { email: 'victim@bank.example', current_password: password } });
    assert.equal((await requested('verify_email')) - before, opened + recipient_messages_max + 2);
  });

  it('because of one account are few within a day, to whatever addresses', async () => {
    const { user, client } = await aCustomer(town);
    const params = { user_id: user.id };
    for (let index = 0; index < 15; index += 1)
      await client.must(changeUser, { params, body: { email: `stranger-${index}@mail.example`, current_password: password } });
    assert.equal((await eventsOf(town, 'user.message_requested', user.id)).length, town.context.config.account_messages_max);
  });

  it('for a new password are few within a day, and go on while others have used up those that verify the address', async () => {
    const { user } = await aCustomer(town, { email: 'owner@mail.example' });
    for (let index = 0; index < 8; index += 1) {
      await askForReset(town, index % 2 ? 'OWNER@mail.example' : user.email);
      clock.advance(2_000);
    }
    const events = await eventsOf(town, 'user.message_requested', user.id);
    assert.equal(events.filter((event) => event['purpose'] === 'password_reset').length, town.context.config.recipient_messages_max);
  });

  it('are counted no longer than that, and without addresses', async () => {
    const { db } = town.context;
    assert.ok(!JSON.stringify(await db.query('select * from message_counts')).includes('@'));
    clock.advance(dayMs + 1);
    await forgetEnded(town.context);
    assert.deepEqual(await db.query('select * from message_counts'), []);
  });
});

describe('a password', () => {
  let town: Town;
  before(async () => {
    town = await openTown();
    await keepEvents(town);
  });
  after(() => town.stop());

  const weak = ['1234567890', 'password123', 'qwertyuiop', '0987654321', '1111111111', 'qwertyqwerty', '1234567890-'];
  for (const typed of weak) {
    it(`${typed} is refused`, async () => {
      const problem = await town.client.refused(400, registerUser, { body: aRegistration({ password: typed }) });
      assert.deepEqual([problem.code, problem.errors?.[0]?.pointer], ['password_weak', '/password']);
    });
  }

  it('that is the own name or address is refused wherever one is set', async () => {
    const { user, client } = await aCustomer(town, { username: 'wilhelmina', full_name: 'Wilhelmina Oosterhout' });
    const params = { user_id: user.id };
    for (const typed of ['wilhelmina', 'Wilhelmina1', 'oosterhout99', user.email, 'animlehliw']) {
      const body = { password: typed, current_password: password };
      assert.equal((await client.refused(400, changeUser, { params, body })).code, 'password_weak', typed);
    }
    const renamed = { username: 'bartholomeus', password: 'bartholomeus', current_password: password };
    assert.equal((await client.refused(400, changeUser, { params, body: renamed })).code, 'password_weak');
  });
});
